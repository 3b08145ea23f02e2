"""`ops dlq`: its commands and their options."""

from pathlib import Path
from typing import Unpack

import click

from ops.cli import Group, command, option
from ops.context import CliContext
from ops.dlq.export import export_messages
from ops.dlq.list import list_causes
from ops.dlq.options import FilterOptions, domain_option, filter_options, filters_of, unmask_option
from ops.dlq.purge import purge
from ops.dlq.redrive.command import redrive
from ops.dlq.show import show_messages
from ops.exits import Exit
from ops.option_types import WholeNumber


@click.group("dlq", cls=Group)
def dlq() -> None:
    """List, show, redrive or purge parked messages."""


@command(
    "list", examples=["ops dlq list", "ops dlq list --domain", "ops dlq list --newer-than 1h -o csv"], has_rows=True
)
@domain_option
@filter_options
def _list(context: CliContext, *, domain: bool, **filters: Unpack[FilterOptions]) -> Exit:
    """Show parked messages by cause.

    Ends with code 1 if not every message could be received.
    """
    return list_causes(context, filters_of(filters, context.clock.now()), of_domain=domain)


@command(
    "show",
    examples=["ops dlq show --cause ae7016 --limit 1", "ops dlq show --reason no_identity --unmask --json"],
    has_rows=True,
)
@option("--limit", type=WholeNumber(1), default=10, show_default=True, metavar="N", help="Show at most N messages.")
@unmask_option
@domain_option
@filter_options
def _show(context: CliContext, *, limit: int, unmask: bool, domain: bool, **filters: Unpack[FilterOptions]) -> Exit:
    """Show parked messages one by one, personal data masked.

    Ends with code 1 if there is none.
    """
    wanted = filters_of(filters, context.clock.now())
    return show_messages(context, wanted, limit, of_domain=domain, unmask=unmask)


@command("export", examples=["ops dlq export parked.jsonl", "ops dlq export parked.jsonl --unmask --stage ingest"])
@click.argument("file", type=click.Path(path_type=Path))
@unmask_option
@domain_option
@filter_options
def _export(context: CliContext, *, file: Path, unmask: bool, domain: bool, **filters: Unpack[FilterOptions]) -> Exit:
    """Write parked messages to a file, one JSON object a line.

    FILE must not exist yet. Ends with code 1 if not every message could be received.
    """
    wanted = filters_of(filters, context.clock.now())
    return export_messages(context, wanted, file, of_domain=domain, unmask=unmask)


@command("purge", examples=["ops dlq purge --reason not_json --export parked.jsonl"])
@option(
    "--export",
    type=click.Path(path_type=Path),
    required=True,
    metavar="FILE",
    help="Write the messages to this file first, unmasked; it must not exist yet.",
)
@option("--confirm", metavar="QUEUE", help="Confirm by the queue's name without being asked for it.")
@filter_options
def _purge(context: CliContext, *, export: Path, confirm: str | None, **filters: Unpack[FilterOptions]) -> Exit:
    """Delete parked messages for good.

    They are exported first, and the queue's name must be typed. Ends with code 1 if some of them are still there.
    """
    return purge(context, filters_of(filters, context.clock.now()), export, confirm)


for each in (_list, _show, _export, redrive, _purge):
    dlq.add_command(each)
