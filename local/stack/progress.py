"""How commands report on a terminal or in a pipe: steps and progress on standard error, results on standard output."""

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol, TextIO

from rich.console import Console

from ops.screen import Screen


class Reporter(Protocol):
    """Receives each step as it begins, and how far it is."""

    def step(self, text: str, style: str = "") -> None:
        """Report one step: a short sentence without a full stop."""

    def progress(self, what: str, total: int) -> AbstractContextManager[Callable[[int], None]]:
        """Yield what is called with how many of ``total`` were done since the last call."""


class Silent:
    """Reports nothing."""

    def step(self, text: str, style: str = "") -> None:
        """Do nothing."""

    @contextmanager
    def progress(self, what: str, total: int) -> Iterator[Callable[[int], None]]:  # noqa: ARG002 - the protocol's
        """Do nothing."""
        yield lambda _done: None


class StandardError:
    """Prints each step on standard error with the seconds since the first."""

    def __init__(self, err: TextIO | None = None) -> None:
        self._begun = time.monotonic()
        self._screen = Screen(sys.stdout, err or sys.stderr, sys.stdin.readline)

    def step(self, text: str, style: str = "") -> None:
        """Print one line."""
        self._screen.note(f"[{time.monotonic() - self._begun:5.1f} s] {text}", style)

    def progress(self, what: str, total: int) -> AbstractContextManager[Callable[[int], None]]:
        """Show a bar, or in a pipe a line for each tenth."""
        return self._screen.progress(what, total)


def results(pipe_width: int, least: int = 0) -> Console:
    """Return where a result goes: as wide as the terminal, or in a pipe wide enough for a line a row.

    A terminal narrower than ``least`` wraps lines by itself, which cuts nothing off.
    """
    console = Console(highlight=False)
    if not console.is_terminal and "COLUMNS" not in os.environ:
        console.width = pipe_width
    console.width = max(console.width, least)
    return console
