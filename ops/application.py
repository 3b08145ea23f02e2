"""From the command line to an exit code: every way in which a command can end."""

import os
import signal
import sys
import tomllib
import traceback
from collections.abc import Mapping, Sequence
from importlib import metadata
from pathlib import Path
from types import FrameType
from typing import TextIO

import click
from click.shell_completion import BashComplete, FishComplete, ZshComplete, shell_complete

from engagement.clock import SystemClock
from ops import exits
from ops.cli import Group, Invocation, command, option
from ops.context import CliContext, GlobalOptions
from ops.dlq.command import dlq
from ops.doctor.command import doctor
from ops.errors import AWS_FAILURES, OpsError, explained, one_line
from ops.exits import Exit
from ops.first_hour.command import first_hour
from ops.option_types import OneOf
from ops.plan.command import plan
from ops.screen import Screen
from ops.status.command import status
from ops.trace.command import trace

COMPLETE = "_OPS_COMPLETE"
"""The environment variable by which a shell asks for completions, as click names it."""
DISTRIBUTION = "journeys-that-write-back"
SHELLS = {"bash": BashComplete, "zsh": ZshComplete, "fish": FishComplete}
PROJECT = Path(__file__).parent.parent / "pyproject.toml"
ENDING = (signal.SIGTERM, signal.SIGHUP)
"""The signals that end a process from outside and leave it time to tidy up."""


class TerminatedError(KeyboardInterrupt):
    """SIGTERM came, or SIGHUP as the terminal was closed: what Ctrl-C tidies up is tidied up as well."""


def version() -> str:
    """Return the version: a checkout's own, or that of the installed distribution."""
    if PROJECT.is_file():
        return str(tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]["version"])
    return metadata.version(DISTRIBUTION)


def _print_version(ctx: click.Context, _: click.Parameter, is_given: bool) -> None:  # noqa: FBT001 - click's signature
    if is_given and not ctx.resilient_parsing:
        click.echo(f"ops {version()}")
        ctx.exit()


@click.group(cls=Group, epilog=f"\b\nExit codes:\n{exits.table()}")
@option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_print_version, help="Show the version.")
def cli() -> None:
    """Operate the pipeline that writes journeys' offers back to Customer Profiles."""


@command(
    "completion",
    examples=['eval "$(ops completion bash)"', "ops completion fish > ~/.config/fish/completions/ops.fish"],
)
@click.argument("shell", type=OneOf([*SHELLS]))
def completion(context: CliContext, *, shell: str) -> Exit:
    """Print a shell's completion script.

    For bash and zsh, add `eval "$(ops completion bash)"` (or zsh) to ~/.bashrc (~/.zshrc). It completes the installed
    `ops`.
    """
    context.screen.verbatim(SHELLS[shell](cli, {}, "ops", COMPLETE).source())
    return Exit.FINE


for each in (status, dlq, doctor, trace, plan, first_hour, completion):
    cli.add_command(each)


def main(given: Sequence[str] | None = None) -> int:
    """Run one command on this terminal; return the exit code, of `ops.exits.Exit`."""
    if instruction := os.environ.get(COMPLETE):
        return shell_complete(cli, {"obj": GlobalOptions()}, "ops", COMPLETE, instruction)
    try:
        invocation = parse(given)
    except click.exceptions.Exit as ended:  # --help and --version have printed
        return ended.exit_code
    except click.UsageError as error:
        path = "ops" if error.ctx is None else error.ctx.command_path
        click.echo(f"error: {error.format_message()}\n`{path} --help` shows what can be typed", err=True)
        return Exit.USAGE
    except BrokenPipeError:
        return _closed()
    options = invocation.options
    screen = Screen(
        sys.stdout,
        sys.stderr,
        sys.stdin.readline,
        output=options.output,
        color=wants_color(options.color, os.environ),
        interactive=sys.stdin.isatty() and sys.stderr.isatty(),
    )
    # nohup has SIGHUP ignored, and means it
    meant = [number for number in ENDING if signal.getsignal(number) is not signal.SIG_IGN]
    previous = {number: signal.signal(number, _terminate) for number in meant}
    try:
        return run(invocation, screen)
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)


def parse(given: Sequence[str] | None = None) -> Invocation:
    """Read a command line, and run nothing.

    Raises:
        click.UsageError: it is wrong.
        click.exceptions.Exit: it asks for help or for the version, which is printed.
    """
    arguments = list(sys.argv[1:] if given is None else given)
    with cli.make_context("ops", arguments, obj=GlobalOptions()) as ctx:
        invocation: Invocation = cli.invoke(ctx)
    return invocation


def run(invocation: Invocation, screen: Screen) -> Exit:
    """Run one command; whatever it raises becomes one line and an exit code."""
    try:
        return _finished(invocation.run(CliContext(screen, SystemClock(), invocation.options)))
    except KeyboardInterrupt as error:
        return _stopped(screen, error)
    except BrokenPipeError:
        return _closed()
    except OpsError as error:
        return _failed(screen, error)
    except AWS_FAILURES as error:
        return _failed(screen, explained(error))
    except Exception as error:  # noqa: BLE001 - the last resort: a fault of ops is one line too, and its own exit code
        if invocation.options.debug:
            traceback.print_exc(file=sys.stderr)
        text = f"a fault of ops itself: {type(error).__name__}: {one_line(error)}; --debug shows where"
        screen.error("Fault", text, Exit.FAULT)
        return Exit.FAULT


def wants_color(option: bool | None, environment: Mapping[str, str]) -> bool | None:  # noqa: FBT001 - an option's value
    """Return whether there are colours: --color or --no-color, else NO_COLOR, else FORCE_COLOR; None: on a terminal."""
    if option is not None:
        return option
    if environment.get("NO_COLOR"):
        return False
    return True if environment.get("FORCE_COLOR") else None


def _finished(ended: Exit) -> Exit:
    sys.stdout.flush()  # here, where a pipe that was closed can still be recognised
    return ended


def _stopped(screen: Screen, error: KeyboardInterrupt) -> Exit:
    ended, by = (Exit.TERMINATED, str(error)) if isinstance(error, TerminatedError) else (Exit.INTERRUPTED, "Ctrl-C")
    screen.error("Interrupted", f"interrupted by {by}", ended)
    return ended


def _failed(screen: Screen, error: OpsError) -> Exit:
    screen.error(type(error).__name__.removesuffix("Error"), one_line(error), error.exit)
    return error.exit


def _terminate(number: int, _frame: FrameType | None) -> None:
    raise TerminatedError(signal.Signals(number).name)


def _closed() -> Exit:
    _discard(sys.stdout)
    return Exit.BROKEN_PIPE


def _discard(stream: TextIO) -> None:
    """Let nothing more be written to a pipe that was closed, not even when Python flushes it at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
