"""`ops dlq purge`: deletes parked messages for good, once each is in a file and the operator has said so."""

import argparse
from pathlib import Path

from ops.arguments import Subparsers, add_command
from ops.dlq import view
from ops.dlq.desk import Desk, look_through, open_desk, remarks
from ops.dlq.exporting import exporting
from ops.dlq.letter import Letter
from ops.dlq.look import MOST
from ops.dlq.redrive import delete
from ops.dlq.selection import add_filters, selection
from ops.errors import OpsError, UsageError
from ops.exits import Exit
from ops.text import count
from ops.workplace import Workplace


def add(dlq: Subparsers) -> None:
    """Add `ops dlq purge`."""
    parser = add_command(
        dlq,
        "purge",
        "Delete parked messages for good, after an export of them and a typed confirmation.",
        purge,
    )
    parser.add_argument(
        "--export",
        type=Path,
        required=True,
        metavar="FILE",
        help="where they are written first, unmasked; a file that does not exist yet",
    )
    parser.add_argument("--confirm", metavar="QUEUE", help="the queue's name, where nobody is there to type it")
    add_filters(parser)


def purge(workplace: Workplace, options: argparse.Namespace) -> Exit:
    """Export, ask, and delete exactly what was exported: what is parked meanwhile stays."""
    screen, desk = workplace.screen, open_desk(workplace, of_domain=False)
    wanted = selection(options, workplace.clock.now())
    exported: set[str] = set()
    with exporting(options.export) as write:

        def take(letter: Letter) -> None:
            write(view.document(letter, unmask=True))
            exported.add(letter.message_id)

        seen = look_through(desk, screen, wanted, take)
        if not exported:
            raise OpsError("there is nothing to purge: no message is parked that passes the filters")
    remarks(seen, screen)
    screen.note(f"{count(len(exported), 'message')} written to {options.export}")
    _confirm(workplace, desk, len(exported), options.confirm)
    remaining = set(exported)
    try:
        _delete(workplace, desk, remaining)
    finally:
        purged = len(exported) - len(remaining)
        screen.document({"queue": desk.name, **seen.document, "purged": purged, "file": str(options.export)})
        screen.line(f"{count(purged, 'message')} purged; {options.export} holds all that were chosen")
    if remaining:
        screen.line(f"{count(len(remaining), 'message')} not met again: somebody else is at work on them")
        return Exit.PROBLEMS
    return Exit.FINE


def _confirm(workplace: Workplace, desk: Desk, messages: int, given: str | None) -> None:
    question = f"This deletes {count(messages, 'message')} for good. Type the queue's name, {desk.name}, to go on:"
    answer = workplace.screen.ask(question, f"--confirm {desk.name}") if given is None else given
    if answer != desk.name:
        raise UsageError(f"nothing was purged: {answer!r} is not the queue's name, {desk.name}")


def _delete(workplace: Workplace, desk: Desk, remaining: set[str]) -> None:
    """Delete what remains, and take out of ``remaining`` what is gone."""
    sqs = workplace.account.sqs()
    with desk.look() as look, workplace.screen.progress("Purging", len(remaining)) as advance:
        for letters in look.rounds():
            meant = [letter for letter in letters if letter.message_id in remaining]
            for start in range(0, len(meant), MOST):
                gone = delete(sqs, desk.queue_url, meant[start : start + MOST])
                look.gone(gone)
                remaining -= {letter.message_id for letter in gone}
                advance(len(gone))
            if not remaining:
                return
