"""An HTTP request, its answer, and how the answer is delivered."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Protocol

from customer_profiles_emulator.transport.errors import ServiceError


@dataclass(frozen=True, slots=True)
class Request:
    """An HTTP request.

    Attributes:
        path: as sent, percent-encoded, without the query string.
        query: name to decoded values.
        headers: by lower-case name.
    """

    method: str
    path: str
    query: Mapping[str, Sequence[str]]
    headers: Mapping[str, str]
    body: bytes


class DeliveryFault(Enum):
    """What goes wrong with an answer on its way."""

    DRIP = "drip"
    TWICE = "sent_twice"
    HANG = "hang"


@dataclass(frozen=True, slots=True)
class Delivery:
    """How an answer is sent if not at once, once and whole.

    Attributes:
        fault: what goes wrong.
        seconds: between two bytes (`DRIP`), or until the copy follows (`TWICE`).
    """

    fault: DeliveryFault
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back: a body, or chunks of one, or, when `drop` is set, nothing but a reset connection."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    chunks: Iterator[bytes] | None = None
    drop: bool = False
    delivery: Delivery | None = None


def json_answer(status: int, document: object, headers: Mapping[str, str] | None = None) -> Answer:
    """An answer with a JSON body and a request id."""
    body = json.dumps(document, separators=(",", ":")).encode()
    identified = {"Content-Type": "application/json", "x-amzn-RequestId": str(uuid.uuid4()), **(headers or {})}
    return Answer(status, body, identified)


def error_answer(error: ServiceError, message_member: str = "Message") -> Answer:
    """An error in the form of rest-json: its code in a header, its message in the body."""
    return json_answer(error.status, {message_member: error.message}, {"x-amzn-ErrorType": error.code})


class Output(Protocol):
    """What bytes are sent on."""

    def write(self, data: bytes, /) -> object:
        """Buffer bytes."""

    def flush(self) -> None:
        """Send what is buffered."""


def deliver(delivery: Delivery, answer: bytes, output: Output, sleep: Callable[[float], None]) -> None:
    """Send a whole answer, head and body, that drips or is sent twice."""
    if delivery.fault is DeliveryFault.TWICE:
        for pause in (0.0, delivery.seconds):
            sleep(pause)
            output.write(answer)
            output.flush()
        return
    for byte in answer:
        output.write(bytes([byte]))
        output.flush()
        sleep(delivery.seconds)
