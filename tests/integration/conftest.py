"""One deployed stack for all integration tests: starting it takes seconds, a test milliseconds."""

from collections.abc import Iterator

import pytest

from local.stack import LocalStack
from tests.integration.worked import Worked, worked


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStack]:
    """A running local stack, in a directory of its own so that a `make up` beside it is not disturbed."""
    with LocalStack.running(tmp_path_factory.mktemp("stack")) as running:
        yield running


@pytest.fixture(scope="session")
def after_work(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Worked]:
    """A stack that has worked; tests that look at it share a worker: `xdist_group("after work")`."""
    with worked(tmp_path_factory.mktemp("worked")) as done:
        yield done


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything in this folder as an integration test."""
    for item in items:
        if "tests/integration/" in item.path.as_posix():
            item.add_marker(pytest.mark.integration)
