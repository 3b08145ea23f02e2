"""Writes the tables that repeat the code into the documents, between markers: `make docs`.

A document holds `<!-- table: NAME -->` and `<!-- end of table -->`; what is between them is replaced.
"""

import ast
import inspect
import re
import sys
from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml

from engagement.reasons import Reason
from engagement.telemetry import Metric
from ops import exits
from ops.plan import cost
from ops.plan.campaign import Campaign, Settings
from ops.plan.estimate import estimate

DOCS = Path(__file__).parent
ROOT = DOCS.parent
DOCUMENTS = [*sorted(ROOT.glob("*.md")), *sorted(DOCS.rglob("*.md"))]
MARKED = re.compile(r"(<!-- table: (\w+) -->\n).*?(<!-- end of table -->)", re.DOTALL)
SAMPLE = Campaign(1_000_000)
QUOTA = 100
"""Writes a second of an account whose quota nobody has raised."""


class _Loader(yaml.SafeLoader):
    """Reads the template; of `!Sub` and the like only what they are applied to."""


def _applied_to(loader: yaml.SafeLoader, _tag: str, node: yaml.Node) -> object:
    match node:
        case yaml.MappingNode():
            return loader.construct_mapping(node, deep=True)
        case yaml.SequenceNode():
            return loader.construct_sequence(node, deep=True)
        case _:
            return node.value


_Loader.add_multi_constructor("!", _applied_to)


def parameters() -> str:
    """Every parameter, in the groups in which CloudFormation's console shows them."""
    template = _template()
    groups = template["Metadata"]["AWS::CloudFormation::Interface"]["ParameterGroups"]
    parts = []
    for group in groups:
        rows = [
            (f"`{name}`", _default(parameter), _allowed(parameter), parameter["Description"])
            for name, parameter in ((name, template["Parameters"][name]) for name in group["Parameters"])
        ]
        parts.append(
            f"**{group['Label']['default']}**\n\n" + _table(("Parameter", "Default", "Allowed", "Meaning"), rows)
        )
    return "\n\n".join(parts)


def _template() -> Any:  # noqa: ANN401 - YAML
    return yaml.load((ROOT / "template.yaml").read_text(encoding="utf-8"), _Loader)  # noqa: S506 - a SafeLoader


def _default(parameter: Mapping[str, Any]) -> str:
    match parameter.get("Default"):
        case None:
            return "(must be given)"
        case "":
            return "(empty)"
        case default:
            return f"`{default}`"


def _allowed(parameter: Mapping[str, Any]) -> str:
    if values := parameter.get("AllowedValues"):
        return ", ".join(f"`{value}`" for value in values)
    return str(parameter["ConstraintDescription"]).removeprefix("must be ").removesuffix(".")


def metrics() -> str:
    """Every metric of the functions, in the words of its docstring."""
    rows = [(f"`{metric}`", metric.unit.value.lower(), explained(metric)) for metric in Metric]
    return _table(("Metric", "Unit", "Meaning"), rows)


def reasons() -> str:
    """Every reason for parking, in the words of its docstring, and where to read what to do."""
    rows = [(f"[`{reason}`](runbook.md#{reason})", explained(reason)) for reason in Reason]
    return _table(("Reason", "Meaning"), rows)


def explained(member: StrEnum) -> str:
    """Return the docstring below a member of an enumeration: Python keeps none of them."""
    [body] = (node.body for node in ast.parse(inspect.getsource(type(member))).body if isinstance(node, ast.ClassDef))
    for assigned, following in pairwise(body):
        match assigned, following:
            case (
                ast.Assign(targets=[ast.Name(id=member.name)]),
                ast.Expr(value=ast.Constant(value=str() as text)),
            ):
                return " ".join(inspect.cleandoc(text).replace("``", "`").split())
    message = f"{member!r} has no docstring: put one below it"
    raise LookupError(message)


def alarms() -> str:
    """Every alarm of the template, in the words of its description."""
    rows = []
    for name, resource in _template()["Resources"].items():
        if resource["Type"] in {"AWS::CloudWatch::Alarm", "AWS::CloudWatch::CompositeAlarm"}:
            description = resource["Properties"]["AlarmDescription"].partition(" docs/runbook.md,")[0]
            fires, _, first = description.partition(" First: ")
            rows.append((f"[`{name}`](runbook.md#{name.lower()})", fires, _sentence(first)))
    return _table(("Alarm", "Fires when", "First"), rows)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def exit_codes() -> str:
    """Every exit code of `ops`."""
    return _table(("Code", "Meaning"), [(str(code.value), meaning) for code, meaning in exits.MEANINGS.items()])


