"""`ops dlq redrive`: its options."""

from pathlib import Path
from typing import Unpack

import click

from ops.cli import command, option
from ops.context import CliContext
from ops.dlq.options import FilterOptions, filter_options, filters_of
from ops.dlq.redrive.run import CANARY_TIMEOUT, RedriveOptions
from ops.dlq.redrive.run import redrive as run_redrive
from ops.exits import Exit
from ops.option_types import POSITIVE_NUMBER, WholeNumber


class RedriveArguments(FilterOptions):
    """What may be typed after `ops dlq redrive`, by the names of the options."""

    yes: bool
    rate: float | None
    canary: int | None
    canary_timeout: float
    edit: str | None
    editor: bool
    anyway: bool
    skip_profile_check: bool
    resend_in_doubt: bool
    whole_queue: bool
    unmask: bool
    journal: Path | None


@command(
    "redrive",
    examples=[
        "ops dlq redrive --reason receives_exhausted",
        "ops dlq redrive --reason receives_exhausted --canary 2 --yes",
        """ops dlq redrive --cause ae7016 --edit '{"offerName": "Autumn upgrade"}' --yes""",
    ],
)
@option("--yes", is_flag=True, help="Send the messages; without it nothing is changed.")
@option(
    "--rate",
    type=POSITIVE_NUMBER,
    metavar="N",
    help="Send N messages a second; by default half of MaxWritesPerSecond.",
)
@option(
    "--canary",
    type=WholeNumber(1),
    metavar="N",
    help="Send N messages first, and the rest only once these are written.",
)
@option(
    "--canary-timeout",
    "--canary-patience",
    "canary_timeout",
    type=POSITIVE_NUMBER,
    default=CANARY_TIMEOUT,
    show_default=True,
    metavar="SECONDS",
    help="Stop if a canary has no outcome after this time.",
)
@option("--edit", metavar="PATCH", help="Change every message by this JSON merge patch, or by the one in @FILE.")
@option("--editor", is_flag=True, help="Edit the one message that passes the filters in $EDITOR.")
@option("--anyway", is_flag=True, help="Send also messages that would be parked again unchanged.")
@option(
    "--skip-profile-check",
    is_flag=True,
    help="Send also records that the customer's profile shows already, or shows a newer one of.",
)
@option("--resend-in-doubt", is_flag=True, help="Send also messages that an interrupted run may have sent.")
@option(
    "--whole-queue",
    is_flag=True,
    help="Let SQS move every message (StartMessageMoveTask), without filters and without asking profiles.",
)
@option("--unmask", is_flag=True, help="Show the values that an edit replaces, personal data included.")
@option(
    "--journal",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Keep what makes the run resumable in this file; by default one in ~/.local/state.",
)
@filter_options
def redrive(context: CliContext, **given: Unpack[RedriveArguments]) -> Exit:
    """Send parked messages through the pipeline again.

    A dry run, unless --yes is given: it shows what would be sent, and what would be held back and why. Ends with code 1
    if messages remain that could not be sent.
    """
    filters = filters_of(given, context.clock.now())
    return run_redrive(
        context,
        RedriveOptions(
            filters=filters,
            yes=given["yes"],
            rate=given["rate"],
            canary=given["canary"],
            canary_timeout=given["canary_timeout"],
            edit=given["edit"],
            editor=given["editor"],
            anyway=given["anyway"],
            skip_profile_check=given["skip_profile_check"],
            resend_in_doubt=given["resend_in_doubt"],
            whole_queue=given["whole_queue"],
            unmask=given["unmask"],
            journal=given["journal"],
        ),
    )
