"""Sends parked messages: to the queue, or to the channel function that parked them.

A call that may have taken effect is never repeated: its messages are in doubt. So the clients here do not retry, and
only a call that surely had no effect is made again.
"""

import json
import ssl
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any
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

from engagement import sqs_batch
from engagement.clock import Clock
from engagement.sqs_batch import Entry
from ingest.sources.contract import CustomerStatus
from ops.answers import batch_answer
from ops.dlq.redrive.channel_answer import EventCustomer, answer_of
from ops.errors import AWS_FAILURES, SERVER_ERROR, code_of, is_throttled, one_line

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_sqs import SQSClient

TRIES = 5
"""Times that a call is made if it surely had no effect."""
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
"""Failures before which no request had reached the service."""
NO_ANSWER_OF_OURS = "the answer is not a channel function's of this customer"
NOT_ANSWERED = "the answer of SQS does not name it"
DONE = 200
"""``StatusCode`` of a function that was called and has answered (Lambda API reference, Invoke)."""


class SendStatus(StrEnum):
    """What became of one message."""

    SENT = "sent"
    PARKED_AGAIN = "parked again"
    REJECTED = "rejected"
    IN_DOUBT = "in doubt"


STATUSES = {
    CustomerStatus.QUEUED: SendStatus.SENT,
    CustomerStatus.PARKED: SendStatus.PARKED_AGAIN,
    CustomerStatus.FAILED: SendStatus.REJECTED,
}
"""By what a channel function answers."""


@dataclass(frozen=True, slots=True)
class SendResult:
    """What became of one message, and why.

    Attributes:
        status: What became of it.
        why: A code or one line, unless it was sent.
        record_id: Of the record that a channel function made of it.
        call_failed: Whether the call as a whole failed: the next one would fail alike.
    """

    status: SendStatus
    why: str = ""
    record_id: str | None = None
    call_failed: bool = False


@dataclass(frozen=True, slots=True)
class SendRequest:
    """A message to send.

    Attributes:
        message_id: Its id in the dead-letter queue.
        entry: What the queue is sent; if it is for a function, the body is the event.
        function: The function to invoke with it; None for the queue.
        customer: If it is for a function, the customer whom the answer must name.
    """

    message_id: str
    entry: Entry
    function: str | None = None
    customer: EventCustomer | None = None


class Dispatch:
    """The two places that a parked message can be sent to.

    Args:
        sqs: A client that does not retry.
        queue_url: The engagement queue.
        functions: A client that does not retry.
        clock: For the pauses.
    """

    def __init__(self, sqs: "SQSClient", queue_url: str, functions: "LambdaClient", clock: Clock) -> None:
        self._sqs = sqs
        self._queue_url = queue_url
        self._functions = functions
        self._clock = clock

    def send(self, requests: Sequence[SendRequest]) -> list[SendResult]:
        """Send one batch: all of it to the queue, or its one message to a function."""
        first, failed = requests[0], SendResult(SendStatus.REJECTED)
        for attempt in range(TRIES):
            if attempt:
                self._clock.sleep(FIRST_PAUSE * 2 ** (attempt - 1))
            try:
                return self._invoke(first) if first.function is not None else self._send(requests)
            except AWS_FAILURES as error:
                failed = _of_failure(error)
                if failed.status is SendStatus.IN_DOUBT or not _may_be_tried_again(error):
                    break
        return [failed] * len(requests)

    def _send(self, requests: Sequence[SendRequest]) -> list[SendResult]:
        # ids that no other request has: so an answer that was meant for another request is not believed
        ids = [f"{uuid4().hex}-{position}" for position in range(len(requests))]
        entries: Any = [request.entry.wire(name) for name, request in zip(ids, requests, strict=True)]
        said = batch_answer(self._sqs.send_message_batch(QueueUrl=self._queue_url, Entries=entries), ids)
        nothing = not said.successful and not said.failed
        results = []
        for name, request in zip(ids, requests, strict=True):
            if name in said.successful and request.entry.is_confirmed_by(said.successful[name]):
                results.append(SendResult(SendStatus.SENT))
            elif name in said.failed:
                results.append(SendResult(SendStatus.REJECTED, said.failed[name]))
            else:
                results.append(SendResult(SendStatus.IN_DOUBT, NOT_ANSWERED, call_failed=nothing))
        return results

    def _invoke(self, request: SendRequest) -> list[SendResult]:
        answer: object = self._functions.invoke(FunctionName=str(request.function), Payload=request.entry.body.encode())
        if not isinstance(answer, Mapping) or answer.get("StatusCode") != DONE:
            return [SendResult(SendStatus.IN_DOUBT, NO_ANSWER_OF_OURS, call_failed=True)]
        try:
            payload = answer["Payload"].read()
        except (HTTPError, KeyError, AttributeError) as error:
            return [SendResult(SendStatus.IN_DOUBT, f"the answer cannot be read: {one_line(error)}", call_failed=True)]
        return [_of_error(payload) if "FunctionError" in answer else _of_answer(request.customer, payload)]


def batches(requests: Sequence[SendRequest], most: int) -> Iterator[list[SendRequest]]:
    """Yield the requests in batches that one call takes: one for a function, or up to ``most`` for the queue."""
    yield from ([request] for request in requests if request.function is not None)
    for_queue = [request for request in requests if request.function is None]
    yield from sqs_batch.batches(for_queue, lambda request: request.entry.size, most)


def _of_failure(error: Exception) -> SendResult:
    answer = getattr(error, "response", None) or {}  # botocore gives connection errors one that is None
    http_status = int(answer.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
    # botocore makes the HTTP status the code of an answer without one: a proxy's page, sent perhaps after the call
    refused = 0 < http_status < SERVER_ERROR and not code_of(error).isdecimal()
    never_left = isinstance(error, NEVER_LEFT) or _is_bad_certificate(error)
    had_no_effect = refused or is_throttled(error) or never_left
    return SendResult(SendStatus.REJECTED if had_no_effect else SendStatus.IN_DOUBT, one_line(error), call_failed=True)


def _is_bad_certificate(error: BaseException | None) -> bool:
    """Return whether TLS was refused at its beginning; its other failures may come after the request."""
    if not isinstance(error, SSLError):
        return False
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, ssl.SSLCertVerificationError):
        cause = cause.__cause__ or cause.__context__
    return cause is not None


def _may_be_tried_again(error: Exception) -> bool:
    return is_throttled(error) or isinstance(error, BotocoreConnectionError)


def _of_error(payload: bytes) -> SendResult:
    """Return what a function's error says: after one of the project's own errors nothing was accepted."""
    error = _map(_parsed(payload))
    kind, text = str(error.get("errorType", "")), " ".join(str(error.get("errorMessage", "")).split())
    known = kind in {"InvalidEventError", "UnsentError"}
    return SendResult(SendStatus.REJECTED if known else SendStatus.IN_DOUBT, f"{kind}: {text}"[:200])


def _of_answer(customer: EventCustomer | None, payload: bytes) -> SendResult:
    said = answer_of(customer, payload) if customer is not None else None
    if said is None:
        return SendResult(SendStatus.IN_DOUBT, NO_ANSWER_OF_OURS, call_failed=True)
    status = STATUSES[said.status]
    return SendResult(status, said.reason, said.record_id if status is SendStatus.SENT else None)


def _parsed(payload: bytes) -> object:
    try:
        return json.loads(payload)
    except (ValueError, RecursionError):
        return None


def _map(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
