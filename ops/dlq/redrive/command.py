"""`ops dlq redrive`: its options."""

import argparse
from pathlib import Path

from ops.arguments import Subparsers, add_command
from ops.dlq.options import add_filters, filters_of, whole_number
from ops.dlq.redrive.run import CANARY_TIMEOUT, RedriveOptions, redrive
from ops.exits import Exit
from ops.workplace import Workplace


def add(dlq: Subparsers) -> None:
    """Add `ops dlq redrive`."""
    parser = add_command(
        dlq,
        "redrive",
        "Send parked messages through the pipeline again: a dry run, unless --yes is given.",
        _redrive,
    )
    parser.add_argument("--yes", action="store_true", help="send; without it nothing is changed")
    parser.add_argument(
        "--rate", type=_number, metavar="N", help="messages a second; half of MaxWritesPerSecond by default"
    )
    parser.add_argument(
        "--canary", type=whole_number, metavar="N", help="send N first, and the rest only once these are written"
    )
    parser.add_argument(
        "--canary-timeout",
        "--canary-patience",
        dest="canary_timeout",
        type=_number,
        default=CANARY_TIMEOUT,
        metavar="SECONDS",
        help=f"stop if a canary has no outcome after this time; {CANARY_TIMEOUT:.0f} by default",
    )
    parser.add_argument(
        "--edit", metavar="PATCH", help="change every message by this JSON merge patch, or @FILE with one"
    )
    parser.add_argument("--editor", action="store_true", help="edit the one message that passes the filters in $EDITOR")
    parser.add_argument("--anyway", action="store_true", help="also send messages that would be parked again unchanged")
    parser.add_argument(
        "--skip-profile-check",
        action="store_true",
        help="also send records that the customer's profile shows already, or shows a newer one of",
    )
    parser.add_argument(
        "--resend-in-doubt", action="store_true", help="also send messages that an interrupted run may have sent"
    )
    parser.add_argument(
        "--whole-queue",
        action="store_true",
        help="let SQS move every message (StartMessageMoveTask), without filters and without asking profiles",
    )
    parser.add_argument("--unmask", action="store_true", help="show the values that an edit replaces")
    parser.add_argument(
        "--journal",
        type=Path,
        metavar="FILE",
        help="the file that makes the run resumable; in ~/.local/state by default",
    )
    add_filters(parser)


def _redrive(workplace: Workplace, options: argparse.Namespace) -> Exit:
    wanted = RedriveOptions(
        filters=filters_of(options, workplace.clock.now()),
        yes=options.yes,
        rate=options.rate,
        canary=options.canary,
        canary_timeout=options.canary_timeout,
        edit=options.edit,
        editor=options.editor,
        anyway=options.anyway,
        skip_profile_check=options.skip_profile_check,
        resend_in_doubt=options.resend_in_doubt,
        whole_queue=options.whole_queue,
        unmask=options.unmask,
        journal=options.journal,
    )
    return redrive(workplace, wanted)


def _number(written: str) -> float:
    try:
        number = float(written)
    except ValueError:
        number = 0.0
    if not 0 < number < float("inf"):
        raise argparse.ArgumentTypeError(f"{written!r} is no number above zero")
    return number
