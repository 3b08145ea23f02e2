"""A terminal or pipe that keeps what is written to it."""

import json
from io import StringIO
from typing import Any

import pytest

from ops.output import Output
from ops.screen import Screen


class FakeTerminal(StringIO):
    """A stream that says whether it is a terminal."""

    def __init__(self, *, terminal: bool = False) -> None:
        super().__init__()
        self._terminal = terminal

    def isatty(self) -> bool:
        return self._terminal


class FakeScreen(Screen):
    """`ops.screen.Screen` on two streams in memory; `answers` are what the operator types, one after the other."""

    def __init__(
        self,
        *,
        as_json: bool = False,
        output: Output = Output.TABLE,
        terminal: bool = False,
        color: bool | None = None,
        answers: tuple[str, ...] = (),
    ) -> None:
        self.out, self.err = FakeTerminal(terminal=terminal), FakeTerminal(terminal=terminal)
        self.answers = list(answers)
        form = Output.JSON if as_json else output
        super().__init__(self.out, self.err, self._answer, output=form, color=color, interactive=bool(answers))

    @property
    def result(self) -> str:
        """What is on standard output."""
        return self.out.getvalue()

    @property
    def notes(self) -> str:
        """What is on standard error."""
        return self.err.getvalue()

    @property
    def json(self) -> Any:
        """Standard output as the one JSON document."""
        return json.loads(self.result)

    def _answer(self) -> str:
        return self.answers.pop(0) + "\n"


def columns(monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    """Make terminals this wide."""
    monkeypatch.setenv("COLUMNS", str(width))
    monkeypatch.setenv("TERM", "xterm")