def costs() -> str:
    """What `ops plan` computes for a million customers at the account's quota, as arithmetic.

    Raises:
        ArithmeticError: The arithmetic here and that of `ops plan` differ.
    """
    settings = Settings(writes_per_second=QUOTA)
    computed = cost.costs(SAMPLE, settings, estimate(SAMPLE, settings))
    shown = _arithmetic(SAMPLE.records, settings)
    rows = []
    for name, dollars in computed.items():
        words, product = shown[name]
        if round(product, 2) != round(dollars, 2):
            message = f"{name}: {words} is {product:.4f}, and ops plan computes {dollars:.4f}"
            raise ArithmeticError(message)
        rows.append((_sentence(name), words, f"{dollars:.2f}" if dollars >= 0.01 else f"{dollars:.3f}"))  # noqa: PLR2004 - a cent
    rows.append(("**Sum**", "", f"**{sum(computed.values()):.2f}**"))
    return _table(("What", "Arithmetic", "US$"), rows)


def _arithmetic(records: int, settings: Settings) -> Mapping[str, tuple[str, float]]:
    invocations = records // cost.CUSTOMERS_A_CALL
    batches = records // settings.batch_size
    seconds = records // QUOTA
    requests = 3 * records // cost.MESSAGES_A_REQUEST
    ingested, written = cost.INGEST_LOG, cost.BATCH_LOG + settings.batch_size * cost.RECORD_LOG
    logged = (invocations * ingested + batches * written) / 1e9
    traces = seconds + cost.TRACED * (invocations + batches - seconds)
    request, second = cost.LAMBDA_REQUEST, cost.LAMBDA_GB_SECOND
    called = f"{invocations:,} x {request * 1e6:.2f} a million"
    gb_second = f"{second:.10f} a GB-second"
    lines = f"{invocations:,} x {ingested / 1e3:.1f} KB of ingest + {batches:,} x {written / 1e3:.0f} KB of the writer"
    busy = f"{seconds:,} s at {QUOTA} writes a second x {settings.writers} writers x {cost.WRITER_GB:g} GB"
    return {
        "ingest requests": (f"{records:,} / {cost.CUSTOMERS_A_CALL} = {called}", invocations * request),
        "ingest compute": (
            f"{invocations:,} x {cost.INGEST_SECONDS:g} s (assumed) x {cost.INGEST_GB:g} GB x {gb_second} (arm64)",
            invocations * cost.INGEST_SECONDS * cost.INGEST_GB * second,
        ),
        "SQS requests": (
            f"{requests:,} (send, receive, delete, ten messages each) x {cost.SQS_REQUEST * 1e6:.2f} a million",
            requests * cost.SQS_REQUEST,
        ),
        "SQS fair queue": (
            f"at most {requests:,} x {cost.FAIR_QUEUE_REQUEST * 1e6:.2f} a million",
            requests * cost.FAIR_QUEUE_REQUEST,
        ),
        "writer requests": (
            f"{records:,} / {settings.batch_size} = {batches:,} x {request * 1e6:.2f} a million",
            batches * request,
        ),
        "writer compute": (f"{busy} x {gb_second}", seconds * settings.writers * cost.WRITER_GB * second),
        "logs": (
            f"{lines} (measured here) = {logged * 1e3:.0f} MB x {cost.LOGS_GB:.2f} a GB",
            logged * cost.LOGS_GB,
        ),
        "traces": (
            f"about {traces:,.0f} (one a second and {cost.TRACED:.0%} of the rest) x {cost.TRACE * 1e6:.2f} a million",
            traces * cost.TRACE,
        ),
    }


def decisions() -> str:
    """Every decision: number, title, date and status, under the areas of the records."""
    areas: dict[str, list[tuple[str, str, str]]] = {}
    for path in sorted((DOCS / "decisions").glob("[0-9]*.md")):
        text = path.read_text(encoding="utf-8")
        title = text.partition("\n")[0].removeprefix("# ")
        date, status, area = (re.search(rf"^- {word}: (.+)$", text, re.MULTILINE) for word in _HEAD)
        if not (date and status and area):
            message = f"{path.name} lacks one of the lines {', '.join(_HEAD)}"
            raise LookupError(message)
        areas.setdefault(area[1], []).append((f"[{title}]({path.name})", date[1], status[1]))
    return "\n\n".join(f"**{area}**\n\n" + _table(("Decision", "Date", "Status"), rows) for area, rows in areas.items())


_HEAD = ("Date", "Status", "Area")


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join(f"| {' | '.join(_cell(cell) for cell in line)} |" for line in lines)


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())


TABLES: Mapping[str, Callable[[], str]] = {
    each.__name__: each for each in (parameters, metrics, reasons, alarms, exit_codes, costs, decisions)
}


def rendered(text: str) -> str:
    """Return a document with its tables as they should be.

    Raises:
        KeyError: A marker names a table that does not exist.
    """
    return MARKED.sub(lambda found: f"{found[1]}\n{TABLES[found[2]]()}\n\n{found[3]}", text)


def main() -> int:
    """Write every document whose tables are stale, and name it."""
    for path in DOCUMENTS:
        text = path.read_text(encoding="utf-8")
        if (current := rendered(text)) != text:
            path.write_text(current, encoding="utf-8")
            sys.stdout.write(f"{path.relative_to(ROOT)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
