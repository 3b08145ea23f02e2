"""Moves a whole dead-letter queue by SQS's own StartMessageMoveTask, where the service has it.

The destination is named: a parked message was sent here and not moved, so that SQS knows no source that it could go
back to. That is the trap of the console's redrive as well, which needs the queue as its custom destination.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from engagement.clock import Clock
from ops.answers import UnreadableAnswerError
from ops.errors import AWS_FAILURES, OpsError, code_of, explained

POLL = 2.0
"""Seconds between two questions for how far it is."""
FASTEST = 500
"""Messages a second at most, SQS's own limit."""
LACKING = frozenset(
    {
        "AWS.SimpleQueueService.UnsupportedOperation",
        "InvalidAction",
        "NotImplemented",
        "UnknownOperationException",
        "UnsupportedOperation",
    }
)
"""The answers of a service that has no such operation."""


IN_USE = frozenset({"AWS.SimpleQueueService.UnsupportedOperation", "UnsupportedOperation"})
"""Those that SQS gives as well where a task runs already: a queue has one at a time."""
SILENT = 5
"""Answers in a row that do not say how the task stands, after which it is no longer watched."""


class Status(StrEnum):
    """How a task stands (SQS API reference, ListMessageMoveTasks)."""

    RUNNING = "RUNNING"
    COMPLETED = "COMPLETED"
    CANCELLING = "CANCELLING"
    CANCELLED = "CANCELLED"
    FAILED = "FAILED"


class MovesQueues(Protocol):
    """The calls of an SQS client that are needed here."""

    def get_queue_attributes(self, *, QueueUrl: str, AttributeNames: Any) -> object:  # noqa: ANN401, N803
        """Return a queue's attributes."""

    def start_message_move_task(
        self,
        *,
        SourceArn: str,  # noqa: N803 - boto3's names
        DestinationArn: str,  # noqa: N803
        MaxNumberOfMessagesPerSecond: int,  # noqa: N803
    ) -> object:
        """Start a task."""

    def list_message_move_tasks(self, *, SourceArn: str) -> object:  # noqa: N803
        """Return a queue's tasks, the latest first."""

    def cancel_message_move_task(self, *, TaskHandle: str) -> object:  # noqa: N803
        """Cancel one."""


@dataclass(frozen=True, slots=True)
class Route:
    """From where to where.

    Attributes:
        source: The dead-letter queue's URL.
        destination: The engagement queue's.
        rate: Messages a second.
    """

    source: str
    destination: str
    rate: float


def move(sqs: MovesQueues, route: Route, clock: Clock, advance: Callable[[int], None]) -> int | None:
    """Move everything and return how many messages that were; None where the service has no such operation.

    An interruption cancels the task: what was moved is moved, the rest stays.

    Raises:
        OpsError: the task could not be started, or failed.
    """
    try:
        source_arn, destination_arn = _arn(sqs, route.source), _arn(sqs, route.destination)
    except AWS_FAILURES as error:
        raise explained(error) from error
    try:
        started = sqs.start_message_move_task(
            SourceArn=source_arn,
            DestinationArn=destination_arn,
            MaxNumberOfMessagesPerSecond=max(1, min(FASTEST, int(route.rate))),
        )
    except AWS_FAILURES as error:
        if code_of(error) in LACKING:
            if code_of(error) in IN_USE:
                _check_none_runs(sqs, source_arn)
            return None
        raise explained(error) from error
    handle = started.get("TaskHandle") if isinstance(started, Mapping) else None
    try:
        return _await(sqs, source_arn, clock, advance)
    except KeyboardInterrupt:
        if isinstance(handle, str):
            sqs.cancel_message_move_task(TaskHandle=handle)
        raise


def _check_none_runs(sqs: MovesQueues, source_arn: str) -> None:
    """Make sure that it is the operation which SQS lacks, and not that somebody's task has the queue.

    Raises:
        OpsError: a task is moving the queue already, perhaps one whose start was never answered.
    """
    try:
        task = _latest(sqs.list_message_move_tasks(SourceArn=source_arn))
    except AWS_FAILURES as error:
        if code_of(error) in LACKING:
            return
        raise explained(error) from error
    if task.get("Status") in {Status.RUNNING, Status.CANCELLING}:
        raise OpsError("SQS is moving this queue already: wait for its end, `ops dlq list` shows what is left")


def _await(sqs: MovesQueues, source_arn: str, clock: Clock, advance: Callable[[int], None]) -> int:
    moved = silent = 0
    while True:
        try:
            task = _latest(sqs.list_message_move_tasks(SourceArn=source_arn))
        except AWS_FAILURES as error:
            raise explained(error) from error
        now, status = task.get("ApproximateNumberOfMessagesMoved"), task.get("Status")
        if isinstance(now, int) and now > moved:
            advance(now - moved)
            moved = now
        if status == Status.COMPLETED:
            return moved
        if status in {Status.CANCELLED, Status.CANCELLING, Status.FAILED}:
            why = task.get("FailureReason", "no reason given")
            raise OpsError(f"the move ended {status.lower()} after {moved:,} messages: {why}; the rest stays parked")
        silent = 0 if status == Status.RUNNING else silent + 1
        if silent == SILENT:
            raise OpsError(
                "SQS does not say how the move stands; it goes on by itself: `ops status` shows what is still parked"
            )
        clock.sleep(POLL)


def _latest(answer: object) -> Mapping[str, Any]:
    """Return the latest task of an answer; nothing where it names none."""
    tasks = answer.get("Results") if isinstance(answer, Mapping) else None
    first = tasks[0] if isinstance(tasks, list) and tasks else None
    return first if isinstance(first, Mapping) else {}


def _arn(sqs: MovesQueues, queue_url: str) -> str:
    answer = sqs.get_queue_attributes(QueueUrl=queue_url, AttributeNames=["QueueArn"])
    attributes = answer.get("Attributes") if isinstance(answer, Mapping) else None
    arn = attributes.get("QueueArn") if isinstance(attributes, Mapping) else None
    if not isinstance(arn, str):
        raise UnreadableAnswerError(operation="GetQueueAttributes", why="it lacks what was asked for")
    return arn
