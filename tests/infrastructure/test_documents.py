"""The documents name only what exists, and what they say to type can be typed."""

import importlib.util
import json
import re
import shlex

import pytest
import yaml
from botocore import xform_name
from botocore.session import Session

from docs import tables
from tests.infrastructure.documents import (
    DOCUMENTS,
    FENCED,
    PRESENT,
    ROOT,
    TOOLS,
    anchors,
    code,
    links,
    name,
    options,
    typed,
    understood,
)
from tests.infrastructure.template import PARAMETERS, RESOURCES, TEMPLATE

MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
TARGETS = set(re.findall(r"^([a-z -]+):.*## ", MAKEFILE, re.MULTILINE)) | {
    target for line in re.findall(r"^(test-[a-z -]+): test-%", MAKEFILE, re.MULTILINE) for target in line.split()
}
VARIABLES = set(re.findall(r"^([A-Z_]+) \?=", MAKEFILE, re.MULTILINE))
ENDINGS = (".py", ".md", ".yaml", ".toml", ".svg")
IGNORED = {line.strip("/") for line in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()} | {".git"}
FOLDERS = {folder.name for folder in ROOT.iterdir() if folder.is_dir()} - IGNORED
AWS_OPTIONS = {"cli-binary-format", "output", "profile", "query", "region"}
"""Those that every command of AWS's own command line has."""


def test_every_link_leads_somewhere() -> None:
    """Files move, and headings are renamed."""
    broken = []
    for document in DOCUMENTS:
        for link in links(document):
            path, _, anchor = link.partition("#")
            target = (document.parent / path).resolve() if path else document
            if not target.exists() or (anchor and anchor not in anchors(target)):
                broken.append((name(document), link))
    assert broken == []


def test_every_file_that_is_named_exists() -> None:
    """A name is looked up from the top, in functions/ and its rooms, and beside the document."""
    missing = []
    for document in PRESENT:
        roots = (ROOT, ROOT / "functions", *(ROOT / "functions").iterdir(), document.parent)
        words = {word for span in code(document) for word in re.findall(r"(?<![\w./:-])(\.?[\w-]+/[\w./-]*)", span)}
        named = {word for word in words if word.partition("/")[0] in FOLDERS or word.endswith(ENDINGS)}
        missing += [(name(document), word) for word in named if not any((root / word).exists() for root in roots)]
    assert missing == []


def test_every_make_command_can_be_typed() -> None:
    """Each target has a line in the Makefile, and each variable a default."""
    unknown = []
    for document in PRESENT:
        for command in typed(document, "make"):
            target, *_ = [*(word for word in command.split() if word != "-s"), "help"]
            given = set(re.findall(r"(?:^| )([A-Z]+)=", re.sub(r"(['\"]).*?\1", "", command)))
            if target not in TARGETS or given - VARIABLES:
                unknown.append((name(document), command))
    assert unknown == []


def test_every_ops_command_can_be_typed() -> None:
    """An option that does not exist costs the minute that is missing."""
    refused = []
    for document in PRESENT:
        by_make = (re.fullmatch(r"ops ARGS=[\"']?(.*?)[\"']?", command) for command in typed(document, "make"))
        commands = [*typed(document, "ops"), *(found[1] for found in by_make if found)]
        refused += [(name(document), command) for command in set(commands) if not understood(shlex.split(command))]
    assert refused == []


def test_every_option_that_an_operator_reads_of_exists() -> None:
    """In prose an option stands without its command: one of those in the table of commands must have it."""
    operator, runbook = ROOT / "docs/operator.md", ROOT / "docs/runbook.md"
    commands = {
        re.sub(r" (?:[A-Z_]+|--).*", "", row)
        for row in re.findall(r"^\| `ops ([^`]+)` \|", operator.read_text("utf-8"), re.MULTILINE)
    }
    known = {option for command in commands for option in options(command)}
    assert commands
    assert {
        span for file in (operator, runbook) for span in code(file) if re.fullmatch(r"--[a-z-]+", span)
    } - known == set()


def test_every_python_module_that_is_run_exists() -> None:
    """`python -m` is followed by a module that can be found."""
    commands = [(name(each), command) for each in PRESENT for command in typed(each, "python -m")]
    commands += [(name(each), command) for each in PRESENT for command in typed(each, ".venv/bin/python -m")]
    assert commands
    assert [each for each in commands if importlib.util.find_spec(each[1].split()[0]) is None] == []


def test_every_test_that_is_named_exists() -> None:
    """A proof is a file that can be run, and a single test a function in it."""
    missing = []
    for document in PRESENT:
        for command in [*typed(document, "pytest"), *typed(document, ".venv/bin/pytest")]:
            for word in re.findall(r"tests/\S+", command):
                path, _, function = word.partition("::")
                if not (ROOT / path).exists() or (
                    function and f"def {function}(" not in (ROOT / path).read_text("utf-8")
                ):
                    missing.append((name(document), word))
    assert missing == []


