"""The state file of a stack."""

from dataclasses import replace
from pathlib import Path

from local.stack import state
from local.stack.processes import ServerProcess
from local.stack.state import StackState

NOBODY = ServerProcess("nobody", 2**22 + 1, 0.0, Path("nobody.log"), 1.0)
STATE = StackState("http://127.0.0.1:1", "http://127.0.0.1:2", (NOBODY,), (("Key", "value"),))


def test_what_was_saved_is_loaded(tmp_path: Path) -> None:
    """Another command must find exactly the processes that were started."""
    state.save(STATE, tmp_path)
    assert state.load(tmp_path) == STATE


def test_there_is_none_before_a_start_and_after_an_end(tmp_path: Path) -> None:
    """`make down` without `make up` is not an error."""
    assert state.load(tmp_path) is None
    state.save(STATE, tmp_path)
    state.forget(tmp_path)
    state.forget(tmp_path)
    assert state.load(tmp_path) is None


def test_a_damaged_or_foreign_file_counts_as_none(tmp_path: Path) -> None:
    """A crash or another version must not block the next start."""
    state.path(tmp_path).write_text("{", encoding="utf-8")
    assert state.load(tmp_path) is None
    state.path(tmp_path).write_text('{"version": 1}', encoding="utf-8")
    assert state.load(tmp_path) is None


def test_a_stack_whose_server_has_gone_is_not_ready() -> None:
    """After a reboot the file is still there, and its processes are not."""
    assert not STATE.is_ready


def test_a_stack_without_outputs_is_not_ready() -> None:
    """Servers run before the deployment is done."""
    assert not replace(STATE, servers=(), outputs=()).is_ready
    assert replace(STATE, servers=()).is_ready
