"""What the commands of both soaks have in common: a stack of their own, exit codes, the verdict."""

import contextlib
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Protocol, TypeVar

from rich.console import Console
from rich.text import Text

from local.stack import LocalStack, Reporter, StackError, StackSettings

OK, FAILED, INTERRUPTED = 0, 1, 130
SHOWN = 20
"""Failures that are named before they are only counted."""


class StalledError(Exception):
    """Nothing moved for longer than a soak waits."""


class Closes(Protocol):
    """A soak, which stops what it started itself."""

    def close(self) -> None:
        """Stop it."""


Soak = TypeVar("Soak", bound=Closes)


def exit_code(run: Callable[[], int]) -> int:
    """Return what a run returns; 1 if it cannot be done, and 130 for Ctrl-C."""
    try:
        return run()
    except (StackError, StalledError) as error:
        print(f"error: {error}", file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        print("interrupted; what this command started has been ended", file=sys.stderr)
        return INTERRUPTED


@contextlib.contextmanager
def on_own_stack(
    directory: Path, settings: StackSettings, reporter: Reporter, make: Callable[[LocalStack], Soak]
) -> Iterator[Soak]:
    """Run a stack for a soak; it is ended in every case, on Ctrl-C and SIGTERM too.

    Raises:
        StackError: it cannot be started.
    """
    with LocalStack.running(directory, settings, reporter) as stack:
        soak = make(stack)
        try:
            yield soak
        finally:
            soak.close()


def verdict(console: Console, failures: Sequence[str], passed: str) -> int:
    """Print the failures, or the sentence for a soak that passed; return the exit code."""
    if not failures:
        console.print(Text(passed, style="bold green"))
        return OK
    for failure in failures[:SHOWN]:
        console.print(Text(f"error: {failure}", style="bold red"), soft_wrap=True)
    if len(failures) > SHOWN:
        console.print(f"... and {len(failures) - SHOWN} more")
    return FAILED
