"""Progress for a person: a moving line on a terminal, a line now and then in a pipe. All of it on standard error."""

import time
from collections.abc import Callable
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.text import Text

SECONDS_BETWEEN_LINES = 5.0
SECONDS_BETWEEN_NOTES = 30.0


class Screen:
    """Tells what is going on. A `local.stack.Reporter`, too."""

    def __init__(self, console: Console, clock: Callable[[], float] = time.monotonic) -> None:
        self._console = console
        self._clock = clock
        self._begun = clock()

    @property
    def seconds(self) -> float:
        """Seconds since the beginning."""
        return self._clock() - self._begun

    def step(self, text: str) -> None:
        """Tell of a step that begins."""
        self._line(text, "bold")

    def warn(self, text: str) -> None:
        """Tell of something that went wrong; what follows goes on."""
        self._line(text, "red")

    def counter(self, text: str, total: int) -> "Counter":
        """Return a context in which a count rises to ``total``."""
        return Counter(self._console, self, text, total, self._clock)

    def _line(self, text: str, style: str) -> None:
        line = Text().append(f"[{self.seconds:5.1f} s] ", style="dim").append(text, style=style)
        self._console.print(line, soft_wrap=not self._console.is_terminal)


class Counter:
    """A count on its way: a bar on a terminal, else a line every `SECONDS_BETWEEN_LINES`."""

    def __init__(self, console: Console, screen: Screen, text: str, total: int, clock: Callable[[], float]) -> None:
        self._screen = screen
        self._text = text
        self._total = total
        self._clock = clock
        self._last_line = clock()
        self._done = 0
        self._told = -1
        self._last_note = float("-inf")
        self._bar = Progress(
            TextColumn("          {task.description}"),
            BarColumn(bar_width=20),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=console,
            disable=not console.is_terminal,
            transient=True,
        )
        self._task = self._bar.add_task(text, total=total)

    def __enter__(self) -> Self:
        if not self._bar.disable:
            self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        if not self._bar.disable:
            self._bar.stop()
        self._screen.step(f"{self._text}: {self._done} of {self._total}")

    def reach(self, done: int) -> None:
        """Tell that ``done`` of the total are done."""
        pause = SECONDS_BETWEEN_NOTES if done == self._told else SECONDS_BETWEEN_LINES
        self._done = done
        self._bar.update(self._task, completed=done)
        if self._bar.disable and self._clock() - self._last_line >= pause:
            self._last_line = self._clock()
            self._told = done
            self._screen.step(f"{self._text}: {done} of {self._total}")

    def note(self, text: str) -> None:
        """Tell why the count stands still; nothing where ``text`` is empty."""
        if text and self._clock() - self._last_note >= SECONDS_BETWEEN_NOTES:
            self._last_note = self._clock()
            self._screen.step(text)
