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
from tests.fakes.queues import DEAD, ENGAGEMENT, FakeSqsService, client_error
from tests.fakes.shown_profiles import FakeShownProfiles
from tests.fakes.terminal import FakeScreen
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


def _move(sqs: Any, route: Route, clock: FakeClock, advance: Callable[[int], None]) -> int | None:
    return move(sqs, route, clock, advance)


def test_a_task_is_started_with_the_queue_as_its_destination_and_followed_to_its_end() -> None:
    """SQS knows no source of a message that was sent to the dead-letter queue."""
    sqs, done = FakeMoves(["RUNNING", "RUNNING", "COMPLETED"]), list[int]()

    assert _move(sqs, ROUTE, FakeClock(), done.append) == 300
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
        _move(FakeMoves(["RUNNING", status]), ROUTE, FakeClock(), lambda _: None)


def test_ctrl_c_cancels_the_task() -> None:
    """It would go on without anybody watching."""
    sqs = FakeMoves(["RUNNING"])

    def interrupt() -> None:
        raise KeyboardInterrupt

    sqs.asked = interrupt
    with pytest.raises(KeyboardInterrupt):
        _move(sqs, ROUTE, FakeClock(), lambda _: None)
    assert sqs.cancelled == ["handle"]


def test_a_task_that_runs_already_is_an_error() -> None:
    """A dead-letter queue has one at a time."""
    with pytest.raises(OpsError):
        _move(FakeMoves([], "InvalidParameterValue"), ROUTE, FakeClock(), lambda _: None)


@pytest.mark.parametrize(
    "code", ["InvalidAction", "UnsupportedOperation", "AWS.SimpleQueueService.UnsupportedOperation"]
)
def test_a_service_without_such_tasks_is_told_apart(code: str) -> None:
    """The messages can still be sent one by one."""
    assert _move(FakeMoves([], code), ROUTE, FakeClock(), lambda _: None) is None


@pytest.mark.parametrize("status", ["RUNNING", "CANCELLING"])
def test_a_service_that_refuses_since_a_task_runs_is_not_one_without_tasks(status: str) -> None:
    """Its first start may have been ours, with its answer lost: nothing is sent beside it."""
    sqs = FakeMoves([status], "AWS.SimpleQueueService.UnsupportedOperation")
    with pytest.raises(OpsError, match="is moving this queue already"):
        _move(sqs, ROUTE, FakeClock(), lambda _: None)


@pytest.mark.parametrize("answer", [None, {}, [], {"Results": None}, {"Results": [None]}, {"Results": [{}]}])
def test_an_answer_that_does_not_say_how_a_task_stands_is_asked_for_again_a_few_times(
    monkeypatch: pytest.MonkeyPatch, answer: object
) -> None:
    """And is neither an end nor a fault."""
    sqs, clock = FakeMoves(["RUNNING"]), FakeClock()
    monkeypatch.setattr(FakeMoves, "list_message_move_tasks", lambda _, **__: answer)
    with pytest.raises(OpsError, match="does not give the status of the move"):
        _move(sqs, ROUTE, clock, lambda _: None)
    assert clock.elapsed < 60


def test_a_start_without_a_handle_is_followed_and_cannot_be_cancelled(monkeypatch: pytest.MonkeyPatch) -> None:
    """SQS may have started it all the same."""
    sqs = FakeMoves(["RUNNING"])
    monkeypatch.setattr(FakeMoves, "start_message_move_task", lambda _, **__: None)

    def interrupt() -> None:
        raise KeyboardInterrupt

    sqs.asked = interrupt
    with pytest.raises(KeyboardInterrupt):
        _move(sqs, ROUTE, FakeClock(), lambda _: None)
    assert not sqs.cancelled


@pytest.mark.parametrize("answer", [None, {}, {"Attributes": {}}, {"Attributes": {"QueueArn": None}}])
def test_a_queue_whose_name_is_not_told_is_not_moved(monkeypatch: pytest.MonkeyPatch, answer: object) -> None:
    """Another queue might be."""
    monkeypatch.setattr(FakeMoves, "get_queue_attributes", lambda _, **__: answer)
    with pytest.raises(OpsError, match="lacks what was asked for"):
        _move(FakeMoves(["COMPLETED"]), ROUTE, FakeClock(), lambda _: None)


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


@pytest.mark.parametrize(("rate", "asked"), [(0.5, 1), (1.0, 1), (499.9, 499), (500.0, 500), (5_000.0, 500)])
def test_the_rate_is_a_whole_number_from_1_to_500(rate: float, asked: int) -> None:
    """SQS refuses every other."""
    sqs = FakeMoves(["COMPLETED"])
    _move(sqs, Route("https://sqs/dead", "https://sqs/engagement", rate), FakeClock(), lambda _: None)
    assert sqs.started["MaxNumberOfMessagesPerSecond"] == asked


class MovingSqs(FakeSqsService):
    """SQS whose move task moves everything at once."""

    def start_message_move_task(self, **_: Any) -> Mapping[str, Any]:
        self.queues[ENGAGEMENT] += self.queues[DEAD]
        self.moved = len(self.queues[DEAD])
        self.queues[DEAD] = []
        return {"TaskHandle": "handle"}

    def list_message_move_tasks(self, **_: Any) -> Mapping[str, Any]:
        return {"Results": [{"Status": "COMPLETED", "ApproximateNumberOfMessagesMoved": self.moved}]}


def test_a_whole_queue_that_sqs_moves_is_reported_and_nothing_is_sent_beside_it(tmp_path: Path) -> None:
    """SQS's own count is the result."""
    workplace = _place()
    moving = MovingSqs(workplace.clock)
    moving.queues = workplace.queues.queues
    workplace.account.queues = workplace.queues = moving
    workplace.screen = FakeScreen(as_json=True)

    assert _redrive(workplace, tmp_path, "--yes") == Exit.FINE
    assert workplace.screen.json["moved"] == 12
    assert len(moving.bodies(ENGAGEMENT)) == 12


def test_a_queue_that_cannot_be_found_is_not_moved() -> None:
    """One line, with what to do."""
    sqs = FakeMoves([])

    def deny(**_: Any) -> Mapping[str, Any]:
        raise client_error("AccessDenied", "GetQueueAttributes", 403)

    sqs.get_queue_attributes = deny  # type: ignore[method-assign]
    with pytest.raises(OpsError, match="may not do that"):
        _move(sqs, ROUTE, FakeClock(), lambda _: None)


@pytest.mark.parametrize("operation", ["first", "second"])
def test_a_question_about_the_task_that_fails_is_an_error(monkeypatch: pytest.MonkeyPatch, operation: str) -> None:
    """The move goes on in SQS; whether it did is not known here."""

    def deny(_: object, **__: Any) -> Mapping[str, Any]:
        raise client_error("AccessDenied", "ListMessageMoveTasks", 403)

    monkeypatch.setattr(FakeMoves, "list_message_move_tasks", deny)
    lacking = "UnsupportedOperation" if operation == "second" else None
    with pytest.raises(OpsError, match="may not do that"):
        _move(FakeMoves(["RUNNING"], lacking), ROUTE, FakeClock(), lambda _: None)


def test_a_task_is_asked_for_every_two_seconds() -> None:
    """Progress is what was moved since the last answer."""
    clock, done = FakeClock(), list[int]()
    _move(FakeMoves(["RUNNING", "RUNNING", "COMPLETED"]), ROUTE, clock, done.append)
    assert (clock.slept, done) == ([2.0, 2.0], [100, 100, 100])
