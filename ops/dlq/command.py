"""`ops dlq`: its commands and their options."""

import argparse
from pathlib import Path

from ops.arguments import Run, Subparsers, add_command
from ops.dlq.export import export_messages
from ops.dlq.list import list_causes
from ops.dlq.options import add_filters, filters_of, whole_number
from ops.dlq.purge import purge
from ops.dlq.redrive import command as redrive
from ops.dlq.show import show_messages
from ops.exits import Exit
from ops.workplace import Workplace

SHOWN = 10
"""Messages that `ops dlq show` shows by default."""


def add(commands: Subparsers) -> None:
    """Add `ops dlq` and its commands."""
    parser = add_command(commands, "dlq", "List parked messages, show them, send them again, or purge them.")
    dlq = parser.add_subparsers(required=True, metavar="COMMAND")
    _reading(dlq, "list", "Show parked messages by cause.", _list)
    show = _reading(dlq, "show", "Show parked messages, personal data masked.", _show)
    show.add_argument(
        "--limit", type=whole_number, default=SHOWN, metavar="N", help=f"show at most N messages; {SHOWN} by default"
    )
    _unmasking(show)
    export = _reading(dlq, "export", "Write parked messages to a file, one JSON object a line.", _export)
    export.add_argument("file", type=Path, metavar="FILE", help="a file that does not exist yet")
    _unmasking(export)
    redrive.add(dlq)
    _add_purge(dlq)


def _reading(dlq: Subparsers, name: str, summary: str, run: Run) -> argparse.ArgumentParser:
    parser = add_command(dlq, name, summary, run)
    parser.add_argument(
        "--domain", action="store_true", help="read the Customer Profiles domain's own dead-letter queue instead"
    )
    add_filters(parser)
    return parser


def _unmasking(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--unmask", action="store_true", help="show customers' personal data")


def _add_purge(dlq: Subparsers) -> None:
    parser = add_command(
        dlq,
        "purge",
        "Delete parked messages for good, after exporting them and a typed confirmation.",
        _purge,
    )
    parser.add_argument(
        "--export",
        type=Path,
        required=True,
        metavar="FILE",
        help="the file that the messages are written to first, unmasked; it must not exist yet",
    )
    parser.add_argument("--confirm", metavar="QUEUE", help="the queue's name, to confirm without a terminal")
    add_filters(parser)


def _list(workplace: Workplace, options: argparse.Namespace) -> Exit:
    return list_causes(workplace, filters_of(options, workplace.clock.now()), of_domain=options.domain)


def _show(workplace: Workplace, options: argparse.Namespace) -> Exit:
    wanted = filters_of(options, workplace.clock.now())
    return show_messages(workplace, wanted, options.limit, of_domain=options.domain, unmask=options.unmask)


def _export(workplace: Workplace, options: argparse.Namespace) -> Exit:
    wanted = filters_of(options, workplace.clock.now())
    return export_messages(workplace, wanted, options.file, of_domain=options.domain, unmask=options.unmask)


def _purge(workplace: Workplace, options: argparse.Namespace) -> Exit:
    return purge(workplace, filters_of(options, workplace.clock.now()), options.export, options.confirm)
