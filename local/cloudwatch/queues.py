"""AWS/SQS: what the queues hold, how old the oldest message is, and what the functions sent, received and deleted."""

import json
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from local.cloudwatch.metrics import Datum

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.literals import QueueAttributeFilterType

Peek = Callable[[str], list[dict[str, Any]]]
"""Shows the messages of a queue, by its URL, without receiving them: with SentTimestamp (seconds) and ReceiveCount."""

NAMESPACE = "AWS/SQS"
# a message with this receive count is left out of a queue's age: SQS moves it to the back
RECEIVES_LEFT_OUT = 3
PEEK_SECONDS = 30.0
PEEK_SHARE = 0.05
"""How much of the time may be spent on finding the oldest message of a long queue."""
GAUGES: "dict[QueueAttributeFilterType, str]" = {
    "ApproximateNumberOfMessages": "ApproximateNumberOfMessagesVisible",
    "ApproximateNumberOfMessagesNotVisible": "ApproximateNumberOfMessagesNotVisible",
    "ApproximateNumberOfMessagesDelayed": "ApproximateNumberOfMessagesDelayed",
}


class Queues:
    """Measures every queue; the clock, in seconds, paces how often messages are shown."""

    def __init__(self, sqs: "SQSClient", peek: Peek, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._sqs = sqs
        self._peek = peek
        self._monotonic = monotonic
        self._peek_again: dict[str, float] = {}

    def measure(self, at_ms: int) -> list[Datum]:
        """Return what each queue holds now."""
        urls = self._sqs.list_queues().get("QueueUrls", [])
        return [datum for url in urls for datum in self._measure_one(url, at_ms)]

    def _measure_one(self, url: str, at_ms: int) -> list[Datum]:
        answer = self._sqs.get_queue_attributes(QueueUrl=url, AttributeNames=[*GAUGES])
        found: dict[str, str] = {str(name): value for name, value in answer["Attributes"].items()}
        held = {metric: float(found.get(attribute, 0)) for attribute, metric in GAUGES.items()}
        data = [_datum(queue_name(url), metric, at_ms, (value,)) for metric, value in held.items()]
        if (age := self._oldest(url, sum(held.values()), at_ms)) is not None:
            data.append(_datum(queue_name(url), "ApproximateAgeOfOldestMessage", at_ms, (age,), "Seconds"))
        return data

    def _oldest(self, url: str, messages: float, at_ms: int) -> float | None:
        """Return the age of the oldest message in seconds; None if it is too early to look for it again."""
        if not messages:
            return 0.0
        begun = self._monotonic()
        if begun < self._peek_again.get(url, begun):
            return None
        sent = [m["SentTimestamp"] for m in self._peek(url) if m["ReceiveCount"] < RECEIVES_LEFT_OUT]
        ended = self._monotonic()
        self._peek_again[url] = ended + (ended - begun) / PEEK_SHARE
        return max(0.0, at_ms / 1000 - min(sent)) if sent else 0.0


def movements(data: Iterable[Datum], namespace: str, engagement: str, dead_letters: str) -> list[Datum]:
    """Return NumberOfMessagesSent, -Received and -Deleted of the two queues, by the functions' own counts.

    The local AWS counts none of them. What is sent or deleted by hand or by `ops` is not among it.
    """
    moved = []
    for datum in data:
        # neither another stack's nor a finer split of a count
        if datum.namespace != namespace or dict(datum.dimensions).keys() != {"service"}:
            continue
        match datum.name, dict(datum.dimensions)["service"]:
            case "RecordsQueued", _:
                found = [(engagement, "Sent")]
            case "RecordsReceived", "writer":
                found = [(engagement, "Received")]
            case "RecordsWritten", _:
                found = [(engagement, "Deleted")]
            case "RecordsParked", "writer":
                found = [(dead_letters, "Sent"), (engagement, "Deleted")]
            case "RecordsParked", _:
                found = [(dead_letters, "Sent")]
            case _:
                found = []
        moved += [_datum(queue, f"NumberOfMessages{what}", datum.at_ms, datum.values) for queue, what in found]
    return moved


def queue_name(url: str) -> str:
    """Return the name of the queue with this URL."""
    return url.rsplit("/", 1)[-1]


def _datum(queue: str, name: str, at_ms: int, values: tuple[float, ...], unit: str = "Count") -> Datum:
    return Datum(NAMESPACE, name, (("QueueName", queue),), unit, at_ms, values)


def peek(aws_url: str, queue_url: str) -> list[dict[str, Any]]:
    """Return the messages that ministack shows of a queue beside the API."""
    address = f"{aws_url}/_ministack/sqs/messages?{urllib.parse.urlencode({'QueueUrl': queue_url})}"
    # by the default opener: TLS trusts SSL_CERT_FILE, and NO_PROXY has this machine
    with urllib.request.urlopen(address, timeout=PEEK_SECONDS) as answer:  # noqa: S310 - the local AWS
        return messages_in(answer.read())


def messages_in(answer: bytes) -> list[dict[str, Any]]:
    """Return the messages of such an answer, which is nested by account, Region and queue."""
    regions = [region for account in json.loads(answer)["messages"].values() for region in account.values()]
    return [message for queues in regions for messages in queues.values() for message in messages]
