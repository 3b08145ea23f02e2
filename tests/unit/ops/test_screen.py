"""What an operator sees, on any terminal and in a pipe."""

import pytest

from ops.errors import UsageError
from ops.screen import Column
from tests.fakes.terminal import FakeScreen, columns

COLUMNS = [Column("reason"), Column("messages", right=True), Column("detail", flexible=True)]
LONG = "engagedAt must be text that matches a pattern which is rather longer than the terminal is wide, and then some"


def test_a_pipe_gets_whole_lines_without_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    """Grep and awk work by lines."""
    columns(monkeypatch, 40)
    screen = FakeScreen()
    screen.table(COLUMNS, [["not_json", "3", LONG]])

    assert any("not_json" in line and LONG in line for line in screen.result.splitlines())
    assert "\x1b" not in screen.result


@pytest.mark.parametrize("width", [60, 80, 200])
def test_a_terminal_gets_no_line_that_it_would_break(monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    """A broken table cannot be read."""
    columns(monkeypatch, width)
    screen = FakeScreen(terminal=True)
    screen.table(COLUMNS, [["not_json", "3", LONG]])

    shown = screen.result.replace("\x1b[1m", "").replace("\x1b[0m", "")
    assert max(map(len, shown.splitlines())) <= width


def test_a_table_s_title_stands_above_it() -> None:
    """And nothing does without one."""
    screen = FakeScreen()
    screen.table([Column("offer")], [["free"]], "offers")

    assert screen.result.splitlines()[0] == "offers"


def test_a_terminal_that_is_too_narrow_gets_row_by_row(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything is shown, whatever the width."""
    columns(monkeypatch, 30)
    screen = FakeScreen(terminal=True)
    screen.table(COLUMNS, [["rejected_by_service", "3", "short"], ["not_json", "", "short"]])

    assert "reason: " in screen.result
    assert screen.result.count("messages: ") == 1
    assert "rejected_by_service" in screen.result


def test_what_a_message_holds_cannot_steer_the_terminal() -> None:
    """A customer's data is not the operator's keyboard."""
    screen = FakeScreen()
    screen.table([Column("offer")], [["\x1b[2J[bold]free\u202e"]])

    assert "\\x1b[2J[bold]free\\u202e" in screen.result


@pytest.mark.parametrize(
    ("terminal", "color", "coloured"),
    [(True, None, True), (True, True, True), (True, False, False), (False, None, False), (False, True, True)],
)
def test_colours_are_for_terminals_unless_the_operator_says_otherwise(
    monkeypatch: pytest.MonkeyPatch, *, terminal: bool, color: bool | None, coloured: bool
) -> None:
    """The environment was read before: it is not asked again."""
    columns(monkeypatch, 80)
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("FORCE_COLOR", "1")
    screen = FakeScreen(terminal=terminal, color=color)
    screen.line("problem", "red")
    screen.error("Stack", "no such stack", 2)

    assert ("\x1b[31m" in screen.result) is coloured
    assert ("\x1b[1;31m" in screen.notes) is coloured


def test_colours_in_a_pipe_cut_no_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """`ops ... --color | less -R`: it is no terminal for all that."""
    columns(monkeypatch, 40)
    screen = FakeScreen(color=True)
    screen.table(COLUMNS, [["not_json", "3", LONG]])

    assert any(LONG in line for line in screen.result.splitlines())
    assert not screen.is_terminal


def test_with_json_there_is_one_document_and_nothing_else() -> None:
    """A program that reads it must not have to skip anything."""
    screen = FakeScreen(as_json=True)
    screen.line("a line")
    screen.table(COLUMNS, [["a", "b", "c"]])
    screen.document({"stack": "one"})
    with screen.progress("Looking", 10) as advance:
        advance(10)

    assert screen.json == {"stack": "one"}
    assert screen.notes == ""


def test_progress_in_a_pipe_is_a_line_for_each_tenth() -> None:
    """A log that holds a bar's every step cannot be read."""
    screen = FakeScreen()
    with screen.progress("Looking", 100) as advance:
        for _ in range(100):
            advance(1)

    assert len(screen.notes.splitlines()) == 10
    assert screen.notes.endswith("Looking: 100 of 100\n")


def test_progress_on_a_terminal_leaves_the_result_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bar is on standard error, so that standard output can be redirected."""
    columns(monkeypatch, 60)
    screen = FakeScreen(terminal=True)
    with screen.progress("Looking", 0) as advance:
        advance(1)

    assert screen.result == ""


def test_a_question_that_nobody_can_answer_names_the_option_instead() -> None:
    """A job at night must end rather than wait for a keyboard."""
    with pytest.raises(UsageError, match=r"give --confirm NAME"):
        FakeScreen().ask("Really?", "--confirm NAME")


def test_a_question_is_answered_by_a_line() -> None:
    """What was typed counts without its line end."""
    screen = FakeScreen(answers=("yes",))

    assert screen.ask("Really?", "--yes") == "yes"
    assert "Really?" in screen.notes
