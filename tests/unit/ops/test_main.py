"""`python -m ops`: a checkout's own command, without an installation."""

import runpy
import sys
from pathlib import Path

import pytest

from ops.application import version
from ops.exits import Exit

FUNCTIONS = str(Path(__file__).parents[3] / "functions")


@pytest.fixture(autouse=True)
def path(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return a search path without functions/, for this test alone."""
    without = [place for place in sys.path if place != FUNCTIONS]
    monkeypatch.setattr(sys, "path", without)
    return without


@pytest.mark.parametrize(("given", "code"), [("--version", Exit.FINE), ("no-such-command", Exit.USAGE)])
def test_the_process_ends_with_the_command_s_exit_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], path: list[str], given: str, code: Exit
) -> None:
    """The functions' packages are found behind everything else: they hide no module of the operator's."""
    monkeypatch.setattr(sys, "argv", ["ops", given])

    with pytest.raises(SystemExit) as ended:
        runpy.run_module("ops", run_name="__main__")
    assert ended.value.code == code
    assert path[-1] == FUNCTIONS
    shown = capsys.readouterr()
    assert shown.out == (f"ops {version()}\n" if code is Exit.FINE else "")


def test_an_import_runs_no_command(path: list[str]) -> None:
    """Tools that import every module, as a documentation builder does, must not start one."""
    before = list(path)

    runpy.run_module("ops.__main__", run_name="ops.__main__")
    assert path == before
