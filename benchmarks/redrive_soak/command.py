"""`python -m benchmarks.redrive_soak`: arguments to a run, a run to an exit code."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from benchmarks.command import exit_code, on_own_stack
from benchmarks.redrive_soak.catalogue import TRIALS
from benchmarks.redrive_soak.report import show
from benchmarks.redrive_soak.run import RedriveSoak
from local.stack import LocalStack, StackSettings, StandardError
from local.stack.progress import results

DIRECTORY = Path(__file__).resolve().parents[2] / ".local" / "redrive-soak"
CUSTOMERS = 12
WIDTH = 150


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a soak; return 0 if no customer is lost or doubled, 1 if one is, 130 for Ctrl-C."""
    options = _parser().parse_args(arguments)
    reporter = StandardError()

    def run() -> int:
        directory: Path = options.directory
        directory.mkdir(parents=True, exist_ok=True)
        LocalStack.end(directory)
        with on_own_stack(
            directory, StackSettings(), reporter, lambda stack: RedriveSoak(stack, directory, reporter)
        ) as one:
            rows = one.run(options.records, [name for name in TRIALS if _is_meant(name, options.faults)])
        return show(results(WIDTH), rows)

    return exit_code(run)


def _is_meant(name: str, words: Sequence[str]) -> bool:
    return not words or any(word in name for word in words)


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
