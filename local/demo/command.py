"""`python -m local demo`: arguments to a run, a run to an exit code."""

import argparse
import contextlib
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from local.demo.account import SHOWN
from local.demo.events import Event, EventsError, read_events
from local.demo.run import Demo, show, unreadable
from local.stack import (
    CONNECT_INSTANCE,
    LocalStack,
    NotRunningError,
    Reporter,
    ServiceError,
    StackSettings,
    StandardError,
)
from local.stack.progress import results
from ops import interrupts
from ops.errors import OpsError
from ops.text import count, printable

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
SAMPLES = {"pinpoint": EXAMPLES / "pinpoint-journey", "connect": EXAMPLES / "connect-campaign"}
USAGE = 2
PIPE_WIDTH = 110
LEAST_WIDTH = 60


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the demo's options."""
    parser.add_argument(
        "--events",
        type=Path,
        metavar="PATH",
        help="your own events: a file or a folder; JSON with one event a file, or JSON lines",
    )
    parser.add_argument("--source", choices=sorted(SAMPLES), default="pinpoint", help="whose sample to send")
    parser.add_argument(
        "--viewed",
        choices=("true", "false"),
        default="true",
        help="the function for events whose file and folder names hold neither 'viewed' nor 'not-viewed'",
    )


def demo(options: argparse.Namespace) -> int:
    """Send a journey's events through the stack, and show what an agent would see and where every customer is."""
    # sys.stdout may be unable to write every name; a replacement character is better than no table
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    with interrupts.terminating_as_exception():
        return _demo(options, StandardError())


def _demo(options: argparse.Namespace, reporter: Reporter) -> int:
    path: Path = options.events or SAMPLES[options.source]
    otherwise = options.viewed == "true"
    unread: list[EventsError] = []
    try:
        events = read_events(path, unread.append)
    except EventsError as error:
        return _refuse([error])
    if not events and unread:
        return _refuse(unread)
    reporter.step(f"Read {count(len(events), 'event')} from {path}")
    for problem in unreadable(unread):
        reporter.step(problem, "red")
    _report_unassigned(reporter, events, otherwise=otherwise)
    _report_repeated(reporter, events)
    settings = StackSettings(parameters={"ConnectInstanceArn": CONNECT_INSTANCE} if options.source == "connect" else {})
    with _stack(options.directory, settings, reporter) as stack:
        try:
            result = Demo(stack, reporter, otherwise=otherwise).run(events, unread)
            logs = stack.collect_logs()
        except (BotoCoreError, ClientError, OpsError) as error:
            raise ServiceError(error, stack.logs_path) from error
        code = show(results(PIPE_WIDTH, LEAST_WIDTH), result, logs)
    reporter.step("Done")
    return code


def _refuse(unread: Sequence[EventsError]) -> int:
    for error in unread[:SHOWN]:
        print(f"error: {error}", file=sys.stderr)
    if len(unread) > SHOWN:
        print(f"error: and {len(unread) - SHOWN} more", file=sys.stderr)
    return USAGE


def _report_unassigned(reporter: Reporter, events: list[Event], *, otherwise: bool) -> None:
    silent = sum(event.viewed is None for event in events)
    if silent:
        function = "viewed" if otherwise else "not-viewed"
        reporter.step(
            f"To the {function} function, since neither file nor folder says: {count(silent, 'event')};"
            f" VIEWED={str(not otherwise).lower()} sends them to the other"
        )


def _report_repeated(reporter: Reporter, events: list[Event]) -> None:
    for event in events:
        if event.repeated:
            names = printable(", ".join(event.repeated[:SHOWN]))
            reporter.step(f"{event.name} has a name twice in one map, of which JSON keeps the last: {names}", "red")


@contextlib.contextmanager
def _stack(directory: Path, settings: StackSettings, reporter: Reporter) -> Iterator[LocalStack]:
    """Use the stack that `make up` left running, and leave it running; else run one for as long as the demo takes."""
    try:
        stack = LocalStack.attach(directory)
    except NotRunningError:
        with LocalStack.running(directory, settings, reporter) as own:
            yield own
    else:
        reporter.step("Using the stack that is up; `make down` ends it")
        yield stack
