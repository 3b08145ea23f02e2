"""What an operator sees: results on standard output, everything else on standard error.

With an output other than the table, standard output holds the document and nothing else. In a pipe there are no
colours unless they are asked for, no progress bars, and no line is cut; on a narrow terminal a table that does not fit
is written row by row.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal, TextIO

from rich import box
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from ops.errors import UsageError
from ops.output import Output, Rows, as_csv, as_json, as_yaml
from ops.text import printable

FLEXIBLE = 24
"""Characters that a column which may fold needs at least."""
WIDE = 100_000
"""Characters of a line in a pipe: none is broken."""
PIPE_WIDTH = 80
"""Characters across which something is drawn in a pipe."""
STEPS = 10
"""Lines of progress without a terminal for a bar."""


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


def _console(stream: TextIO, color: bool | None) -> _Console:  # noqa: FBT001 - three values
    terminal = stream.isatty()
    # the environment is read once, by the application: rich would take FORCE_COLOR for a terminal
    system: Literal["auto", "standard"] | None = "auto" if terminal else "standard" if color else None
    return _Console(
        file=stream,
        highlight=False,
        force_terminal=terminal,
        color_system=None if color is False else system,
        no_color=False,
    )


class Screen:
    """The two streams of a terminal or pipe.

    Args:
        out: For results.
        err: For progress, questions and errors.
        read: What a question is answered from: a line of standard input.
        output: The form of results.
        color: Whether there are colours; None: on a terminal.
        interactive: Whether the operator can answer a question.
    """

    def __init__(  # noqa: PLR0913 - the streams, and one keyword for each way in which they may look
        self,
        out: TextIO,
        err: TextIO,
        read: Callable[[], str],
        *,
        output: Output = Output.TABLE,
        color: bool | None = None,
        interactive: bool = False,
    ) -> None:
        self._out = _console(out, color)
        self._err = _console(err, color)
        if not out.isatty():
            self._out.width = WIDE
        self._read = read
        self._output = output
        self._has_header = False
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

    @property
    def is_table(self) -> bool:
        """Whether the result is for people: tables and lines."""
        return self._output is Output.TABLE

    def document(self, members: Mapping[str, Any], rows: Rows | None = None) -> None:
        """Write the document of a command, unless its result is for people.

        Args:
            members: For JSON and YAML.
            rows: For CSV.
        """
        if self._output is Output.JSON:
            self.verbatim(as_json(members))
        elif self._output is Output.YAML:
            self.verbatim(as_yaml(members))
        elif self._output is Output.CSV:
            if rows is None:
                raise UsageError("this command has no rows to write as csv")
            self.verbatim(as_csv(rows, header=not self._has_header))
            self._has_header = True

    def verbatim(self, text: str) -> None:
        """Write text of our own as it is."""
        self._out.file.write(text)
        self._out.file.flush()

    def line(self, text: str = "", style: str = "") -> None:
        """Write a line of the result for people."""
        if self.is_table:
            self._write(self._out, text, style)

    def note(self, text: str, style: str = "") -> None:
        """Write a line beside the result."""
        self._write(self._err, text, style)

    def error(self, kind: str, text: str, code: int) -> None:
        """Write why the command failed: one line, or one line of JSON beside a document."""
        if not self.is_table:
            self._err.file.write(json.dumps({"error": kind, "message": text, "exit": code}) + "\n")
        else:
            self._write(self._err, f"error: {text}", "bold red")
        self._err.file.flush()

    def table(self, columns: Sequence[Column], rows: Iterable[Sequence[str]], title: str = "") -> None:
        """Write a table of the result for people; row by row if the terminal is too narrow for it."""
        if not self.is_table:
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
        if not self._err.is_terminal or not self.is_table:
            yield _Lines(self, what, total).advance
            return
        with Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=None),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=self._err,
            transient=True,
            expand=self._err.width < 100,  # noqa: PLR2004 - a bar across a wide terminal shows no more
        ) as bar:
            task = bar.add_task(what, total=total or None)
            yield lambda done: bar.advance(task, done)

    def ask(self, question: str, instead: str) -> str:
        """Return what is answered to a question.

        Raises:
            UsageError: no operator is there to answer; ``instead`` is the option that answers it.
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
    """Progress without a terminal: a line each time that another tenth is done; none beside a document."""

    def __init__(self, screen: Screen, what: str, total: int) -> None:
        self._screen = screen
        self._what = what
        self._total = total
        self._done = 0
        self._said = 0

    def advance(self, done: int) -> None:
        self._done += done
        tenth = self._done * STEPS // self._total if self._total else 0
        if tenth > self._said and self._screen.is_table:
            self._said = tenth
            self._screen.note(f"{self._what}: {self._done:,} of {self._total:,}")


def _needed(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> int:
    widths = _widths(columns, rows)
    return sum(
        (min(width, FLEXIBLE) if column.flexible else width) + 2 for column, width in zip(columns, widths, strict=True)
    )


def _widths(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> list[int]:
    return [max([len(column.title), *(len(row[n]) for row in rows)]) for n, column in enumerate(columns)]
