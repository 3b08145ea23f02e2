"""A stack in memory for every test, and no journal in the user's home."""

from pathlib import Path

import pytest

from tests.fakes.deployment import FakeContext
from tests.unit.ops.dlq.redrive.operator import stack_in_memory


@pytest.fixture
def place() -> FakeContext:
    """A stack in memory."""
    return stack_in_memory()


@pytest.fixture(autouse=True)
def journals(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Return where journals are by default."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    return tmp_path / "journeys-that-write-back"
