"""`python -m benchmarks.redrive_soak`: arguments to a run, a run to an exit code."""

import argparse
import contextlib
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.console import Console

from benchmarks.redrive_soak.catalogue import TRIALS
from benchmarks.redrive_soak.report import show
from benchmarks.redrive_soak.run import RedriveSoak
from local.stack import LocalStack, Reporter, StackError, StandardError

DIRECTORY = Path(__file__).resolve().parents[2] / ".local" / "redrive-soak"
CUSTOMERS = 12
WIDTH = 150
FAILED, INTERRUPTED = 1, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a soak; return 0 where nobody is lost or doubled, 1 where somebody is, 130 for Ctrl-C."""
    options = _parser().parse_args(arguments)
    reporter = StandardError()
    try:
        with soak(options.directory, reporter) as one:
            rows = one.run(options.records, [name for name in TRIALS if _is_meant(name, options.faults)])
        return show(_console(), rows)
    except StackError as error:
        print(f"error: {error}", file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        print("interrupted; what this command started has been ended", file=sys.stderr)
        return INTERRUPTED


@contextlib.contextmanager
def soak(directory: Path, reporter: Reporter) -> Iterator[RedriveSoak]:
    """Run a stack of its own for a soak; it is ended in every case, on Ctrl-C and SIGTERM too.

    Raises:
        StackError: it cannot be started.
    """
    directory.mkdir(parents=True, exist_ok=True)
    LocalStack.end(directory)
    with LocalStack.running(directory, reporter=reporter) as stack:
        one = RedriveSoak(stack, directory, reporter)
        try:
            yield one
        finally:
            one.close()


def _is_meant(name: str, words: Sequence[str]) -> bool:
    return not words or any(word in name for word in words)


def _console() -> Console:
    console = Console(highlight=False)
    if not console.is_terminal and "COLUMNS" not in os.environ:
        console.width = WIDTH
    return console


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.redrive_soak", description=__doc__)
    parser.add_argument("--records", type=_records, default=CUSTOMERS, help="customers of a trial, at each stage")
    parser.add_argument(
        "--faults",
        type=_faults,
        default=[],
        metavar="WORDS,...",
        help=f"only the trials with one of these words in their names, of: {'; '.join(TRIALS)}",
    )
    parser.add_argument("--directory", type=Path, default=DIRECTORY, help="where the stack and its logs are")
    return parser


def _records(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and int(text)):
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number above zero")
    return int(text)


def _faults(text: str) -> list[str]:
    words = [word.strip() for word in text.split(",") if word.strip()]
    for word in words:
        if not any(word in name for name in TRIALS):
            raise argparse.ArgumentTypeError(f"{word}: there are {'; '.join(TRIALS)}")
    return words
