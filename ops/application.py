"""From the command line to an exit code: every way in which a command can end."""

import argparse
import os
import signal
import sys
import traceback
from collections.abc import Sequence
from types import FrameType
from typing import TextIO

from engagement.clock import SystemClock
from ops import arguments
from ops.account import Account
from ops.commands import COMMANDS
from ops.errors import AWS_FAILURES, OpsError, explained, one_line
from ops.exits import Exit
from ops.screen import Screen
from ops.workplace import Workplace

ENDING = (signal.SIGTERM, signal.SIGHUP)
"""The signals that end a process from outside and leave it time to tidy up."""


class TerminatedError(KeyboardInterrupt):
    """SIGTERM came, or SIGHUP as the terminal was closed: what Ctrl-C tidies up is tidied up as well."""


def main(given: Sequence[str] | None = None) -> int:
    """Run one command on this terminal; return the exit code, of `ops.exits.Exit`."""
    options = parse(given)
    screen = Screen(
        sys.stdout,
        sys.stderr,
        sys.stdin.readline,
        as_json=options.as_json,
        interactive=sys.stdin.isatty() and sys.stderr.isatty(),
    )
    # nohup has SIGHUP ignored, and means it
    meant = [number for number in ENDING if signal.getsignal(number) is not signal.SIG_IGN]
    previous = {number: signal.signal(number, _terminate) for number in meant}
    try:
        return run(options, screen)
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)


def parse(given: Sequence[str] | None = None) -> argparse.Namespace:
    """Return the command line's options; ends the process with code 2 where it is wrong, as argparse does."""
    parser = arguments.root()
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for add in COMMANDS:
        add(commands)
    return parser.parse_args(given, namespace=argparse.Namespace(**arguments.DEFAULTS))


def run(options: argparse.Namespace, screen: Screen) -> Exit:
    """Run one command; whatever it raises becomes one line and an exit code."""
    try:
        # boto3 reads AWS_DEFAULT_REGION alone; AWS's own command line reads AWS_REGION before it
        account = Account(options.profile, options.region or os.environ.get("AWS_REGION") or None)
        workplace = Workplace(account, options.stack, screen, SystemClock())
        return _finished(options.run(workplace, options))
    except KeyboardInterrupt as error:
        return _stopped(screen, error)
    except BrokenPipeError:
        _forget(sys.stdout)
        return Exit.BROKEN_PIPE
    except OpsError as error:
        return _failed(screen, error)
    except AWS_FAILURES as error:
        return _failed(screen, explained(error))
    except Exception as error:  # noqa: BLE001 - the last resort: a fault of ops is one line too, and its own exit code
        if options.debug:
            traceback.print_exc(file=sys.stderr)
        text = f"a fault of ops itself: {type(error).__name__}: {one_line(error)}; --debug shows where"
        screen.error("Fault", text, Exit.FAULT)
        return Exit.FAULT


def _finished(ended: Exit) -> Exit:
    sys.stdout.flush()  # here, where a pipe that was closed is still told apart
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


def _forget(stream: TextIO) -> None:
    """Let nothing more be written to a pipe that was closed, not even when Python flushes it at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
