"""How commands report."""

import io
import re

import pytest

from local.stack.progress import Silent, StandardError, results


def test_steps_have_their_seconds_and_progress_a_line_for_each_tenth() -> None:
    """A pipe has no bar, and twenty thousand lines would be no progress."""
    err = io.StringIO()
    reporter = StandardError(err)
    reporter.step("Ready")
    with reporter.progress("Sent", 20) as advance:
        advance(1)
        advance(1)
        advance(18)
    lines = err.getvalue().splitlines()
    assert re.fullmatch(r"\[ +\d+\.\d s\] Ready", lines[0])
    assert lines[1:] == ["Sent: 2 of 20", "Sent: 20 of 20"]


def test_nothing_is_reported_by_silent(capsys: pytest.CaptureFixture[str]) -> None:
    """A test's output is its own."""
    with Silent().progress("Sent", 1) as advance:
        advance(1)
    Silent().step("Ready")
    assert capsys.readouterr() == ("", "")


def test_a_result_has_room_for_a_line_a_row_in_a_pipe(monkeypatch: pytest.MonkeyPatch) -> None:
    """Unless the caller says how wide it is; but never narrower than a line can be read."""
    monkeypatch.delenv("COLUMNS", raising=False)
    assert results(110).width == 110
    monkeypatch.setenv("COLUMNS", "40")
    assert (results(110).width, results(110, 60).width) == (40, 60)
