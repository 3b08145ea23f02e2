"""What the local stack's errors tell."""

from pathlib import Path

from local.stack.errors import TAIL_LINES, SamError, ServerError


def test_the_end_of_the_log_is_in_the_message(tmp_path: Path) -> None:
    """The reader should not have to open a file to learn why."""
    log = tmp_path / "sam.log"
    log.write_text("\n".join(f"line {number}" for number in range(100)), encoding="utf-8")
    message = str(SamError("deploy", 1, log))
    assert "`sam deploy` ended with code 1" in message
    assert message.endswith("line 99")
    assert f"line {100 - TAIL_LINES}\n" in message
    assert "line 10\n" not in message


def test_a_missing_or_empty_log_is_said(tmp_path: Path) -> None:
    """An error while telling of an error would hide both."""
    assert "(no log)" in str(ServerError("x", "ended", tmp_path / "none.log"))
    (tmp_path / "empty.log").touch()
    assert "(empty)" in str(ServerError("x", "ended", tmp_path / "empty.log"))
