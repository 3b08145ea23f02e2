"""What an operator sees: results on standard output, everything else on standard error.

With ``--json`` standard output holds one JSON document and nothing else. In a pipe there are no colours, no progress
bars and no line is cut; on a narrow terminal a table that does not fit is written row by row.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TextIO

from rich import box
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from ops.errors import UsageError
from ops.text import printable

FLEXIBLE = 24
"""Characters that a column which may fold needs at least."""
WIDE = 100_000
"""Characters of a line in a pipe: none is broken."""
PIPE_WIDTH = 80
"""Characters across which something is drawn where nobody says how many fit."""
STEPS = 10
"""Lines of progress where there is no terminal for a bar."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    Attributes:
        title: What it holds.
        right: Whether it holds numbers, aligned to the right.
        flexible: Whether its text may be folded.
    """

    title: str
    right: bool = False
    flexible: bool = False


class _Console(Console):
    """A console that leaves it to the caller what a closed pipe means; rich ends the process with code 1."""

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError


class Screen:
    """The two streams of a terminal or pipe.

    Args:
        out: For results.
        err: For progress, questions and errors.
        read: What a question is answered from: a line of standard input.
        as_json: Whether results are JSON.
        interactive: Whether somebody can answer a question.
    """

    def __init__(
        self, out: TextIO, err: TextIO, read: Callable[[], str], *, as_json: bool = False, interactive: bool = False
    ) -> None:
        self._out = _Console(file=out, highlight=False, width=None if out.isatty() else WIDE)
        self._err = _Console(file=err, highlight=False, stderr=True)
        self._read = read
        self.is_json = as_json
        self.is_interactive = interactive

    @property
    def width(self) -> int:
        """Characters across which a result is to be drawn."""
        return self._out.width if self._out.is_terminal else PIPE_WIDTH

    @property
    def is_terminal(self) -> bool:
        """Whether standard output is a terminal, which can be cleared and written anew."""
        return self._out.is_terminal

    @property
    def console(self) -> Console:
        """Standard output as rich's console, for what the other members cannot draw."""
        return self._out

    def document(self, members: Mapping[str, Any]) -> None:
        """Write the one JSON document of a command, where JSON was asked for."""
        if self.is_json:
            self._out.file.write(json.dumps(members, indent=2, ensure_ascii=True, default=str) + "\n")
            self._out.file.flush()

    def line(self, text: str = "", style: str = "") -> None:
        """Write a line of the result; nothing where JSON was asked for."""
        if not self.is_json:
            self._write(self._out, text, style)

    def note(self, text: str, style: str = "") -> None:
        """Write a line beside the result."""
        self._write(self._err, text, style)

    def error(self, kind: str, text: str, code: int) -> None:
        """Write why the command failed: one line, or one line of JSON."""
        if self.is_json:
            self._err.file.write(json.dumps({"error": kind, "message": text, "exit": code}) + "\n")
        else:
            self._write(self._err, f"error: {text}", "bold red")
        self._err.file.flush()

    def table(self, columns: Sequence[Column], rows: Iterable[Sequence[str]], title: str = "") -> None:
        """Write a table of the result; row by row where the terminal is too narrow for it."""
        if self.is_json:
            return
        cells = [[printable(cell) for cell in row] for row in rows]
        if title:
            self.line(title, "bold")
        if self._out.is_terminal and _needed(columns, cells) > self.width:
            self._stacked(columns, cells)
            return
        drawn = Table(box=box.SIMPLE_HEAD if self._out.is_terminal else None, pad_edge=False, header_style="bold")
        for column in columns:
            drawn.add_column(
                column.title,
                justify="right" if column.right else "left",
                overflow="fold",
                no_wrap=not column.flexible,
            )
        for row in cells:
            drawn.add_row(*(Text(cell) for cell in row))
        self._out.print(drawn)

    @contextmanager
    def progress(self, what: str, total: int) -> Iterator[Callable[[int], None]]:
        """Show how far something is: yields what is called with how many of ``total`` were done since the last call."""
        if not self._err.is_terminal or self.is_json:
            yield _Lines(self, what, total).advance
            return
        with Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=None),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=self._err,
            transient=True,
            expand=self._err.width < 100,  # noqa: PLR2004 - a bar across a wide terminal tells no more
        ) as bar:
            task = bar.add_task(what, total=total or None)
            yield lambda done: bar.advance(task, done)

    def ask(self, question: str, instead: str) -> str:
        """Return what is answered to a question.

        Raises:
            UsageError: nobody is there to answer; ``instead`` is the option that answers it.
        """
        if not self.is_interactive:
            raise UsageError(f"{question} Nobody can answer here: give {instead}")
        self._err.print(Text(f"{question} "), end="")
        return self._read().strip()

    def _write(self, console: Console, text: str, style: str) -> None:
        console.print(Text("\n".join(map(printable, text.split("\n"))), style=style), soft_wrap=not console.is_terminal)

    def _stacked(self, columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> None:
        for row in rows:
            self.line()
            for column, cell in zip(columns, row, strict=True):
                if cell:
                    self._out.print(Text(f"{column.title}: ", style="bold"), Text(cell), sep="", overflow="fold")


class _Lines:
    """Progress where there is no terminal: a line each time that another tenth is done; none with JSON."""

    def __init__(self, screen: Screen, what: str, total: int) -> None:
        self._screen = screen
        self._what = what
        self._total = total
        self._done = 0
        self._said = 0

    def advance(self, done: int) -> None:
        self._done += done
        tenth = self._done * STEPS // self._total if self._total else 0
        if tenth > self._said and not self._screen.is_json:
            self._said = tenth
            self._screen.note(f"{self._what}: {self._done:,} of {self._total:,}")


def _needed(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> int:
    widths = _widths(columns, rows)
    return sum(
        (min(width, FLEXIBLE) if column.flexible else width) + 2 for column, width in zip(columns, widths, strict=True)
    )


def _widths(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> list[int]:
    return [max([len(column.title), *(len(row[n]) for row in rows)]) for n, column in enumerate(columns)]
