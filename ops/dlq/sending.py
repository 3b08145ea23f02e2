"""Sends parked messages on: to the queue, or to the function that had parked them. Every call is made once.

A call that failed in a way that leaves open whether it took effect must not be repeated blindly: its messages are in
doubt. So these clients do not retry, and only what is known not to have happened is tried again, here.
"""

import hashlib
import json
import ssl
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol
from uuid import uuid4

from botocore.exceptions import ConnectionError as BotocoreConnectionError
from botocore.exceptions import (
    ConnectTimeoutError,
    CredentialRetrievalError,
    EndpointConnectionError,
    NoCredentialsError,
    ParamValidationError,
    ProxyConnectionError,
    SSLError,
)
from urllib3.exceptions import HTTPError

from engagement.clock import Clock
from engagement.sqs_batch import MAX_BYTES, MAX_ENTRIES, Entry
from ingest.sources.contract import CustomerStatus
from ops.answers import batch_answer
from ops.dlq.channel_answer import Asked, told
from ops.errors import AWS_FAILURES, SERVER_ERROR, code_of, is_throttled, one_line

TRIES = 5
"""Times that a call which surely had no effect is made."""
FIRST_PAUSE = 0.5
"""Seconds before the second try, doubled for each that follows."""
NEVER_LEFT = (
    ConnectTimeoutError,
    CredentialRetrievalError,
    EndpointConnectionError,
    NoCredentialsError,
    ParamValidationError,
    ProxyConnectionError,
)
"""Failures at which no request had reached the service."""
NOT_THE_CONTRACTS = "the answer is not a channel function's of this customer"
UNSAID = "SQS did not say"
DONE = 200
"""``StatusCode`` of a function that was called and has answered (Lambda API reference, Invoke)."""


