# Everything is set up by the targets themselves; by hand only Python >= 3.11 with pip, and make.
SHELL := /bin/sh
.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# checkov and pip-audit bring a hundred packages of their own
AUDIT := .local/audit
# mutmut asks for another click than sam
MUTATE := .local/mutate
# sam and cfn-lint must neither report usage nor ask for a newer self
export SAM_CLI_TELEMETRY := 0
export SAM_CLI_CHECK_NEWER_VERSION := 0

# Bytecode is written even where the shell forbids it: sam would compile itself anew at every start.
unexport PYTHONDONTWRITEBYTECODE

# where `make up` keeps its state and logs
STACK_DIR ?= .local/stack
# for `make demo`: a file or folder of your own events, or which journey's sample to run; and, for events of which
# neither file nor folder says it, whether their customers viewed the offer
EVENTS ?=
SOURCE ?=
VIEWED ?=

# for `make ops`: what is typed after `ops`
ARGS ?= --help

# for `make first-hour`: YES=1 asks what only writing answers; a domain, where nothing is deployed; a stack's name
YES ?=
DOMAIN ?=
STACK ?=

# for `make deploy-ci`: the stack's name, too, and parameters as NAME=value, separated by spaces
PARAMETERS ?=
# what `make deploy` was answered
ANSWERS ?= samconfig.local.toml

# for `make test`: groups of tests that run at once, more than there are cores: much of a run is waiting for a stack
WORKERS ?= 4
# 1 allows the tests that look at pages to be skipped
SKIP_BROWSER_TESTS ?=
export SKIP_BROWSER_TESTS

# for `make soak`: how many customers, and which fault profiles (all, unless named)
RECORDS ?=
FAULTS ?=
# for `make mutate`: which areas (all, unless named), and a pattern of functions in them
AREA ?=
ONLY ?=
# for `make fuzz`: how many cases, and which
COUNT ?=
SEED ?=

LINT_PATHS = benchmarks docs emulator examples functions layer local ops requirements tests

.PHONY: help venv lock lint format docs test test-unit test-contract test-infrastructure test-integration \
	demo up down dashboard browser ops first-hour soak redrive-soak rate-budget least-privilege fuzz mutate audit audit-template audit-dependencies \
	build deploy deploy-ci clean

