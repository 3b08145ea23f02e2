"""How an answer is sent, where it is not sent at once, once and whole."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Protocol


class Sending(Enum):
    """What goes wrong on the answer's way."""

    DRIP = "drip"
    TWICE = "sent_twice"
    HANG = "hang"


@dataclass(frozen=True, slots=True)
class Manner:
    """How an answer is sent.

    Attributes:
        sending: what goes wrong.
        seconds: between two bytes of one that drips; until the copy of one that is sent twice.
    """

    sending: Sending
    seconds: float = 0.0


class Wire(Protocol):
    """What bytes are sent on."""

    def write(self, data: bytes, /) -> object:
        """Take bytes."""

    def flush(self) -> None:
        """Send them."""


def send(manner: Manner, answer: bytes, wire: Wire, sleep: Callable[[float], None]) -> None:
    """Send a whole answer, head and body, in its manner."""
    if manner.sending is Sending.TWICE:
        for pause in (0.0, manner.seconds):
            sleep(pause)
            wire.write(answer)
            wire.flush()
        return
    for byte in answer:
        wire.write(bytes([byte]))
        wire.flush()
        sleep(manner.seconds)
