"""The result, for a person: what an agent would see, and the account. Plain lines where the output is a pipe."""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from local.demo.account import SHOWN, Account
from local.demo.profiles import Offer, Profile
from local.demo.writer_log import WriterCounts
from ops.text import count as counted
from ops.text import printable

ROWS = 25
"""Rows of the table; a sample is for reading."""


def show_profiles(console: Console, profiles: Sequence[Profile]) -> None:
    """Print what an agent sees of some customers, and how many more there are."""
    if not profiles:
        console.print("No profile has an offer of these events.")
        return
    table = Table(
        box=box.SIMPLE_HEAD, title="What an agent now sees in Customer Profiles", show_edge=False, pad_edge=False
    )
    table.add_column("Customer", overflow="fold", min_width=13)
    table.add_column("Offer", overflow="fold")
    table.add_column("Viewed", no_wrap=True)
    table.add_column("When (UTC)", min_width=10, max_width=16)
    table.add_column("By", overflow="fold", min_width=len("campaign"))
    rows = list(_rows(profiles))
    for row in rows[:ROWS]:
        table.add_row(*row)
    console.print(table)
    if len(rows) > ROWS:
        console.print(
            f"... and {counted(len(rows) - ROWS, 'more offer')}; {len(rows)} on {len(profiles)} profiles in all"
        )


def _rows(profiles: Sequence[Profile]) -> Iterator[tuple[Text, ...]]:
    for profile in profiles:
        name = profile.customer
        for offer in profile.offers:
            said = (name, offer.name, when(offer.when), offer.journey)
            customer, shown, at, journey = (Text(printable(one)) for one in said)
            yield customer, shown, _viewed(offer), at, journey
            name = ""


def _viewed(offer: Offer) -> Text:
    return Text("yes", style="green") if offer.viewed == "true" else Text("no", style="yellow")


def when(written: str) -> str:
    """Return a point in time to the minute; a journey may have sent one that is none."""
    return written[:16].replace("T", " ") or "unknown"


def show_account(console: Console, account: Account, counts: WriterCounts) -> None:
    """Print the counts, which add up."""
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(justify="right", style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for count, meaning in _counted(account):
        table.add_row(str(count), meaning)
    console.print()
    console.print(table)
    parts = [account.written, account.parked.total(), account.returned, account.failed.total(), account.missing]
    kept = [*parts[:3], *(part for part in parts[3:] if part)]
    console.print(f"\n{account.received} received = {' + '.join(map(str, kept))}")
    console.print(_writer_said(counts))


def _writer_said(counts: WriterCounts) -> str:
    received, batches = counted(counts.received, "message"), counted(counts.invocations, "batch", "batches")
    repeats = counted(counts.duplicates, "repeat")
    return (
        f"The writer's own log: {received} in {batches}; {counts.written} written (of these {repeats} within a batch),"
        f" {counts.parked} parked, {counts.returned} returned to the queue to be tried again"
    )


def _counted(account: Account) -> Iterator[tuple[int, str]]:
    yield account.received, "customers received"
    repeats = account.written - account.records
    of_same = f"; {counted(repeats, 'further endpoint')} of the same customers" if repeats else ""
    yield account.written, f"written: {counted(account.records, 'offer')}, read back from the profiles{of_same}"
    reasons = _reasons(account.parked)
    yield account.parked.total(), f"parked in the dead-letter queue{f': {reasons}' if reasons else ''}"
    yield account.returned, "returned: still in the queue"
    if account.failed:
        yield account.failed.total(), "not accepted by a function"
    if account.missing:
        yield account.missing, "missing"
    if account.unread:
        yield account.unread, "not read: files, or lines of them, that hold no event"
    if account.unclaimed:
        yield account.unclaimed.total(), f"parked, of no customer of this run: {_reasons(account.unclaimed)}"
    if account.earlier:
        yield account.earlier, "of earlier runs, still in the queue"


def _reasons(counted: Counter[str]) -> str:
    return ", ".join(f"{count} {printable(reason)}" for reason, count in sorted(counted.items()))


def show_verdict(console: Console, problems: Sequence[str], unaccounted: Sequence[str], logs: Path) -> None:
    """Print whether everything is accounted for; if not, why, and which customers to look for."""
    console.print(Text(f"Logs: {logs}"), soft_wrap=True)
    if not problems:
        console.print(Text("Every customer is accounted for.", style="bold green"))
        return
    for problem in problems:
        console.print(Text(f"error: {printable(problem)}", style="bold red"), soft_wrap=True)
    for name in unaccounted[:SHOWN]:
        console.print(Text(f"  {printable(name)}"), soft_wrap=True)
    if len(unaccounted) > SHOWN:
        console.print(f"  ... and {len(unaccounted) - SHOWN} more")
