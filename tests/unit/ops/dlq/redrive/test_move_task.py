"""`ops dlq redrive --whole-queue`: SQS's own move task, where it has one and where nothing would go astray."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from engagement.reasons import Reason
from ops import application
from ops.dlq.redrive.move_task import Route, move
from ops.errors import OpsError, UsageError
from ops.exits import Exit
from tests.fakes.clock import FakeClock
from tests.fakes.deployment import FakeContext
from tests.fakes.queues import DEAD, ENGAGEMENT, client_error
from tests.fakes.shown_profiles import FakeShownProfiles
from tests.unit.ops.dlq.parked import park

ROUTE = Route("https://sqs/dead", "https://sqs/engagement", 40.5)


@dataclass
class FakeMoves:
    """SQS with one task, which passes through ``statuses``, 100 messages further at each question."""

    statuses: list[str]
    lacking: str | None = None
    started: dict[str, Any] = field(default_factory=dict)
    cancelled: list[str] = field(default_factory=list)
    asked: Callable[[], None] = lambda: None
    moved: int = 0

    def get_queue_attributes(self, *, QueueUrl: str, AttributeNames: Any) -> Mapping[str, Any]:  # noqa: N803
        assert AttributeNames == ["QueueArn"]
        return {"Attributes": {"QueueArn": f"arn:{QueueUrl}"}}

    def start_message_move_task(self, **request: Any) -> Mapping[str, Any]:
        if self.lacking is not None:
            raise client_error(self.lacking, "StartMessageMoveTask")
        self.started = request
        return {"TaskHandle": "handle"}

    def list_message_move_tasks(self, *, SourceArn: str) -> Mapping[str, Any]:  # noqa: N803
        assert SourceArn == "arn:https://sqs/dead"
        self.asked()
        self.moved += 100
        if not self.statuses:
            return {"Results": []}
        return {"Results": [{"Status": self.statuses.pop(0), "ApproximateNumberOfMessagesMoved": self.moved}]}

    def cancel_message_move_task(self, *, TaskHandle: str) -> Mapping[str, Any]:  # noqa: N803
        self.cancelled.append(TaskHandle)
        return {}


def test_a_task_is_started_with_the_queue_as_its_destination_and_followed_to_its_end() -> None:
    """SQS knows no source of a message that was sent to the dead-letter queue."""
    sqs, done = FakeMoves(["RUNNING", "RUNNING", "COMPLETED"]), list[int]()

    assert move(sqs, ROUTE, FakeClock(), done.append) == 300
    assert sqs.started == {
        "SourceArn": "arn:https://sqs/dead",
        "DestinationArn": "arn:https://sqs/engagement",
        "MaxNumberOfMessagesPerSecond": 40,
    }
    assert sum(done) == 300


@pytest.mark.parametrize("status", ["FAILED", "CANCELLED"])
def test_a_task_that_does_not_complete_is_an_error(status: str) -> None:
    """The rest stays parked, and the operator must know."""
    with pytest.raises(OpsError, match="the rest stays parked"):
        move(FakeMoves(["RUNNING", status]), ROUTE, FakeClock(), lambda _: None)


def test_ctrl_c_cancels_the_task() -> None:
    """It would go on without anybody watching."""
    sqs = FakeMoves(["RUNNING"])

    def interrupt() -> None:
        raise KeyboardInterrupt

    sqs.asked = interrupt
    with pytest.raises(KeyboardInterrupt):
        move(sqs, ROUTE, FakeClock(), lambda _: None)
    assert sqs.cancelled == ["handle"]


def test_a_task_that_runs_already_is_an_error() -> None:
    """A dead-letter queue has one at a time."""
    with pytest.raises(OpsError):
        move(FakeMoves([], "InvalidParameterValue"), ROUTE, FakeClock(), lambda _: None)


@pytest.mark.parametrize(
    "code", ["InvalidAction", "UnsupportedOperation", "AWS.SimpleQueueService.UnsupportedOperation"]
)
def test_a_service_without_such_tasks_is_told_apart(code: str) -> None:
    """The messages can still be sent one by one."""
    assert move(FakeMoves([], code), ROUTE, FakeClock(), lambda _: None) is None


@pytest.mark.parametrize("status", ["RUNNING", "CANCELLING"])
def test_a_service_that_refuses_since_a_task_runs_is_not_one_without_tasks(status: str) -> None:
    """Its first start may have been ours, with its answer lost: nothing is sent beside it."""
    sqs = FakeMoves([status], "AWS.SimpleQueueService.UnsupportedOperation")
    with pytest.raises(OpsError, match="is moving this queue already"):
        move(sqs, ROUTE, FakeClock(), lambda _: None)


@pytest.mark.parametrize("answer", [None, {}, [], {"Results": None}, {"Results": [None]}, {"Results": [{}]}])
def test_an_answer_that_does_not_say_how_a_task_stands_is_asked_for_again_a_few_times(
    monkeypatch: pytest.MonkeyPatch, answer: object
) -> None:
    """And is neither an end nor a fault."""
    sqs, clock = FakeMoves(["RUNNING"]), FakeClock()
    monkeypatch.setattr(FakeMoves, "list_message_move_tasks", lambda _, **__: answer)
    with pytest.raises(OpsError, match="does not give the status of the move"):
        move(sqs, ROUTE, clock, lambda _: None)
    assert clock.elapsed < 60


def test_a_start_without_a_handle_is_followed_and_cannot_be_cancelled(monkeypatch: pytest.MonkeyPatch) -> None:
    """SQS may have started it all the same."""
    sqs = FakeMoves(["RUNNING"])
    monkeypatch.setattr(FakeMoves, "start_message_move_task", lambda _, **__: None)

    def interrupt() -> None:
        raise KeyboardInterrupt

    sqs.asked = interrupt
    with pytest.raises(KeyboardInterrupt):
        move(sqs, ROUTE, FakeClock(), lambda _: None)
    assert not sqs.cancelled


@pytest.mark.parametrize("answer", [None, {}, {"Attributes": {}}, {"Attributes": {"QueueArn": None}}])
def test_a_queue_whose_name_is_not_told_is_not_moved(monkeypatch: pytest.MonkeyPatch, answer: object) -> None:
    """Another queue might be."""
    monkeypatch.setattr(FakeMoves, "get_queue_attributes", lambda _, **__: answer)
    with pytest.raises(OpsError, match="lacks what was asked for"):
        move(FakeMoves(["COMPLETED"]), ROUTE, FakeClock(), lambda _: None)


def _redrive(workplace: FakeContext, tmp_path: Path, *arguments: str) -> Exit:
    options = application.parse(["dlq", "redrive", "--whole-queue", "--journal", str(tmp_path / "journal"), *arguments])
    place: Any = workplace
    ended: Exit = options.run(place)
    return ended


def _place() -> FakeContext:
    workplace = FakeContext(profiles=FakeShownProfiles())
    for _ in range(12):
        park(workplace.queues)
    return workplace


def test_where_there_is_no_such_task_the_messages_are_sent_one_by_one(tmp_path: Path) -> None:
    """And the operator is told."""
    workplace = _place()

    assert _redrive(workplace, tmp_path, "--yes") == Exit.FINE
    assert len(workplace.queues.bodies(ENGAGEMENT)) == 12
    assert not workplace.queues.bodies(DEAD)
    assert "has no StartMessageMoveTask" in workplace.screen.notes


def test_without_yes_nothing_is_moved(tmp_path: Path) -> None:
    """As without --whole-queue."""
    workplace = _place()

    assert _redrive(workplace, tmp_path) == Exit.FINE
    assert len(workplace.queues.visible(DEAD)) == 12


def test_a_queue_with_what_belongs_elsewhere_is_not_moved_whole(tmp_path: Path) -> None:
    """SQS would put an event, or somebody else's message, before the writer."""
    workplace = _place()
    park(workplace.queues, "{", reason=Reason.NOT_JSON)

    with pytest.raises(UsageError, match="1 message to where they do not belong"):
        _redrive(workplace, tmp_path, "--yes")
    assert len(workplace.queues.visible(DEAD)) == 13


@pytest.mark.parametrize("option", [["--offer", "A"], ["--edit", "{}"], ["--canary", "1"], ["--anyway"]])
def test_a_choice_does_not_go_with_the_whole_queue(tmp_path: Path, option: list[str]) -> None:
    """SQS's task knows neither filters nor edits."""
    with pytest.raises(UsageError, match="moves everything as it is"):
        _redrive(_place(), tmp_path, *option)
