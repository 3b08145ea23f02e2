"""`ops dlq`: the commands around the two dead-letter queues."""

import argparse
from pathlib import Path
from typing import Any

from ops.arguments import Run, Subparsers, add_command
from ops.dlq import purging, redriving, view
from ops.dlq.causes import group
from ops.dlq.desk import look_through, open_desk, remarks
from ops.dlq.exporting import exporting
from ops.dlq.letter import Letter
from ops.dlq.selection import add_filters, selection
from ops.exits import Exit
from ops.text import count
from ops.workplace import Workplace

SHOWN = 10
"""Messages that `ops dlq show` shows unless told otherwise."""


def add(commands: Subparsers) -> None:
    """Add `ops dlq` and what follows it."""
    parser = add_command(commands, "dlq", "Look at parked messages, send them again, or purge them.")
    dlq = parser.add_subparsers(required=True, metavar="COMMAND")
    _reading(dlq, "list", "Show parked messages by cause.", list_causes)
    show = _reading(dlq, "show", "Show parked messages, personal data masked.", show_letters)
    show.add_argument("--limit", type=positive, default=SHOWN, metavar="N", help=f"at most so many; {SHOWN} by default")
    _unmasking(show)
    export = _reading(dlq, "export", "Write parked messages to a file, one JSON object a line.", export_letters)
    export.add_argument("file", type=Path, metavar="FILE", help="a file that does not exist yet")
    _unmasking(export)
    redriving.add(dlq)
    purging.add(dlq)


def list_causes(workplace: Workplace, options: argparse.Namespace) -> Exit:
    """Show what is parked, by cause."""
    screen, desk = workplace.screen, open_desk(workplace, of_domain=options.domain)
    wanted = selection(options, workplace.clock.now())
    letters: list[Letter] = []
    seen = look_through(desk, screen, wanted, letters.append)
    groups = group(letters)
    screen.document({"queue": desk.name, **seen.document, "causes": [one.document for one in groups]})
    if groups:
        view.causes(screen, groups)
    else:
        screen.line(nothing(seen.messages))
    remarks(seen, screen)
    return Exit.FINE if seen.complete else Exit.PROBLEMS


def show_letters(workplace: Workplace, options: argparse.Namespace) -> Exit:
    """Show messages one by one."""
    screen, desk = workplace.screen, open_desk(workplace, of_domain=options.domain)
    letters: list[Letter] = []
    seen = look_through(desk, screen, selection(options, workplace.clock.now()), letters.append, options.limit)
    screen.document(
        {"queue": desk.name, "messages": [view.document(letter, unmask=options.unmask) for letter in letters]}
    )
    for letter in letters:
        view.letter(screen, letter, unmask=options.unmask)
    if letters:
        return Exit.FINE
    screen.line(nothing(seen.messages))
    remarks(seen, screen)
    return Exit.PROBLEMS


def export_letters(workplace: Workplace, options: argparse.Namespace) -> Exit:
    """Write messages to a file."""
    screen, desk = workplace.screen, open_desk(workplace, of_domain=options.domain)
    wanted = selection(options, workplace.clock.now())
    with exporting(options.file) as write:

        def take(letter: Letter) -> Any:  # noqa: ANN401 - whatever writing returns
            return write(view.document(letter, unmask=options.unmask))

        seen = look_through(desk, screen, wanted, take)
    screen.document({"queue": desk.name, **seen.document, "file": str(options.file), "masked": not options.unmask})
    masked = "" if options.unmask else ", personal data masked: --unmask writes what can be read back"
    screen.line(f"{count(seen.selected, 'message')} written to {options.file}{masked}")
    remarks(seen, screen)
    return Exit.FINE if seen.complete else Exit.PROBLEMS


def nothing(messages: int) -> str:
    """Say that no message is meant."""
    return f"none of {count(messages, 'message')} passes the filters" if messages else "no message is parked"


def positive(written: str) -> int:
    """Return a whole number above zero.

    Raises:
        argparse.ArgumentTypeError: it is none.
    """
    if not (written.isascii() and written.isdigit() and int(written)):
        raise argparse.ArgumentTypeError(f"{written!r} is no whole number above zero")
    return int(written)


def _reading(dlq: Subparsers, name: str, summary: str, run: Run) -> argparse.ArgumentParser:
    parser = add_command(dlq, name, summary, run)
    parser.add_argument(
        "--domain", action="store_true", help="the Customer Profiles domain's own dead-letter queue instead"
    )
    add_filters(parser)
    return parser


def _unmasking(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--unmask", action="store_true", help="with customers' personal data")
