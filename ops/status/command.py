"""`ops status`: the pipeline at a glance, once or again and again."""

import argparse
from collections.abc import Callable
from typing import TypeVar

from ops.arguments import Subparsers, add_command
from ops.errors import OpsError, UnreachableError, UsageError
from ops.exits import Exit
from ops.queues import Depth, depth
from ops.screen import Column, Screen
from ops.status.glance import Glance, alarms_on, source_state
from ops.status.metrics import recent
from ops.text import duration, moment
from ops.workplace import Workplace

EVERY = 5.0
"""Seconds between two looks of --watch."""
MINUTES = 15
"""Minutes over which is counted."""

Told = TypeVar("Told")


def add(commands: Subparsers) -> None:
    """Add `ops status`."""
    parser = add_command(commands, "status", "Show the pipeline at a glance.", status)
    parser.add_argument("--watch", action="store_true", help="again and again, until Ctrl-C")
    parser.add_argument(
        "--every", type=float, default=EVERY, metavar="SECONDS", help=f"with --watch; {EVERY:g} by default"
    )
    parser.add_argument(
        "--minutes", type=int, default=MINUTES, metavar="N", help=f"count over these; {MINUTES} by default"
    )


def status(workplace: Workplace, options: argparse.Namespace) -> Exit:
    """Show the pipeline; problems are what needs somebody."""
    if options.minutes < 1 or options.every <= 0:
        raise UsageError("--minutes and --every must be above zero")
    if not options.watch:
        glance = _shown(workplace, options.minutes)
        return Exit.PROBLEMS if glance.problems else Exit.FINE
    while True:
        if workplace.screen.is_terminal:
            workplace.screen.console.clear()
        try:
            _shown(workplace, options.minutes)
        except UnreachableError as error:
            workplace.screen.note(f"{error}; asked again in {duration(options.every)}")
        workplace.clock.sleep(options.every)


def _shown(workplace: Workplace, minutes: int) -> Glance:
    glance = look(workplace, minutes)
    workplace.screen.document(glance.document)
    show(workplace.screen, glance)
    return glance


def look(workplace: Workplace, minutes: int) -> Glance:
    """Ask everything once; without the counts or the alarms it goes as well, and says so.

    Raises:
        OpsError: the queues or the writer could not be asked.
    """
    deployment, now, sqs = workplace.deployment, workplace.clock.now(), workplace.account.sqs()
    unknown: list[str] = []
    cloudwatch, cloudformation = workplace.account.cloudwatch(), workplace.account.cloudformation()
    counts = _told(lambda: recent(cloudwatch, deployment.metrics_namespace, now, minutes), "the counts", unknown)
    alarms = _told(lambda: alarms_on(cloudformation, cloudwatch, deployment.stack), "the alarms", unknown)
    domain_queue = deployment.domain_dead_letter_queue_url
    return Glance(
        at=now,
        stack=deployment.stack,
        queue=depth(sqs, deployment.queue_url),
        dead_letters=depth(sqs, deployment.dead_letter_queue_url),
        domain_dead_letters=None if domain_queue is None else depth(sqs, domain_queue),
        source=source_state(workplace.account.functions(), deployment),
        counts=counts,
        minutes=minutes,
        alarms=alarms,
        unknown="; ".join(unknown),
    )


def _told(ask: Callable[[], Told], what: str, unknown: list[str]) -> Told | None:
    """Return what is asked; where it cannot be told, None, and why is added to ``unknown``."""
    try:
        return ask()
    except OpsError as error:
        unknown.append(f"{what} are unknown: {error}")
        return None


def show(screen: Screen, glance: Glance) -> None:
    """Draw one screen."""
    screen.line(f"{glance.stack} at {moment(glance.at)}", "bold")
    queues: list[tuple[str, Depth | None]] = [
        ("queue", glance.queue),
        ("dead letters", glance.dead_letters),
        ("domain's dead letters", glance.domain_dead_letters),
    ]
    screen.table(
        [Column("queue"), Column("waiting", right=True), Column("in flight", right=True)],
        [
            [name, f"{found.waiting + found.delayed:,}", f"{found.in_flight:,}"] if found else [name, "none", "-"]
            for name, found in queues
        ],
    )
    if glance.drained_in is not None:
        screen.line(f"empty in {duration(glance.drained_in)} at the present rate")
    if glance.counts is not None:
        screen.table(
            [Column(f"last {glance.minutes} min"), Column("records", right=True)],
            [[name, f"{number:,}"] for name, number in glance.counts.items()],
        )
    if glance.unknown:
        screen.note(glance.unknown)
    for problem in glance.problems:
        screen.line(f"! {problem}", "bold red")
    if not glance.problems:
        screen.line("nothing needs you", "green")
