"""The options that every command has, before or after its name."""

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING

from ops import exits
from ops.deployment import DEFAULT_STACK
from ops.exits import Exit
from ops.workplace import Workplace

Run = Callable[[Workplace, argparse.Namespace], Exit]
"""A command: does its work and says how it ended; raises `ops.errors.OpsError` for what the operator must know."""

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001 - argparse names no public type
else:
    Subparsers = object

DEFAULTS = {"profile": None, "region": None, "stack": DEFAULT_STACK, "as_json": False, "debug": False}


def add_command(commands: "Subparsers", name: str, summary: str, run: Run | None = None) -> argparse.ArgumentParser:
    """Add a command, with the options that every command has, and return its parser for its own.

    Args:
        commands: What `argparse.ArgumentParser.add_subparsers` returned.
        name: What is typed.
        summary: One sentence for the help.
        run: What does it; None for a group of further commands.
    """
    parser = commands.add_parser(
        name,
        help=summary,
        description=summary,
        allow_abbrev=False,
        parents=[_everywhere()],
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    if run is not None:
        parser.set_defaults(run=run)
    return parser


def root() -> argparse.ArgumentParser:
    """Return the parser of the command line as a whole, without its commands."""
    return argparse.ArgumentParser(
        prog="ops",
        description="Operate the pipeline that writes journeys' offers back to Customer Profiles.",
        epilog=f"exit codes:\n{exits.table()}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
        parents=[_everywhere()],
    )


def _everywhere() -> argparse.ArgumentParser:
    """Return the common options, each without a default: one given before the command stands unless given after it."""
    common = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    group = common.add_argument_group("common options")
    group.add_argument("--profile", metavar="NAME", help="profile of the AWS configuration")
    group.add_argument("--region", metavar="REGION", help="AWS Region")
    group.add_argument("--stack", metavar="NAME", help=f"CloudFormation stack; {DEFAULT_STACK} unless given")
    group.add_argument("--json", dest="as_json", action="store_true", help="write one JSON document")
    group.add_argument("--debug", action="store_true", help="show where a fault of ops itself comes from")
    return common
