import pytest

from tests.fakes.writer import FakeWriter


@pytest.fixture
def function() -> FakeWriter:
    """Return the writer among fakes."""
    return FakeWriter()
