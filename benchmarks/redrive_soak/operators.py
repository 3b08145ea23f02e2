"""Those who type `ops dlq redrive`: processes of their own, by way of the proxies."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LONGEST_RUN = 180.0
"""Seconds; a run that takes longer hangs."""


class Operator:
    """One of them.

    Args:
        environment: Which leads to the stack.
        journal: Theirs.
    """

    def __init__(self, environment: Mapping[str, str], journal: Path) -> None:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        self._environment = {**kept, **environment}
        self._journal = journal
        self._process: subprocess.Popen[str] | None = None

    def start(self, *options: str) -> None:
        """Type the command."""
        self._process = subprocess.Popen(  # noqa: S603 - this project's own command
            [sys.executable, "-m", "ops", "dlq", "redrive", "--yes", "--journal", str(self._journal), *options],
            cwd=ROOT,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def kill(self) -> None:
        """End the process as a crash does."""
        if self._process is not None:
            self._process.kill()

    def end(self) -> tuple[int, str]:
        """Return how the command ended, and what it said."""
        if self._process is None:
            raise RuntimeError("nothing was typed yet")
        try:
            said, _ = self._process.communicate(timeout=LONGEST_RUN)
        except subprocess.TimeoutExpired:
            self._process.kill()
            said, _ = self._process.communicate()
            return -1, f"hung for {LONGEST_RUN:.0f} s: {said}"
        return self._process.returncode, said

    def run(self, *options: str) -> tuple[int, str]:
        """Type the command and wait for its end."""
        self.start(*options)
        return self.end()