help: ## Show the targets
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {gsub(/\$$\$$/, "$$"); printf "  %-20s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: venv ## Run a journey through the whole pipeline (EVENTS=path VIEWED=true|false, or SOURCE=pinpoint|connect)
	@exec $(BIN)/python -m local demo --directory "$(STACK_DIR)" $(if $(EVENTS),--events "$(EVENTS)") \
	  $(if $(SOURCE),--source "$(SOURCE)") $(if $(VIEWED),--viewed "$(VIEWED)")

up: venv ## Start the pipeline and leave it running: eval "$$(make -s up)"
	@$(BIN)/python -m local up --directory "$(STACK_DIR)"

browser: venv ## See to it that there is a Chromium for the tests that look at pages (SKIP_BROWSER_TESTS=1: go without)
	@$(BIN)/python -m tests.browser.fetch

down: venv ## End what `make up` started
	@$(BIN)/python -m local down --directory "$(STACK_DIR)"

dashboard: venv ## Render the dashboard of what `make up` started into one HTML page, and print its path
	@$(BIN)/python -m local dashboard --directory "$(STACK_DIR)"

ops: venv ## Operate a deployed stack, or after eval "$$(make -s up)" the local one (ARGS="status", ARGS="--help")
	@exec $(BIN)/python -m ops $(ARGS)

first-hour: venv ## What no document answers, asked of the account that the shell points to (YES=1 writes, DOMAIN=name)
	@exec $(BIN)/python -m ops first-hour $(if $(filter 1,$(YES)),--yes) $(if $(DOMAIN),--domain "$(DOMAIN)") \
	  $(if $(STACK),--stack "$(STACK)")

soak: venv ## The pipeline under every fault, then every record looked for by id (RECORDS=20000 FAULTS=name,...)
	@exec $(BIN)/python -m benchmarks.soak $(if $(RECORDS),--records "$(RECORDS)") $(if $(FAULTS),--faults "$(FAULTS)")

redrive-soak: venv ## Redrives with every answer spoilt, killed after each step, two at once (RECORDS=12 FAULTS=words,...)
	@exec env PYTHONPATH=functions $(BIN)/python -m benchmarks.redrive_soak $(if $(RECORDS),--records "$(RECORDS)") \
	  $(if $(FAULTS),--faults "$(FAULTS)")

rate-budget: venv ## Writes a second of 2, 5 and 10 writers against the quota, in real time
	PYTHONPATH=functions $(BIN)/python -m benchmarks.rate_budget

least-privilege: venv ## Take every part out of the roles' policies in turn; what it is there for, and no more, must fail
	@exec env PYTHONPATH=functions $(BIN)/python -m benchmarks.least_privilege

fuzz: venv ## Thousands of mutated events, messages and requests through the functions (COUNT=10000 SEED=1)
	@PYTHONPATH=functions $(BIN)/python -m tests.fuzz $(if $(COUNT),--count "$(COUNT)") $(if $(SEED),--seed "$(SEED)")

mutate: $(MUTATE)/stamp ## Single-line faults in what delivers and deletes; a unit test must notice (AREA="writer dlq" ONLY=pattern)
	@$(MUTATE)/bin/python -m tests.mutation $(AREA) $(if $(ONLY),--only "$(ONLY)")

$(MUTATE)/stamp: requirements/mutate.txt $(VENV)/stamp
	@echo "Setting up $(MUTATE) (once)" >&2
	@test -x $(MUTATE)/bin/python || $(PYTHON) -m venv $(MUTATE)
	@$(BIN)/uv pip install --quiet --python $(MUTATE)/bin/python --no-deps --require-hashes -r requirements/mutate.txt \
	 || $(MUTATE)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements/mutate.txt
	@touch $@

audit: audit-template audit-dependencies ## Both of them

audit-template: $(AUDIT)/stamp ## checkov on the template; exemptions with their reasons are in .checkov.yaml
	@$(AUDIT)/bin/checkov --config-file .checkov.yaml

# strict: a package that could not be looked up is a failure, not a pass
audit-dependencies: $(AUDIT)/stamp ## Known vulnerabilities of what is deployed; asks PyPI's vulnerability service
	@$(AUDIT)/bin/pip-audit --strict --require-hashes --disable-pip --progress-spinner off -r requirements/layer.txt

$(AUDIT)/stamp: requirements/audit.txt $(VENV)/stamp
	@echo "Setting up $(AUDIT) (once)" >&2
	@test -x $(AUDIT)/bin/python || $(PYTHON) -m venv $(AUDIT)
	@$(BIN)/uv pip install --quiet --python $(AUDIT)/bin/python --no-deps --require-hashes -r requirements/audit.txt \
	 || $(AUDIT)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements/audit.txt
	@touch $@

lint: venv ## ruff, mypy --strict, cfn-lint, sam validate
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy $(wildcard $(LINT_PATHS))
	$(BIN)/cfn-lint template.yaml
	$(BIN)/sam validate --lint

format: venv ## Let ruff rewrite what it can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: venv ## Write the documents' tables anew from the template and the code
	@PYTHONPATH=functions $(BIN)/python -m docs.tables

test: venv browser ## Every test, with full branch coverage of functions/ and ops/ (WORKERS=4 at once)
	$(BIN)/pytest --numprocesses "$(WORKERS)" --dist loadgroup --no-loadscope-reorder --cov --cov-fail-under=100

# make test-unit, test-contract, test-infrastructure, test-integration: one kind of test
test-unit test-contract test-infrastructure test-integration: test-%: venv
	$(BIN)/pytest tests/$*

build: venv ## Build for AWS (sam build)
	LAYER_PYTHON="$(CURDIR)/$(BIN)/python" $(BIN)/sam build

# functions/ is shipped as it is: without the bytecode that tests left in it
deploy: build ## Deploy to an AWS account, asking for what it needs
	@find functions -name __pycache__ -prune -exec rm -rf {} +
	@test -f samconfig.local.toml || cp samconfig.toml samconfig.local.toml
	$(BIN)/sam deploy --guided --config-file "$(CURDIR)/samconfig.local.toml"

# what is not given keeps the value that the stack has; for a new stack CloudFormation refuses what is missing, by name
deploy-ci: venv ## Deploy without questions: from samconfig.local.toml, or with STACK= and PARAMETERS="Name=value ..."
	@test -f "$(ANSWERS)" -o -n "$(PARAMETERS)" || { \
	  echo "make: nothing says what to deploy: run \`make deploy\` once, which keeps your answers in $(ANSWERS), or give" \
	    "them: make deploy-ci PARAMETERS=\"ProfileDomainName=amazon-connect-...\"" >&2; exit 1; }
	@$(MAKE) --no-print-directory build
	@find functions -name __pycache__ -prune -exec rm -rf {} +
	$(BIN)/sam deploy --config-file "$(abspath $(if $(wildcard $(ANSWERS)),$(ANSWERS),samconfig.toml))" \
	  --no-confirm-changeset --no-fail-on-empty-changeset $(if $(STACK),--stack-name "$(STACK)") \
	  $(if $(PARAMETERS),--parameter-overrides $(PARAMETERS))

venv: $(VENV)/stamp ## Set up .venv from the pinned, hashed requirements

# uv installs in three seconds what takes pip a minute, but it does not read pip's configuration: where only pip
# knows a way to the packages, pip installs them. All output on standard error: `make up` prints for eval.
$(VENV)/stamp: requirements/dev.txt requirements/uv.txt emulator/pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' >&2 || { \
	  echo "make: '$(PYTHON)' is missing or older than Python 3.11; name a newer one: make PYTHON=python3.13 ..." >&2; exit 1; }
	@echo "Setting up $(VENV) (once)" >&2
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) >&2
	@{ $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements/uv.txt \
	   && $(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --require-hashes -r requirements/dev.txt; } >&2 \
	 || { echo "uv could not install; pip does it (a minute or more)" >&2; \
	      $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile --no-deps --require-hashes -r requirements/dev.txt >&2; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable emulator >&2
	@touch $@

lock: venv ## Pin the requirements anew from requirements/*.in
	$(BIN)/python requirements/lock.py

clean: ## End what runs, and remove all that was made
	@test ! -x $(BIN)/python || $(BIN)/python -m local down --directory "$(STACK_DIR)"
	rm -rf $(VENV) .local .aws-sam
