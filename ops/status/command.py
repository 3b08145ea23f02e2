"""`ops status`: the pipeline at one moment, once or again and again."""

from collections.abc import Callable
from typing import TypeVar

from ops.cli import command, option
from ops.context import CliContext
from ops.errors import OpsError, UnreachableError
from ops.exits import Exit
from ops.option_types import POSITIVE_NUMBER, WholeNumber
from ops.queues import Depth, depth
from ops.screen import Column, Screen
from ops.status.metrics import recent
from ops.status.snapshot import StatusSnapshot, firing_alarms, source_state
from ops.text import duration, moment

MOST_MINUTES = 15 * 24 * 60
"""CloudWatch keeps datapoints of a minute for fifteen days."""

Answer = TypeVar("Answer")


@command("status", examples=["ops status", "ops status --watch --every 30", "ops status --output csv"], has_rows=True)
@option("--watch", is_flag=True, help="Show it again and again, until Ctrl-C.")
@option(
    "--every",
    type=POSITIVE_NUMBER,
    default=5.0,
    show_default=True,
    metavar="SECONDS",
    help="With --watch: wait this long between two times.",
)
@option(
    "--minutes",
    type=WholeNumber(1, MOST_MINUTES),
    default=15,
    show_default=True,
    metavar="N",
    help="Count what happened in the last N minutes.",
)
def status(context: CliContext, *, watch: bool, every: float, minutes: int) -> Exit:
    """Show queues, counts, alarms, and what needs you.

    Ends with code 1 if anything needs you.
    """
    if not watch:
        return Exit.PROBLEMS if _shown(context, minutes).problems else Exit.FINE
    while True:
        if context.screen.is_terminal and context.screen.is_table:
            context.screen.console.clear()
        try:
            _shown(context, minutes)
        except UnreachableError as error:
            context.screen.note(f"{error}; asked again in {duration(every)}")
        context.clock.sleep(every)


def _shown(context: CliContext, minutes: int) -> StatusSnapshot:
    snapshot = take_snapshot(context, minutes)
    context.screen.document(snapshot.document, snapshot.rows)
    show(context.screen, snapshot)
    return snapshot


def take_snapshot(context: CliContext, minutes: int) -> StatusSnapshot:
    """Read everything once; the counts and the alarms may be missing, and the snapshot says why.

    Raises:
        OpsError: the queues or the writer could not be read.
    """
    deployment, now, sqs = context.deployment, context.clock.now(), context.account.sqs()
    unknown: list[str] = []
    cloudwatch, cloudformation = context.account.cloudwatch(), context.account.cloudformation()
    counts = _answer(lambda: recent(cloudwatch, deployment.metrics_namespace, now, minutes), "the counts", unknown)
    alarms = _answer(lambda: firing_alarms(cloudformation, cloudwatch, deployment.stack), "the alarms", unknown)
    domain_queue = deployment.domain_dead_letter_queue_url
    return StatusSnapshot(
        at=now,
        stack=deployment.stack,
        queue=depth(sqs, deployment.queue_url),
        dead_letters=depth(sqs, deployment.dead_letter_queue_url),
        domain_dead_letters=None if domain_queue is None else depth(sqs, domain_queue),
        source=source_state(context.account.functions(), deployment),
        counts=counts,
        minutes=minutes,
        alarms=alarms,
        unknown="; ".join(unknown),
    )


def _answer(ask: Callable[[], Answer], what: str, unknown: list[str]) -> Answer | None:
    """Return the answer; None if there is none, and why is added to ``unknown``."""
    try:
        return ask()
    except OpsError as error:
        unknown.append(f"{what} are unknown: {error}")
        return None


def show(screen: Screen, snapshot: StatusSnapshot) -> None:
    """Draw one screen."""
    screen.line(f"{snapshot.stack} at {moment(snapshot.at)}", "bold")
    queues: list[tuple[str, Depth | None]] = [
        ("queue", snapshot.queue),
        ("dead letters", snapshot.dead_letters),
        ("domain's dead letters", snapshot.domain_dead_letters),
    ]
    screen.table(
        [Column("queue"), Column("waiting", right=True), Column("in flight", right=True)],
        [
            [name, f"{found.waiting + found.delayed:,}", f"{found.in_flight:,}"] if found else [name, "none", "-"]
            for name, found in queues
        ],
    )
    if snapshot.drained_in is not None:
        screen.line(f"empty in {duration(snapshot.drained_in)} at the present rate")
    if snapshot.counts is not None:
        screen.table(
            [Column(f"last {snapshot.minutes} min"), Column("records", right=True)],
            [[name, f"{number:,}"] for name, number in snapshot.counts.items()],
        )
    if snapshot.unknown:
        screen.note(snapshot.unknown)
    for problem in snapshot.problems:
        screen.line(f"! {problem}", "bold red")
    if not snapshot.problems:
        screen.line("nothing needs you", "green")
