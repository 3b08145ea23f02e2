"""How full a queue is."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ops.answers import UnreadableAnswerError
from ops.errors import AWS_FAILURES, UnreachableError, code_of, explained

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

MISSING = frozenset({"AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist"})


@dataclass(frozen=True, slots=True)
class Depth:
    """How many messages a queue holds; SQS calls its own counts approximate.

    Attributes:
        waiting: Can be received now.
        in_flight: Received, and neither deleted nor visible again.
        delayed: Not to be received yet.
    """

    waiting: int
    in_flight: int
    delayed: int

    @property
    def total(self) -> int:
        """All of them."""
        return self.waiting + self.in_flight + self.delayed


def depth(sqs: "SQSClient", queue_url: str) -> Depth:
    """Return how many messages a queue holds.

    Raises:
        OpsError: the queue does not exist, or the call failed.
    """
    try:
        counts = sqs.get_queue_attributes(
            QueueUrl=queue_url,
            AttributeNames=[
                "ApproximateNumberOfMessages",
                "ApproximateNumberOfMessagesNotVisible",
                "ApproximateNumberOfMessagesDelayed",
            ],
        )
        return _depth(counts)
    except AWS_FAILURES as error:
        if code_of(error) in MISSING:
            raise UnreachableError(f"the queue {name_of(queue_url)} does not exist, or is another account's") from error
        raise explained(error) from error


def _depth(answer: object) -> Depth:
    attributes = answer.get("Attributes") if isinstance(answer, Mapping) else None
    counts = attributes if isinstance(attributes, Mapping) else {}
    try:
        return Depth(
            waiting=int(counts["ApproximateNumberOfMessages"]),
            in_flight=int(counts["ApproximateNumberOfMessagesNotVisible"]),
            delayed=int(counts["ApproximateNumberOfMessagesDelayed"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise UnreadableAnswerError(operation="GetQueueAttributes", why="it lacks what was asked for") from error


def name_of(queue_url: str) -> str:
    """Return a queue's name."""
    return queue_url.rpartition("/")[2]
