"""Moves a whole dead-letter queue by SQS's own StartMessageMoveTask, where the service has it.

The destination is named: a parked message was sent here and not moved, so that SQS knows no source that it could go
back to. That is the trap of the console's redrive as well, which needs the queue as its custom destination.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from engagement.clock import Clock
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


class Status(StrEnum):
    """How a task stands (SQS API reference, ListMessageMoveTasks)."""

    RUNNING = "RUNNING"
    COMPLETED = "COMPLETED"
    CANCELLING = "CANCELLING"
    CANCELLED = "CANCELLED"
    FAILED = "FAILED"


class MovesQueues(Protocol):
    """The calls of an SQS client that are needed here."""

    def get_queue_attributes(self, *, QueueUrl: str, AttributeNames: Any) -> Mapping[str, Any]:  # noqa: ANN401, N803
        """Return a queue's attributes."""

    def start_message_move_task(
        self,
        *,
        SourceArn: str,  # noqa: N803 - boto3's names
        DestinationArn: str,  # noqa: N803
        MaxNumberOfMessagesPerSecond: int,  # noqa: N803
    ) -> Mapping[str, Any]:
        """Start a task."""

    def list_message_move_tasks(self, *, SourceArn: str) -> Mapping[str, Any]:  # noqa: N803
        """Return a queue's tasks, the latest first."""

    def cancel_message_move_task(self, *, TaskHandle: str) -> Mapping[str, Any]:  # noqa: N803
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
        handle = sqs.start_message_move_task(
            SourceArn=source_arn,
            DestinationArn=destination_arn,
            MaxNumberOfMessagesPerSecond=max(1, min(FASTEST, int(route.rate))),
        )["TaskHandle"]
    except AWS_FAILURES as error:
        if code_of(error) in LACKING:
            return None
        raise explained(error) from error
    try:
        return _await(sqs, source_arn, clock, advance)
    except KeyboardInterrupt:
        sqs.cancel_message_move_task(TaskHandle=handle)
        raise


def _await(sqs: MovesQueues, source_arn: str, clock: Clock, advance: Callable[[int], None]) -> int:
    moved = 0
    while True:
        try:
            task = sqs.list_message_move_tasks(SourceArn=source_arn)["Results"][0]
        except AWS_FAILURES as error:
            raise explained(error) from error
        now = int(task.get("ApproximateNumberOfMessagesMoved", 0))
        advance(now - moved)
        moved = now
        if task["Status"] == Status.COMPLETED:
            return moved
        if task["Status"] in {Status.CANCELLED, Status.CANCELLING, Status.FAILED}:
            why = task.get("FailureReason", "no reason given")
            raise OpsError(
                f"the move ended {task['Status'].lower()} after {moved:,} messages: {why}; the rest stays parked"
            )
        clock.sleep(POLL)


def _arn(sqs: MovesQueues, queue_url: str) -> str:
    return str(sqs.get_queue_attributes(QueueUrl=queue_url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"])
