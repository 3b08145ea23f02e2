"""`python -m benchmarks.soak`: arguments to a run, a run to an exit code."""

import argparse
import contextlib
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.console import Console

from benchmarks.soak import service
from benchmarks.soak.catalogue import NONE, PROFILES
from benchmarks.soak.phase import StalledError
from benchmarks.soak.report import show
from benchmarks.soak.run import PARAMETERS, Soak
from local.stack import LocalStack, Reporter, StackError, StackSettings, StandardError

DIRECTORY = Path(__file__).resolve().parents[2] / ".local" / "soak"
RECORDS = 20_000
FEWEST = 100
WIDTH = 170
FAILED, USAGE, INTERRUPTED = 1, 2, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a soak; return 0 where nothing is lost or wrong, 1 where something is, 130 for Ctrl-C."""
    options = _parser().parse_args(arguments)
    names = [name for name in PROFILES if name == NONE or name in options.faults]
    reporter = StandardError()
    try:
        with soak(options.directory, reporter) as one:
            result = one.run(options.records, names)
        return show(_console(), result)
    except (StackError, StalledError) as error:
        print(f"error: {error}", file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        print("interrupted; what this command started has been ended", file=sys.stderr)
        return INTERRUPTED


@contextlib.contextmanager
def soak(directory: Path, reporter: Reporter) -> Iterator[Soak]:
    """Run a stack of its own for a soak; it is ended in every case, on Ctrl-C and SIGTERM too.

    Raises:
        StackError: it cannot be started.
    """
    directory.mkdir(parents=True, exist_ok=True)
    LocalStack.end(directory)
    service.clear(directory)
    settings = StackSettings(parameters=PARAMETERS, emulator_arguments=service.arguments(directory))
    with LocalStack.running(directory, settings, reporter) as stack:
        one = Soak(stack, reporter)
        try:
            yield one
        finally:
            one.close()


def _console() -> Console:
    console = Console(highlight=False)
    if not console.is_terminal and "COLUMNS" not in os.environ:
        console.width = WIDTH
    return console


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.soak", description=__doc__)
    parser.add_argument("--records", type=_records, default=RECORDS, help=f"customers in all, from {FEWEST} on")
    parser.add_argument(
        "--faults", type=_faults, default=set(PROFILES), metavar="NAME,...", help=f"of {', '.join(PROFILES)}"
    )
    parser.add_argument("--directory", type=Path, default=DIRECTORY, help="where the stack and its logs are")
    return parser


def _records(text: str) -> int:
    if not text.isdecimal() or int(text) < FEWEST:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from {FEWEST} on")
    return int(text)


def _faults(text: str) -> set[str]:
    names = {name for name in text.replace(",", " ").split() if name}
    if unknown := names - PROFILES.keys():
        known = ", ".join(PROFILES)
        raise argparse.ArgumentTypeError(f"{', '.join(sorted(unknown))}: there are {known}")
    return names
