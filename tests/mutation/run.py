"""Runs mutmut over one area, in its own environment (`make mutate`), and reads what came of it."""

import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.mutation.areas import Area
from tests.mutation.verdict import Fault


class MutationError(Exception):
    """mutmut could not run: the tests fail without any fault, or it has none to put in."""


def mutate(folder: Path, workers: int, only: Sequence[str]) -> None:
    """Let mutmut put in every fault, or those of which a name is given; it prints how far it is.

    Raises:
        MutationError: see there.
    """
    command = [sys.executable, "-m", "mutmut", "run", "--max-children", str(workers), *only]
    if subprocess.run(command, cwd=folder, check=False).returncode:
        raise MutationError(f"mutmut failed; its workspace is {folder}")


def faults(area: Area, folder: Path) -> Iterator[Fault]:
    """Yield every fault of an area that was tried, with what became of it."""
    program = [sys.executable, "-m", "tests.mutation.faults", area.source]
    printed = subprocess.run(program, cwd=folder, check=True, capture_output=True, text=True)
    for line in printed.stdout.splitlines():
        function, removed, added, status = line.split("\t")
        yield Fault(function, removed, added, status)
