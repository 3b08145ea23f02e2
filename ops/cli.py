"""The frame of every command, on click: common options before or after the name, sections in the help, suggestions.

A command line is read first and run afterwards: reading returns an `Invocation`, so that click has no say in how a
command ends. A new command is a function ``(context: CliContext, *, ...) -> Exit`` under `command`, whose docstring is
its help, and a line in `ops.application`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import partial
from typing import Any

import click

from ops.context import CliContext, GlobalOptions
from ops.deployment import DEFAULT_STACK
from ops.exits import Exit
from ops.option_types import OneOf
from ops.output import Output

COMMON = "Common options, before or after the command"
SETTINGS: dict[str, Any] = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


@dataclass(frozen=True, slots=True)
class Invocation:
    """A command line that was read.

    Attributes:
        run: Does the work, and says how it ended; raises `ops.errors.OpsError` for what the operator must know.
        options: The options that every command has.
    """

    run: Callable[[CliContext], Exit]
    options: GlobalOptions


class Option(click.Option):
    """An option under a heading of its command's help.

    Args:
        section: The heading.
    """

    def __init__(self, *args: Any, section: str = "Options", **settings: Any) -> None:  # noqa: ANN401 - click's own arguments
        super().__init__(*args, **settings)
        self.section = section


class Command(click.Command):
    """One command.

    Args:
        examples: Command lines for the end of its help, each as it is typed.
        has_rows: Whether its result has rows, for ``--output csv``.
    """

    def __init__(self, *args: Any, examples: Sequence[str], has_rows: bool = False, **settings: Any) -> None:  # noqa: ANN401 - the same
        super().__init__(*args, **{**settings, "epilog": _listed("Examples:", examples)})
        self.context_settings = SETTINGS
        self.params += common_options()
        self.examples = examples
        self.has_rows = has_rows

    def invoke(self, ctx: click.Context) -> Invocation:
        """Return what is to be run, and run nothing."""
        options = ctx.ensure_object(GlobalOptions)
        if options.output is Output.CSV and not self.has_rows:
            raise click.UsageError(
                f"'{ctx.command_path}' has no rows to write as csv; --output json and yaml have all of its result", ctx
            )
        run: Any = self.callback
        return Invocation(partial(run, **ctx.params), options)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options under their headings."""
        _format_options(self, ctx, formatter)


class Group(click.Group):
    """Commands under one name."""

    command_class = Command
    group_class = type  # a group in a group is one of these, too

    def __init__(self, *args: Any, **settings: Any) -> None:  # noqa: ANN401 - click's own arguments
        super().__init__(*args, no_args_is_help=False, **settings)
        self.context_settings = SETTINGS
        self.params += common_options()

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that is meant; an unknown one is answered with the nearest."""
        known = self.list_commands(ctx)
        if args[0] not in known and not args[0].startswith("-") and not ctx.resilient_parsing:
            near = get_close_matches(args[0], known, 1)
            ctx.fail(f"No such command: {args[0]}; " + (f"did you mean {near[0]}?" if near else ", ".join(known)))
        return super().resolve_command(ctx, args)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands, then the options under their headings."""
        self.format_commands(ctx, formatter)
        _format_options(self, ctx, formatter)


option = partial(click.option, cls=Option)
"""`click.option` with ``section``."""


def command(name: str, *, examples: Sequence[str], has_rows: bool = False) -> Callable[[Callable[..., Exit]], Command]:
    """Make a command of a function; its docstring is the help."""
    return click.command(name, cls=Command, examples=examples, has_rows=has_rows)


def common_options() -> list[click.Parameter]:
    """Return the options that every command has; what is typed last stands."""
    return [
        _common("--profile", metavar="NAME", help="Use this profile of the AWS configuration."),
        _common("--region", metavar="REGION", help="Use this AWS Region."),
        _common("--stack", metavar="NAME", help=f"Work at this CloudFormation stack; by default {DEFAULT_STACK}."),
        _common(
            "-o",
            "--output",
            type=OneOf([*map(str, Output)]),
            help="Write the result as a table, JSON, YAML, or rows of CSV.",
        ),
        _common("--json", is_flag=True, help="Write the result as one JSON document: short for --output json."),
        _common("--color/--no-color", default=None, help="Use colours, or none, whatever the environment says."),
        _common("--debug", is_flag=True, help="Show where a fault of ops itself comes from."),
    ]


def _common(*names: str, **settings: Any) -> click.Option:  # noqa: ANN401 - click's own arguments
    return Option(names, expose_value=False, callback=_keep, section=COMMON, **settings)


def _keep(ctx: click.Context, param: click.Parameter, value: Any) -> None:  # noqa: ANN401 - of each option's type
    if param.name is None or ctx.get_parameter_source(param.name) is not click.core.ParameterSource.COMMANDLINE:
        return
    options = ctx.ensure_object(GlobalOptions)
    if param.name == "json":
        options.output = Output.JSON
    elif param.name == "output":
        options.output = Output(value)
    else:
        setattr(options, param.name, value)


def _format_options(described: click.Command, ctx: click.Context, formatter: click.HelpFormatter) -> None:
    sections: dict[str, list[tuple[str, str]]] = {}
    for param in described.get_params(ctx):
        record = param.get_help_record(ctx)
        if record is not None:
            sections.setdefault(getattr(param, "section", COMMON), []).append(record)
    # the common ones are the same everywhere: they come last
    for section in sorted(sections, key=COMMON.__eq__):
        with formatter.section(section):
            formatter.write_dl(sections[section])


def _listed(title: str, lines: Sequence[str]) -> str:
    # click fills paragraphs up to the width, but for one that begins with \b
    return "\b\n" + "\n".join([title, *(f"  {line}" for line in lines)])
