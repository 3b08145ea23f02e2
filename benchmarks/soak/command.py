"""`python -m benchmarks.soak`: arguments to a run, a run to an exit code."""

import argparse
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from benchmarks.command import exit_code, on_own_stack
from benchmarks.soak import service
from benchmarks.soak.catalogue import NONE, PROFILES
from benchmarks.soak.report import show
from benchmarks.soak.run import PARAMETERS, Soak
from local.stack import LocalStack, Reporter, StackSettings, StandardError
from local.stack.progress import results

DIRECTORY = Path(__file__).resolve().parents[2] / ".local" / "soak"
RECORDS = 20_000
FEWEST = 100
WIDTH = 170


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a soak; return 0 if nothing is lost or wrong, 1 if something is, 130 for Ctrl-C."""
    options = _parser().parse_args(arguments)
    names = [name for name in PROFILES if name == NONE or name in options.faults]

    def run() -> int:
        with soak(options.directory, StandardError()) as one:
            result = one.run(options.records, names)
        return show(results(WIDTH), result)

    return exit_code(run)


@contextmanager
def soak(directory: Path, reporter: Reporter) -> Iterator[Soak]:
    """Run a stack of its own for a soak, without what an earlier one stored.

    Raises:
        StackError: it cannot be started.
    """
    directory.mkdir(parents=True, exist_ok=True)
    LocalStack.end(directory)
    service.clear(directory)
    settings = StackSettings(parameters=PARAMETERS, emulator_arguments=service.arguments(directory))
    with on_own_stack(directory, settings, reporter, lambda stack: Soak(stack, reporter)) as one:
        yield one


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
