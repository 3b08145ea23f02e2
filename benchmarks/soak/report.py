"""The soak's result, for a person: throughput first, then every id, then the verdict."""

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from benchmarks.command import verdict
from benchmarks.soak.catalogue import NONE
from benchmarks.soak.result import Result, Row


def show(console: Console, result: Result) -> int:
    """Print the tables; return the exit code: 0 if every customer is where they should be."""
    console.print(_throughput(result))
    console.print(_causes(result))
    console.print(_reasons(result))
    console.print(_places(result))
    _totals(console, result)
    return verdict(console, result.failures, "Nothing lost, nothing wrong: every customer is accounted for by id.")


def _throughput(result: Result) -> Table:
    table = Table(box=box.SIMPLE_HEAD, title="Throughput: records a second, from the first event to rest")
    for heading in ("faults", "injected"):
        table.add_column(heading, overflow="fold")
    for heading in ("records", "seconds", "a second", "ratio", "calls", "retried", "returned", "failed invocations"):
        table.add_column(heading, justify="right")
    plain = next((_rate(row) for row in result.rows if row.name == NONE), None)
    for row in result.rows:
        counts = row.writer
        retried = max(0, row.calls - (counts.written - counts.duplicates))
        table.add_row(
            row.name,
            ", ".join(f"{count} {what}" for what, count in row.injected.items()) or "nothing",
            str(row.traffic.customers),
            f"{row.seconds:.1f}",
            f"{_rate(row):.0f}",
            f"{_rate(row) / plain:.2f}" if plain else "",
            str(row.calls),
            str(retried),
            str(counts.returned),
            f"{row.caller.failures.total()} of {row.caller.invocations}",
        )
    return table


def _places(result: Result) -> Table:
    table = Table(box=box.SIMPLE_HEAD, title="Verification: every customer by id")
    table.add_column("faults")
    for heading in ("accepted", "written", "parked", "missing", "wrong", "received", "written again", "hidden"):
        table.add_column(heading, justify="right")
    table.add_column("verdict")
    for row in result.rows:
        account = result.accounts[row.name]
        verdict = Text("lost", "red") if account.missing else Text("wrong", "red") if account.wrong else Text("ok")
        table.add_row(
            row.name,
            str(account.accepted),
            str(account.written),
            str(account.parked.total() - len(row.traffic.poison)),
            str(len(account.missing)),
            str(len(account.wrong)),
            str(row.writer.received),
            str(row.replaced),
            str(row.left),
            verdict,
        )
    return table


def _reasons(result: Result) -> Table:
    table = Table(box=box.SIMPLE_HEAD, title="Parked as; each profile's foreign messages included")
    table.add_column("faults")
    reasons = sorted({reason for account in result.accounts.values() for reason in account.parked})
    for reason in reasons:
        table.add_column(reason.replace("_", " "), justify="right")
    for row in result.rows:
        parked = result.accounts[row.name].parked
        table.add_row(row.name, *(str(parked[reason]) for reason in reasons))
    return table


def _causes(result: Result) -> Table:
    table = Table(box=box.SIMPLE_HEAD, title="Returned to the queue because of")
    table.add_column("faults")
    table.add_column("messages, by the writer's own log", overflow="fold")
    for row in result.rows:
        if causes := row.writer.causes.most_common():
            table.add_row(row.name, ", ".join(f"{count} {cause}" for cause, count in causes))
    return table


def _totals(console: Console, result: Result) -> None:
    accounts = result.accounts.values()
    accepted, written = sum(account.accepted for account in accounts), sum(account.written for account in accounts)
    foreign = sum(len(row.traffic.poison) for row in result.rows)
    parked = sum(account.parked.total() for account in accounts) - foreign
    missing = len(result.missing)
    console.print(
        f"{accepted} customers accepted = {written} written + {parked} parked + {result.queued} still queued"
        f"; {missing} missing. {foreign} foreign messages, parked too."
    )
    seconds = sum(row.seconds for row in result.rows)
    console.print(
        f"{seconds:.0f} s under way, {result.rest_seconds:.0f} s until rest, {result.verify_seconds:.1f} s to verify"
    )


def _rate(row: Row) -> float:
    return row.traffic.customers / row.seconds if row.seconds else 0.0
