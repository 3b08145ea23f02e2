"""The commands `up`, `down`, `demo` and `dashboard`: the pipeline on one machine."""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from local.dashboard import command as dashboards
from local.demo.command import add_arguments, demo
from local.stack import (
    CONNECT_INSTANCE,
    DEFAULT_DIRECTORY,
    AlreadyRunningError,
    LocalStack,
    StackError,
    StackSettings,
    StandardError,
    exports,
)

INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return the exit code: 0, 1 for a failure that was explained, 130 for Ctrl-C."""
    options = _parser().parse_args(arguments)
    command: Callable[[argparse.Namespace], int] = options.command
    try:
        return command(options)
    except StackError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("interrupted; what this command started has been ended", file=sys.stderr)
        return INTERRUPTED


def up(options: argparse.Namespace) -> int:
    """Start the stack and leave it running; standard output gets shell lines for its clients and nothing else."""
    report = StandardError()
    try:
        settings = StackSettings(parameters={"ConnectInstanceArn": CONNECT_INSTANCE}, feed_metrics=True)
        stack = LocalStack.start(options.directory, settings, report)
    except AlreadyRunningError as error:
        stack = LocalStack.attach(options.directory)
        report.step(str(error))
    report.step(f"Logs are in {stack.logs_path}; `make down` ends the stack")
    sys.stdout.write(exports(stack.environment))
    return 0


def down(options: argparse.Namespace) -> int:
    """End what `up` started."""
    report = StandardError()
    if LocalStack.end(options.directory, report):
        report.step(f"Down; logs are in {options.directory / 'logs'}")
    else:
        report.step(f"Nothing is up in {options.directory}")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m local", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for command in (up, down, demo, dashboards.dashboard):
        description = (command.__doc__ or "").partition("\n")[0]
        added = commands.add_parser(command.__name__, help=description, description=description)
        added.add_argument(
            "--directory", type=Path, default=DEFAULT_DIRECTORY, help="where the stack keeps its state and logs"
        )
        added.set_defaults(command=command)
        if command is demo:
            add_arguments(added)
        if command is dashboards.dashboard:
            dashboards.add_arguments(added)
    return parser