class Fate(StrEnum):
    """What became of one message that was sent on."""

    SENT = "sent"
    PARKED_AGAIN = "parked again"
    NOT_TAKEN = "not taken"
    IN_DOUBT = "in doubt"


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of one message, and why.

    Attributes:
        fate: What became of it.
        why: A code or one line where it is not where it should be.
        record_id: Of the record that a channel function made of it.
        call_failed: Whether the call as a whole failed: the next one would fail alike.
    """

    fate: Fate
    why: str = ""
    record_id: str | None = None
    call_failed: bool = False


@dataclass(frozen=True, slots=True)
class Order:
    """A message to send on.

    Attributes:
        message_id: By which the dead-letter queue has it.
        entry: What the queue is sent; of one for a function, the body is the event.
        function: The function to hand it to; None for the queue.
        customer: Of an event for a function: whom the answer must name.
    """

    message_id: str
    entry: Entry
    function: str | None = None
    customer: Asked | None = None


class SendsBatches(Protocol):
    """The one call of an SQS client that is needed here."""

    def send_message_batch(self, *, QueueUrl: str, Entries: Sequence[Any]) -> object:  # noqa: N803 - boto3's names
        """Send up to ten entries."""


class Invokes(Protocol):
    """The one call of a Lambda client that is needed here."""

    def invoke(self, *, FunctionName: str, Payload: bytes) -> object:  # noqa: N803 - boto3's names
        """Invoke a function and return its answer."""


class Dispatch:
    """The two places that a parked message can be sent on to.

    Args:
        sqs: A client that does not retry.
        queue_url: The engagement queue.
        functions: The same.
        clock: For the pauses.
    """

    def __init__(self, sqs: SendsBatches, queue_url: str, functions: Invokes, clock: Clock) -> None:
        self._sqs = sqs
        self._queue_url = queue_url
        self._functions = functions
        self._clock = clock

    def send(self, orders: Sequence[Order]) -> list[Sent]:
        """Send one batch, all of it to the queue or its one message to a function."""
        first, failed = orders[0], Sent(Fate.NOT_TAKEN)
        for attempt in range(TRIES):
            if attempt:
                self._clock.sleep(FIRST_PAUSE * 2 ** (attempt - 1))
            try:
                return self._invoke(first) if first.function is not None else self._send(orders)
            except AWS_FAILURES as error:
                failed = _failed(error)
                if failed.fate is Fate.IN_DOUBT or not _may_be_tried_again(error):
                    break
        return [failed] * len(orders)

    def _send(self, orders: Sequence[Order]) -> list[Sent]:
        # ids that no other request has: an answer that was meant for another is told apart by them
        ids = [f"{uuid4().hex}-{position}" for position in range(len(orders))]
        answer = self._sqs.send_message_batch(QueueUrl=self._queue_url, Entries=list(map(_wire, ids, orders)))
        said = batch_answer(answer, ids)
        nothing = not said.successful and not said.failed
        sent = []
        for name, order in zip(ids, orders, strict=True):
            if name in said.successful and _is_digest(said.successful[name].get("MD5OfMessageBody"), order.entry.body):
                sent.append(Sent(Fate.SENT))
            elif name in said.failed:
                sent.append(Sent(Fate.NOT_TAKEN, said.failed[name]))
            else:
                sent.append(Sent(Fate.IN_DOUBT, UNSAID, call_failed=nothing))
        return sent

    def _invoke(self, order: Order) -> list[Sent]:
        answer = self._functions.invoke(FunctionName=str(order.function), Payload=order.entry.body.encode())
        if not isinstance(answer, Mapping) or answer.get("StatusCode") != DONE:
            return [Sent(Fate.IN_DOUBT, NOT_THE_CONTRACTS, call_failed=True)]
        try:
            payload = answer["Payload"].read()
        except (HTTPError, KeyError, AttributeError) as error:
            return [Sent(Fate.IN_DOUBT, f"the answer cannot be read: {one_line(error)}", call_failed=True)]
        return [_error_fate(payload) if "FunctionError" in answer else _answer_fate(order.customer, payload)]


def batches(orders: Sequence[Order], most: int = MAX_ENTRIES) -> Iterator[list[Order]]:
    """Yield orders in batches that one call takes: several for the queue, or one for a function."""
    batch: list[Order] = []
    size = 0
    for order in orders:
        if order.function is not None:
            yield [order]
            continue
        if batch and (len(batch) == most or size + order.entry.size > MAX_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(order)
        size += order.entry.size
    if batch:
        yield batch


def _wire(name: str, order: Order) -> dict[str, Any]:
    wire: dict[str, Any] = {"Id": name, "MessageBody": order.entry.body}
    if order.entry.group is not None:
        wire["MessageGroupId"] = order.entry.group
    if order.entry.attributes:
        wire["MessageAttributes"] = {
            name: {"DataType": "String", "StringValue": value} for name, value in order.entry.attributes.items()
        }
    return wire


def _is_digest(digest: object, body: str) -> bool:
    """Return whether SQS has the body that it was sent, as far as it says so."""
    return digest is None or digest == hashlib.md5(body.encode(), usedforsecurity=False).hexdigest()


def _failed(error: Exception) -> Sent:
    answer = getattr(error, "response", None) or {}  # botocore gives connection errors one that is None
    status = int(answer.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
    # where there is no code botocore takes the status: then the page is a proxy's, and the call may have passed it
    refused = 0 < status < SERVER_ERROR and not code_of(error).isdecimal()
    never_left = isinstance(error, NEVER_LEFT) or _is_bad_certificate(error)
    fate = Fate.NOT_TAKEN if refused or is_throttled(error) or never_left else Fate.IN_DOUBT
    return Sent(fate, one_line(error), call_failed=True)


def _is_bad_certificate(error: BaseException | None) -> bool:
    """Return whether TLS was refused at its beginning; any other failure of it may come after the request."""
    if not isinstance(error, SSLError):
        return False
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, ssl.SSLCertVerificationError):
        cause = cause.__cause__ or cause.__context__
    return cause is not None


def _may_be_tried_again(error: Exception) -> bool:
    return is_throttled(error) or isinstance(error, BotocoreConnectionError)


def _error_fate(payload: bytes) -> Sent:
    """Return what a function's error says: the project's own errors say that nothing was taken over."""
    error = _map(_parsed(payload))
    kind, text = str(error.get("errorType", "")), " ".join(str(error.get("errorMessage", "")).split())
    known = kind in {"InvalidEventError", "UnsentError"}
    return Sent(Fate.NOT_TAKEN if known else Fate.IN_DOUBT, f"{kind}: {text}"[:200])


def _answer_fate(customer: Asked | None, payload: bytes) -> Sent:
    """Return what an answer says of the order's one customer; one that says nothing of them leaves them in doubt."""
    said = told(customer, payload) if customer is not None else None
    if said is None:
        return Sent(Fate.IN_DOUBT, NOT_THE_CONTRACTS, call_failed=True)
    fate = {
        CustomerStatus.QUEUED: Fate.SENT,
        CustomerStatus.PARKED: Fate.PARKED_AGAIN,
        CustomerStatus.FAILED: Fate.NOT_TAKEN,
    }[said.status]
    return Sent(fate, said.reason, said.record_id if fate is Fate.SENT else None)


def _parsed(payload: bytes) -> object:
    try:
        return json.loads(payload)
    except (ValueError, RecursionError):
        return None


def _map(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
