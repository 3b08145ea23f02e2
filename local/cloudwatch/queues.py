"""AWS/SQS: what the queues hold, how old the oldest message is, and what the functions sent and took."""

import json
import time
import urllib.parse
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Protocol

from local.cloudwatch.datum import Datum

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.literals import QueueAttributeFilterType

NAMESPACE = "AWS/SQS"
# a message that was received as often as this is left out of a queue's age: SQS moves it to the back
RECEIVES_LEFT_OUT = 3
LOOKING_SHARE = 0.05
"""How much of the time may be spent on looking through a long queue for its oldest message."""
GAUGES: "dict[QueueAttributeFilterType, str]" = {
    "ApproximateNumberOfMessages": "ApproximateNumberOfMessagesVisible",
    "ApproximateNumberOfMessagesNotVisible": "ApproximateNumberOfMessagesNotVisible",
    "ApproximateNumberOfMessagesDelayed": "ApproximateNumberOfMessagesDelayed",
}


class Peek(Protocol):
    """Shows a queue's messages without receiving them: looking must not count as a receive."""

    def __call__(self, queue_url: str) -> list[dict[str, Any]]:
        """Return the messages, each with SentTimestamp (seconds) and ReceiveCount."""


class Queues:
    """Measures every queue.

    Args:
        sqs: The client.
        peek: How messages are looked at.
        monotonic: The clock that paces the looking, in seconds.
    """

    def __init__(self, sqs: "SQSClient", peek: Peek, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._sqs = sqs
        self._peek = peek
        self._monotonic = monotonic
        self._look_again: dict[str, float] = {}

    def measure(self, at_ms: int) -> list[Datum]:
        """Return what each queue holds now."""
        urls = self._sqs.list_queues().get("QueueUrls", [])
        return [datum for url in urls for datum in self._measure_one(url, at_ms)]

    def _measure_one(self, url: str, at_ms: int) -> list[Datum]:
        answer = self._sqs.get_queue_attributes(QueueUrl=url, AttributeNames=[*GAUGES])
        told: dict[str, str] = {str(name): value for name, value in answer["Attributes"].items()}
        held = {metric: float(told.get(attribute, 0)) for attribute, metric in GAUGES.items()}
        data = [_datum(url, metric, "Count", at_ms, value) for metric, value in held.items()]
        if (age := self._oldest(url, sum(held.values()), at_ms)) is not None:
            data.append(_datum(url, "ApproximateAgeOfOldestMessage", "Seconds", at_ms, age))
        return data

    def _oldest(self, url: str, messages: float, at_ms: int) -> float | None:
        """Return the age of the oldest message in seconds; None where it is too early to look through them again."""
        if not messages:
            return 0.0
        begun = self._monotonic()
        if begun < self._look_again.get(url, begun):
            return None
        sent = [m["SentTimestamp"] for m in self._peek(url) if m["ReceiveCount"] < RECEIVES_LEFT_OUT]
        ended = self._monotonic()
        self._look_again[url] = ended + (ended - begun) / LOOKING_SHARE
        return max(0.0, at_ms / 1000 - min(sent)) if sent else 0.0


def movements(data: Iterable[Datum], namespace: str, engagement: str, dead_letters: str) -> list[Datum]:
    """Return what the functions' counts say of the two queues: NumberOfMessagesSent, -Received and -Deleted.

    The local AWS counts none of them. What somebody else sends or deletes, by hand or by `ops`, is not among it.

    Args:
        data: functions' metrics.
        namespace: of this stack's own functions: others have other queues.
        engagement: the name of the engagement queue.
        dead_letters: the name of the dead-letter queue.
    """
    effects = {
        "RecordsQueued": [(engagement, "Sent")],
        "RecordsWritten": [(engagement, "Deleted")],
    }
    moved = []
    for datum in data:
        if datum.namespace != namespace or dict(datum.dimensions).keys() != {"service"}:  # finer splits of a count
            continue
        by_writer = ("service", "writer") in datum.dimensions
        found = effects.get(datum.name, [])
        if datum.name == "RecordsReceived" and by_writer:
            found = [(engagement, "Received")]
        if datum.name == "RecordsParked":
            found = [(dead_letters, "Sent"), *([(engagement, "Deleted")] if by_writer else [])]
        moved += [
            Datum(NAMESPACE, f"NumberOfMessages{what}", (("QueueName", queue),), "Count", datum.at_ms, datum.values)
            for queue, what in found
        ]
    return moved


def queue_name(url: str) -> str:
    """Return the name of the queue with this address."""
    return url.rsplit("/", 1)[-1]


def _datum(url: str, name: str, unit: str, at_ms: int, value: float) -> Datum:
    return Datum(NAMESPACE, name, (("QueueName", queue_name(url)),), unit, at_ms, (value,))


def messages_address(aws_url: str, queue_url: str) -> str:
    """Return where ministack shows a queue's messages; nothing about them changes by looking."""
    return f"{aws_url}/_ministack/sqs/messages?{urllib.parse.urlencode({'QueueUrl': queue_url})}"


def messages_in(answer: bytes) -> list[dict[str, Any]]:
    """Return the messages of such an answer, which is nested by account, Region and queue."""
    accounts = json.loads(answer)["messages"]
    return [
        message
        for regions in accounts.values()
        for queues in regions.values()
        for messages in queues.values()
        for message in messages
    ]
