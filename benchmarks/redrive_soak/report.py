"""The soak's result, for a person: every trial with where its customers are, then the verdict."""

from collections.abc import Sequence

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from benchmarks.command import verdict
from benchmarks.redrive_soak.run import Row


def show(console: Console, rows: Sequence[Row]) -> int:
    """Print the table; return the exit code: 0 if every customer is where they should be."""
    console.print(_table(rows))
    customers, written = sum(len(row.users) for row in rows), sum(len(row.places.objects) for row in rows)
    missing = sum(len(row.missing) for row in rows)
    console.print(f"{customers} customers parked, {written} written in the end, {missing} missing")
    failures = [failure for row in rows for failure in row.failures]
    return verdict(console, failures, "Nothing lost, nothing doubled: every customer was found by id.")


def _table(rows: Sequence[Row]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, title="Redrives: every customer by id")
    table.add_column("fault")
    for heading in ("injected", "parked", "left by the first run", "exit codes", "written", "missing", "doubled", "s"):
        table.add_column(heading, justify="right")
    table.add_column("verdict")
    for row in rows:
        table.add_row(
            row.name,
            str(row.injected),
            str(len(row.users)),
            str(row.left),
            ", ".join(map(str, row.ended)),
            str(len(row.places.objects)),
            str(len(row.missing)),
            str(len(row.doubled)),
            f"{row.seconds:.0f}",
            Text("lost", "red") if row.missing else Text("wrong", "red") if row.failures else Text("ok"),
        )
    return table
