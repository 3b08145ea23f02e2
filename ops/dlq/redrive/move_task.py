"""Moves a whole dead-letter queue by SQS's own StartMessageMoveTask, if the service has it.

The destination is named, since SQS knows no source of a message that was sent here instead of moved. The console's
redrive needs the queue as its custom destination for the same reason.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from engagement.clock import Clock
from ops.answers import UnreadableAnswerError
from ops.errors import AWS_FAILURES, OpsError, explained, is_unsupported

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

POLL = 2.0
"""Seconds between two questions about the progress."""
FASTEST = 500
"""Messages a second at most, SQS's own limit."""
SILENT = 5
"""Answers in a row without the task's status, after which it is no longer watched."""


class TaskStatus(StrEnum):
    """A task's status (SQS API reference, ListMessageMoveTasks)."""

    RUNNING = "RUNNING"
    COMPLETED = "COMPLETED"
    CANCELLING = "CANCELLING"
    CANCELLED = "CANCELLED"
    FAILED = "FAILED"


@dataclass(frozen=True, slots=True)
class Route:
    """What is moved where.

    Attributes:
        source: The dead-letter queue's URL.
        destination: The engagement queue's.
        rate: Messages a second.
    """

    source: str
    destination: str
    rate: float


def move(sqs: "SQSClient", route: Route, clock: Clock, advance: Callable[[int], None]) -> int | None:
    """Move everything and return how many messages that were; None if the service has no such operation.

    An interruption cancels the task: messages that were moved stay moved, the rest stays parked.

    Raises:
        OpsError: the task could not be started, or failed.
    """
    try:
        source_arn, destination_arn = _arn(sqs, route.source), _arn(sqs, route.destination)
    except AWS_FAILURES as error:
        raise explained(error) from error
    try:
        started: object = sqs.start_message_move_task(
            SourceArn=source_arn,
            DestinationArn=destination_arn,
            MaxNumberOfMessagesPerSecond=max(1, min(FASTEST, int(route.rate))),
        )
    except AWS_FAILURES as error:
        if is_unsupported(error):
            _check_none_runs(sqs, source_arn)  # SQS answers the same if a task runs already: a queue has one at a time
            return None
        raise explained(error) from error
    handle = started.get("TaskHandle") if isinstance(started, Mapping) else None
    try:
        return _await(sqs, source_arn, clock, advance)
    except KeyboardInterrupt:
        if isinstance(handle, str):
            sqs.cancel_message_move_task(TaskHandle=handle)
        raise


def _check_none_runs(sqs: "SQSClient", source_arn: str) -> None:
    """Make sure that SQS lacks the operation, and refuses it not because another task has the queue.

    Raises:
        OpsError: a task is moving the queue already, perhaps one whose start was never answered.
    """
    try:
        task = _latest(sqs.list_message_move_tasks(SourceArn=source_arn))
    except AWS_FAILURES as error:
        if is_unsupported(error):
            return
        raise explained(error) from error
    if task.get("Status") in {TaskStatus.RUNNING, TaskStatus.CANCELLING}:
        raise OpsError("SQS is moving this queue already: wait for its end, `ops dlq list` shows what is left")


def _await(sqs: "SQSClient", source_arn: str, clock: Clock, advance: Callable[[int], None]) -> int:
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
        if status == TaskStatus.COMPLETED:
            return moved
        if status in {TaskStatus.CANCELLED, TaskStatus.CANCELLING, TaskStatus.FAILED}:
            why = task.get("FailureReason", "no reason given")
            raise OpsError(f"the move ended {status.lower()} after {moved:,} messages: {why}; the rest stays parked")
        silent = 0 if status == TaskStatus.RUNNING else silent + 1
        if silent == SILENT:
            raise OpsError(
                "SQS does not give the status of the move, which continues by itself: `ops status` shows what is still"
                " parked"
            )
        clock.sleep(POLL)


def _latest(answer: object) -> Mapping[str, Any]:
    """Return the latest task of an answer; an empty map if it names none."""
    tasks = answer.get("Results") if isinstance(answer, Mapping) else None
    first = tasks[0] if isinstance(tasks, list) and tasks else None
    return first if isinstance(first, Mapping) else {}


def _arn(sqs: "SQSClient", queue_url: str) -> str:
    answer: object = sqs.get_queue_attributes(QueueUrl=queue_url, AttributeNames=["QueueArn"])
    attributes = answer.get("Attributes") if isinstance(answer, Mapping) else None
    arn = attributes.get("QueueArn") if isinstance(attributes, Mapping) else None
    if not isinstance(arn, str):
        raise UnreadableAnswerError(operation="GetQueueAttributes", why="it lacks what was asked for")
    return arn
