"""What the commands of both soaks end with."""

import io

import pytest
from rich.console import Console

from benchmarks.command import SHOWN, StalledError, exit_code, verdict
from local.stack import StackError


def printed(failures: list[str]) -> tuple[int, str]:
    """Return the exit code and the words of a verdict."""
    output = io.StringIO()
    return verdict(Console(file=output, width=100), failures, "Nothing lost."), output.getvalue()


def test_a_soak_without_failures_passes() -> None:
    """Exit code 0 is for this alone."""
    assert printed([]) == (0, "Nothing lost.\n")


def test_failures_are_named_and_then_counted() -> None:
    """Twenty ids are enough to begin with."""
    code, text = printed([f"customer {number} is missing" for number in range(SHOWN + 3)])
    assert code == 1
    assert "error: customer 0 is missing" in text
    assert f"customer {SHOWN} is missing" not in text
    assert "... and 3 more" in text


@pytest.mark.parametrize(
    ("error", "code"), [(StackError("no stack"), 1), (StalledError("nothing moves"), 1), (KeyboardInterrupt(), 130)]
)
def test_a_run_that_cannot_end_says_why(error: BaseException, code: int, capsys: pytest.CaptureFixture[str]) -> None:
    """A traceback is for faults of the soak itself."""

    def run() -> int:
        raise error

    assert exit_code(run) == code
    assert capsys.readouterr().err.startswith(f"error: {error}" if code == 1 else "interrupted")
