"""The two queues: waiting until one is empty, looking into the other without consuming it."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from local.demo.dead_letters import Parked
from local.demo.invoking import customers

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import MessageTypeDef

POLL = 0.25
"""Seconds between two looks at the queue."""
CALM = 3
"""Looks in a row that must find the queue empty: its counts are approximate, by SQS's own words."""
PATIENCE = 660.0
"""Seconds without any change after which waiting ends: `returns.Backoff.patience` of the template's waits."""
LOOK = 120
"""Seconds for which a look hides parked messages, so that the next receive brings others."""
MOST = 10
"""Messages in one receive, or in one batch."""


@dataclass(frozen=True, slots=True)
class Time:
    """Time as the demo uses it."""

    monotonic: Callable[[], float]
    sleep: Callable[[float], None]


def drain(
    waiting: Callable[[], int],
    time: Time,
    patience: float = PATIENCE,
    is_done: Callable[[int], bool] = lambda count: count == 0,
) -> Iterator[int]:
    """Yield how many messages wait, look after look, until the run is done or nothing has moved for ``patience``.

    Args:
        waiting: Counts the queue's messages.
        time: What passes between two looks.
        patience: Seconds.
        is_done: Whether those that wait are no more this run's.
    """
    calm, least, since = 0, -1, time.monotonic()
    while calm < CALM:
        count = waiting()
        yield count
        calm = calm + 1 if is_done(count) else 0
        if count != least:
            least, since = count, time.monotonic()
        elif count and time.monotonic() - since > patience:
            return
        time.sleep(POLL)


def waiting(sqs: "SQSClient", queue_url: str) -> int:
    """Return how many messages a queue holds: visible, in work, or delayed."""
    answer = sqs.get_queue_attributes(
        QueueUrl=queue_url,
        AttributeNames=[
            "ApproximateNumberOfMessages",
            "ApproximateNumberOfMessagesNotVisible",
            "ApproximateNumberOfMessagesDelayed",
        ],
    )
    return sum(int(count) for count in answer["Attributes"].values())


def look(sqs: "SQSClient", queue_url: str) -> list[Parked]:
    """Return what a dead-letter queue holds. Every message stays in it, and is visible again afterwards."""
    received: dict[str, MessageTypeDef] = {}
    try:
        while batch := {message["MessageId"]: message for message in _receive(sqs, queue_url)}:
            seen = batch.keys() <= received.keys()
            received |= batch
            if seen:
                # there are more of them than can be looked at before the first are visible again
                break
    finally:
        for entries in _batches(list(received.values())):
            sqs.change_message_visibility_batch(
                QueueUrl=queue_url,
                Entries=[
                    {"Id": str(number), "ReceiptHandle": message["ReceiptHandle"], "VisibilityTimeout": 0}
                    for number, message in enumerate(entries)
                ],
            )
    return [parked(message) for message in received.values()]


def parked(message: "MessageTypeDef") -> Parked:
    """Return what a parked message says of itself."""
    attributes = {name: value.get("StringValue", "") for name, value in message.get("MessageAttributes", {}).items()}
    body = _body(message.get("Body", ""))
    found = attributes.get("recordId") or body.get("recordId")
    return Parked(
        message_id=message["MessageId"],
        reason=attributes.get("reason", "unknown"),
        record_id=found if isinstance(found, str) else None,
        customer=_customer(body),
        stage=attributes.get("stage"),
        fingerprint=attributes.get("fingerprint"),
    )


def _customer(body: Mapping[str, Any]) -> str | None:
    """Return a record's customer, or the one of an event that ingest parked; of one too large, the place-holder's."""
    omitted = body.get("omitted")
    told = omitted.get("customer") if isinstance(omitted, dict) else body.get("endpointId")
    if isinstance(omitted, dict) or "endpointId" in body:
        return told if isinstance(told, str) else None
    return next(iter(customers(body)), None)


def _body(text: str) -> Mapping[str, Any]:
    try:
        body = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return body if isinstance(body, dict) else {}


def _receive(sqs: "SQSClient", queue_url: str) -> "Sequence[MessageTypeDef]":
    answer = sqs.receive_message(
        QueueUrl=queue_url,
        MaxNumberOfMessages=MOST,
        VisibilityTimeout=LOOK,
        WaitTimeSeconds=0,
        MessageAttributeNames=["All"],
    )
    return answer.get("Messages", [])


def _batches(messages: "Sequence[MessageTypeDef]") -> "Iterator[Sequence[MessageTypeDef]]":
    for start in range(0, len(messages), MOST):
        yield messages[start : start + MOST]
