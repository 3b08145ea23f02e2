"""`python -m benchmarks.least_privilege`: exits with 1 where a part of a policy is missing, or one too many."""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console

from benchmarks.least_privilege.report import show
from benchmarks.least_privilege.trial import SETTINGS, Trial
from local.stack import LocalStack, StackError, StandardError

# A table is read as a whole: where output is no terminal, lines are not broken at its 80 columns.
WIDTH = 190


def main() -> int:
    """Deploy, try, print."""
    argparse.ArgumentParser(prog="python -m benchmarks.least_privilege", description=__doc__).parse_args()
    console = Console(width=None if sys.stdout.isatty() else WIDTH)
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as directory:
        try:
            with LocalStack.running(Path(directory), SETTINGS, StandardError()) as stack:
                return _try(stack, console, began)
        except StackError as error:
            console.print(f"error: {error}", markup=False)
            return 1


def _try(stack: LocalStack, console: Console, began: float) -> int:
    with Trial.of(stack) as trial:
        if failures := trial.whole():
            console.print("With exactly the template's policies these fail:", failures)
            return 1
        verdicts = [trial.try_without(mutation) for mutation in trial.mutations()]
    show(console, verdicts)
    wrong = sum(not verdict.is_as_expected for verdict in verdicts)
    unproved = sum(bool(verdict.mutation.not_provable) for verdict in verdicts)
    console.print(
        f"With exactly the template's policies everything works. {len(verdicts)} parts taken away:"
        f" {len(verdicts) - wrong - unproved} shown to be needed, {unproved} not provable here,"
        f" {wrong} not as expected. {time.monotonic() - began:.0f} s."
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
