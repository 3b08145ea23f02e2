"""The documents name only what exists, and tell the template's and the code's own words."""

import re
from pathlib import Path

import pytest

from engagement.reasons import Reason
from engagement.telemetry import Metric
from tests.infrastructure.template import PARAMETERS, TEMPLATE, properties
from tests.infrastructure.view import alarms, widgets

ROOT = Path(__file__).parents[2]
DOCUMENTS = ("README.md", "CONTRIBUTING.md", "docs/decisions.md", "docs/first-hour.md")
README = (ROOT / "README.md").read_text(encoding="utf-8")
TARGETS = set(re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_make_target_that_is_named_exists(name: str) -> None:
    """A reader types what they read."""
    named = set(re.findall(r"\bmake (?:-s )?([a-z-]+)", code(ROOT / name)))
    assert named <= TARGETS


def code(document: Path) -> str:
    """Return what a document sets as code, in blocks and in lines."""
    return "\n".join(re.findall(r"```.*?```|`[^`\n]+`", document.read_text(encoding="utf-8"), re.DOTALL))


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_file_that_is_named_exists(name: str) -> None:
    """A dead link tells a reader that nobody looks after the page."""
    document = ROOT / name
    text = document.read_text(encoding="utf-8")
    links = {document.parent / link for link in re.findall(r"\]\((?!https?:)([^)#]+)\)", text)}
    folders = "functions|layer|local|examples|tests|docs|requirements|engagement|ingest"
    files = set(re.findall(rf"`((?:{folders})/[\w./-]*|\.ci/run)`", text))
    missing = [str(link) for link in links if not link.exists()]
    missing += [file for file in files if not ((ROOT / file).exists() or (ROOT / "functions" / file).exists())]
    assert missing == []


def test_the_parameters_are_those_of_the_template() -> None:
    """An operator answers `make deploy` with this table beside them."""
    rows = re.findall(r"^\| `(\w+)` \| (.+?) \|", section("Deploy to AWS"), re.MULTILINE)
    words = {"(empty)": "", "(none)": None}
    told = {name: words.get(default, default.strip("`")) for name, default in rows}
    defaults = {name: parameter.get("Default") for name, parameter in PARAMETERS.items()}
    assert told == {name: None if default is None else str(default) for name, default in defaults.items()}
    assert len(rows) == len(told), "a parameter stands in one table"


def test_what_everybody_sets_comes_first() -> None:
    """Thirty parameters are a wall: five stand before it, and the one without a default at their head."""
    first = section("Deploy to AWS").partition("The others can wait")[0]
    names = re.findall(r"^\| `(\w+)` \|", first, re.MULTILINE)
    assert len(names) == 5
    assert names[0] == "ProfileDomainName"


def test_the_tables_are_grouped_as_the_console_groups_them() -> None:
    """Whoever deploys by the console finds each parameter in the same company."""
    order = re.findall(r"^\| `(\w+)` \|", section("Deploy to AWS").partition("The others can wait")[2], re.MULTILINE)
    groups = TEMPLATE["Metadata"]["AWS::CloudFormation::Interface"]["ParameterGroups"]
    for group in groups:
        places = [order.index(name) for name in group["Parameters"] if name in order]
        assert max(places) - min(places) == len(places) - 1, group["Label"]


def test_every_reason_and_metric_is_explained() -> None:
    """An operator searches the page for the word that they see."""
    operating = section("Run it")
    assert [str(word) for word in (*Reason, *Metric) if f"`{word}`" not in operating] == []


def test_the_outputs_that_are_named_exist() -> None:
    """They are what goes into the journey."""
    named = set(re.findall(r"`(\w+(?:FunctionArn|QueueUrl))`", README))
    assert named
    assert named <= set(TEMPLATE["Outputs"])


def test_the_sum_of_the_costs_is_the_sum_of_its_rows() -> None:
    """A figure that does not add up makes all of them doubtful."""
    rows = re.findall(r"^\| (.+?) \| .*?\| \**([0-9.]+)\** \|$", section("Limits and costs"), re.MULTILINE)
    costs = {name: float(cost) for name, cost in rows}
    total = costs.pop("**Sum**")
    assert total == pytest.approx(sum(costs.values()), abs=0.005)


def test_the_costs_reckon_with_the_memory_that_the_functions_have() -> None:
    """Compute is priced by it."""
    default = TEMPLATE["Globals"]["Function"]["MemorySize"]
    for row, function in (("Ingest compute", "ViewedOfferFunction"), ("Writer compute", "WriterFunction")):
        gigabytes = properties(function).get("MemorySize", default) / 1024
        assert re.search(rf"\| {row} \|.* x {gigabytes:g} GB x ", README), row


def test_the_dashboard_reckons_with_the_prices_of_the_page() -> None:
    """Two sums that differ are both doubted."""
    [widget] = [widget for widget in widgets("metric") if widget["title"].startswith("Cost")]
    expressions = [row[0]["expression"] for row in widget["metrics"] if isinstance(row[0], dict)]
    prices = {price for text in expressions for price in re.findall(r"\b0\.\d+\b", text)} - {"0.5"}  # its gigabytes
    assert prices == {"0.20", "0.0000133334", "0.40", "0.10", "0.50"}
    costs = section("Limits and costs")
    assert [price for price in prices if f"x {price}" not in costs] == []


def test_the_dashboard_reckons_with_the_memory_that_the_functions_have() -> None:
    """Compute is priced by it."""
    [compute] = re.findall(r"d1 \* ([\d.]+) \+ d2 \* ([\d.]+) \+ d3 \* ([\d.]+)", str(widgets("metric")))
    default = TEMPLATE["Globals"]["Function"]["MemorySize"]
    functions = ("ViewedOfferFunction", "NotViewedOfferFunction", "WriterFunction")
    assert [float(each) for each in compute] == [
        properties(function).get("MemorySize", default) / 1024 for function in functions
    ]


def test_the_decisions_are_numbered_in_their_order() -> None:
    """A reference by number must name one entry; two branches that each add the next number make two of it."""
    decided = (ROOT / "docs/decisions.md").read_text(encoding="utf-8").partition("\n## Not known")[0]
    entries = re.findall(r"(?<=\n\n)\*\*(?:(\d+)\. )?", decided)
    assert entries == [str(number) for number in range(1, len(entries) + 1)]


def test_every_alarm_is_told() -> None:
    """Who reads of an alarm looks for its name."""
    told = section("Run it")
    assert [name for name in alarms() if not name.startswith("NotViewed") and f"`{name}`" not in told] == []


def section(title: str) -> str:
    """Return the README's text under a heading."""
    return README.split(f"\n## {title}\n")[1].split("\n## ")[0]


def test_the_licence_is_the_one_that_is_named() -> None:
    """The README, the project's metadata and the text itself must agree."""
    licence = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "Apache License" in licence
    assert "Version 2.0, January 2004" in licence
    assert 'license = "Apache-2.0"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")


def test_no_line_of_a_document_is_hard_to_read_in_a_terminal() -> None:
    """The picture and the text are read there too; tables and links may be wider."""
    long = [
        f"{name}:{number}"
        for name in DOCUMENTS
        for number, line in enumerate((ROOT / name).read_text(encoding="utf-8").splitlines(), start=1)
        if len(line) > 120 and not line.lstrip().startswith("|") and "](" not in line
    ]
    assert long == []
