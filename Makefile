# Everything is set up by the targets themselves; by hand only Python >= 3.11 with pip, and make.
SHELL := /bin/sh
.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# sam and cfn-lint must neither report usage nor ask for a newer self
export SAM_CLI_TELEMETRY := 0
export SAM_CLI_CHECK_NEWER_VERSION := 0

PY_PATHS := functions local layer requirements tests
LINT_PATHS = $(wildcard $(PY_PATHS))

.PHONY: help venv lock lint format test

help: ## Show the targets
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

venv: $(VENV)/stamp ## Set up .venv from the pinned, hashed requirements

# uv installs in seconds what takes pip minutes, but it does not read pip's configuration: where only pip
# knows a way to the packages, pip installs them. All output on standard error: `make up` prints for eval.
$(VENV)/stamp: requirements/dev.txt requirements/uv.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' >&2 || { \
	  echo "make: '$(PYTHON)' is missing or older than Python 3.11; name a newer one: make PYTHON=python3.13 ..." >&2; exit 1; }
	@echo "Setting up $(VENV) (once)" >&2
	@$(PYTHON) -m venv --clear $(VENV) >&2
	@{ $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements/uv.txt \
	   && $(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --require-hashes -r requirements/dev.txt; } >&2 \
	 || { echo "uv could not install; pip does it (minutes)" >&2; \
	      $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile --no-deps --require-hashes -r requirements/dev.txt >&2; }
	@touch $@

lock: venv ## Pin the requirements anew from requirements/*.in
	$(BIN)/python requirements/lock.py

lint: venv ## ruff, mypy --strict, cfn-lint, sam validate
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy $(LINT_PATHS)

format: venv ## Let ruff rewrite what it can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

test: venv ## Every test, with full branch coverage of functions/
	$(BIN)/pytest --cov --cov-fail-under=100