def test_every_aws_command_can_be_typed() -> None:
    """The command line of AWS has an operation's name with hyphens, and its members as options."""
    session, unknown = Session(), []
    for document in PRESENT:
        for command in typed(document, "aws"):
            service, operation, *arguments = shlex.split(command)
            model = session.get_service_model(service)
            operations = {xform_name(each, "-"): each for each in model.operation_names}
            shape = model.operation_model(operations[operation]).input_shape if operation in operations else None
            members = {xform_name(member, "-") for member in (shape.members if shape else ())}
            options = {argument.removeprefix("--") for argument in arguments if argument.startswith("--")}
            if operation not in operations or options - members - AWS_OPTIONS:
                unknown.append((name(document), command))
    assert unknown == []


def test_the_generated_tables_are_current() -> None:
    """`make docs` writes them: a default or a price that changes changes here too."""
    texts = {name(document): document.read_text(encoding="utf-8") for document in DOCUMENTS}
    assert [each for each, text in texts.items() if tables.rendered(text) != text] == [], "run `make docs`"


def test_every_generated_table_stands_in_one_document() -> None:
    """What is said twice is soon said differently."""
    found = [table for document in DOCUMENTS for _, table, _ in tables.MARKED.findall(document.read_text("utf-8"))]
    assert sorted(found) == sorted(tables.TABLES)


def test_the_readme_can_be_read_in_five_minutes() -> None:
    """It is the way in; everything else has a document of its own."""
    assert len((ROOT / "README.md").read_text(encoding="utf-8").split()) <= 1_300


def test_the_readme_names_the_words_of_the_template() -> None:
    """They are what one answers to `make deploy`, and what goes into the journey."""
    known = {*PARAMETERS, *TEMPLATE["Outputs"], *RESOURCES, PARAMETERS["ProfileObjectTypeName"]["Default"]}
    named = {span for span in code(ROOT / "README.md") if re.fullmatch(r"(?:[A-Z]+[a-z]+){2,}", span)}
    assert "ProfileDomainName" in named
    assert named - known == set()


def test_the_map_names_every_folder() -> None:
    """A newcomer looks up what a folder is for."""
    rooms = {f"functions/{room.name}" for room in (ROOT / "functions").iterdir() if (room / "__init__.py").exists()}
    rows = re.findall(
        r"^\| ((?:`[^`]+`(?:, )?)+) \|", (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    told = {folder for row in rows for folder in re.findall(r"`([^`]+)`", row)}
    assert (FOLDERS - {"functions"} | rooms) - told == set()


def test_every_test_suite_is_in_the_table() -> None:
    """With what it is for, and what it costs."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    suites = {f"tests/{each.name}" for each in (ROOT / "tests").iterdir() if each.is_dir() and any(each.glob("*.py"))}
    assert {suite for suite in suites if f"`{suite}`" not in text} == set()


def test_json_in_a_document_is_json() -> None:
    """It is copied."""
    found = [
        block for each in DOCUMENTS for language, block in FENCED.findall(each.read_text("utf-8")) if language == "json"
    ]
    assert found
    assert all(json.loads(block) for block in found)


def test_the_licence_is_the_one_that_is_named() -> None:
    """The README, the project's metadata and the text itself must agree."""
    licence = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "Apache License" in licence
    assert "Version 2.0, January 2004" in licence
    assert 'license = "Apache-2.0"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")


def test_continuous_integration_runs_what_a_developer_runs() -> None:
    """One script, on the oldest host's Python and on Lambda's."""
    workflow = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text(encoding="utf-8"))
    [job] = workflow["jobs"].values()
    assert [step["run"] for step in job["steps"] if "run" in step] == ["bash .ci/run"]
    assert {"3.11", TEMPLATE["Globals"]["Function"]["Runtime"].removeprefix("python")} == set(
        job["strategy"]["matrix"]["python"]
    )


def test_the_hooks_before_a_commit_are_our_own_tools() -> None:
    """Nothing is fetched from elsewhere; what they call exists."""
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))["repos"]
    assert {repository["repo"] for repository in hooks} == {"local"}
    for hook in (hook for repository in hooks for hook in repository["hooks"]):
        tool, argument, *_ = f"{hook['entry']} -".split()
        assert argument in TARGETS if tool == "make" else (ROOT / tool).exists(), hook["entry"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_picture_can_be_read_in_both_schemes(scheme: str) -> None:
    """Text on each of its grounds has the contrast that WCAG 2 asks for, 4.5 to 1."""
    picture = (ROOT / "docs/architecture.svg").read_text(encoding="utf-8")
    light, dark = (
        dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", root)) for root in re.findall(r":root \{(.+?)\}", picture)
    )
    colours = light if scheme == "light" else dark
    grounds = [colours[ground] for ground in ("paper", "code", "store", "person", "stop")]
    assert light.keys() == dark.keys()
    assert min(_contrast(colours[ink], ground) for ink in ("ink", "soft") for ground in grounds) >= 4.5


def _contrast(one: str, other: str) -> float:
    dim, bright = sorted((_luminance(one), _luminance(other)))
    return (bright + 0.05) / (dim + 0.05)


def _luminance(colour: str) -> float:
    shares = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares]
    return sum(weight * share for weight, share in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def test_no_line_of_prose_is_hard_to_read_in_a_terminal() -> None:
    """The text is read there too; tables, links and what a command prints may be wider."""
    long = [
        (name(document), line)
        for document in PRESENT
        if document not in TOOLS
        for line in FENCED.sub("", document.read_text(encoding="utf-8")).splitlines()
        if len(line) > 120 and not line.lstrip().startswith("|") and "](" not in line
    ]
    assert long == []
