"""How the stack reports what it is doing."""

import sys
import time
from typing import Protocol


class Reporter(Protocol):
    """Receives each step as it begins."""

    def step(self, text: str) -> None:
        """Report one step: a short sentence without a full stop."""


class Silent:
    """Reports nothing."""

    def step(self, text: str) -> None:
        """Do nothing."""


class StandardError:
    """Prints each step on standard error with the seconds since the first."""

    def __init__(self) -> None:
        self._begun = time.monotonic()

    def step(self, text: str) -> None:
        """Print one line."""
        print(f"[{time.monotonic() - self._begun:5.1f} s] {text}", file=sys.stderr, flush=True)
