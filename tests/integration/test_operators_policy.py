"""Each grade of the operators' policy allows what its commands call, recorded as they run on a deployed stack."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from botocore.client import BaseClient

from engagement.wire import encode
from local.stack import LocalStack
from ops import application
from tests.fakes.terminal import FakeScreen
from tests.operators_policy import GRADES, actions, allowed
from tests.samples import engagement_record

Run = Callable[..., frozenset[str]]


@pytest.fixture
def run(stack: LocalStack, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """Run a command as a shell at the local stack does; returns the IAM actions that its calls need."""
    for name, value in stack.environment.items():
        monkeypatch.setenv(name, value)
    needed: set[str] = set()
    real = BaseClient._make_api_call  # type: ignore[attr-defined]  # noqa: SLF001 - the one place that every call passes

    def record(client: BaseClient, operation: str, request: object) -> object:
        needed.update(actions(client.meta.service_model.service_name, operation))
        return real(client, operation, request)

    def call(*given: str, answers: tuple[str, ...] = ()) -> frozenset[str]:
        needed.clear()
        with monkeypatch.context() as patched:
            patched.setattr(BaseClient, "_make_api_call", record)
            application.run(application.parse(given), FakeScreen(answers=answers))
        return frozenset(needed)

    yield call
    stack.clients.sqs().purge_queue(QueueUrl=stack.environment["DEAD_LETTER_QUEUE_URL"])


@pytest.fixture
def parked(stack: LocalStack) -> str:
    """A message in the dead-letter queue that is a record, and its record id."""
    record = engagement_record()
    stack.clients.sqs().send_message(QueueUrl=stack.environment["DEAD_LETTER_QUEUE_URL"], MessageBody=encode(record))
    return record.record_id


@pytest.mark.parametrize(
    "command",
    [
        ["status"],
        ["doctor", "--no-canary"],
        ["dlq", "list"],
        ["dlq", "list", "--domain"],
        ["dlq", "show"],
        ["dlq", "redrive"],
        ["trace", "RECORD"],
        ["trace", "--user", "user-1"],
        ["plan", "--records", "1000"],
    ],
)
def test_looking_needs_the_first_grade_alone(run: Run, parked: str, command: list[str]) -> None:
    """Whoever is paged first may only look."""
    needed = run(*[parked if word == "RECORD" else word for word in command])

    assert needed
    assert needed <= allowed(GRADES["look"])


def test_sending_again_needs_the_second_grade(run: Run, parked: str, tmp_path: Path) -> None:
    """And does need it."""
    assert parked
    needed = run("dlq", "redrive", "--yes", "--journal", str(tmp_path / "journal"))

    assert needed <= allowed(GRADES["send again"])
    assert not needed <= allowed(GRADES["look"])


def test_the_canary_and_purging_need_the_third_grade(run: Run, stack: LocalStack, parked: str, tmp_path: Path) -> None:
    """And do need it."""
    queue = stack.environment["DEAD_LETTER_QUEUE_URL"].rpartition("/")[2]
    purging = run("dlq", "purge", "--export", str(tmp_path / f"{parked}.jsonl"), answers=(queue,))
    canary = run("doctor")

    assert "sqs:DeleteMessage" in purging
    assert "profile:DeleteProfileObject" in canary
    assert purging | canary <= allowed(GRADES["canary and purge"])
