"""Parked messages grouped by what happened to them."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engagement.parking import MAX_DETAIL
from engagement.wire import timestamp
from ops.dlq.message import DlqMessage

_SPECIFIC = re.compile(
    r"""
    \S+@\S+                                            # an address
    | \b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b  # a request's or profile's id
    | \b[0-9a-f]{16,}\b                                # a digest
    | '[^']*' | "[^"]*"                                # a quotation
    | \+?\d[\d,.]*                                     # a number
    """,
    re.VERBOSE,
)
_UNCLOSED = re.compile(r"""['"][^'"]*\Z""")
MOST = MAX_DETAIL
"""Characters of a detail that are read: as many as the functions write. The domain's may be of any length, and the
pattern of an address is tried at each character."""
SHOWN = 5
"""Offers and journeys that are named for each cause, the most frequent first."""


@dataclass(frozen=True, slots=True)
class Cause:
    """Why messages were parked.

    Attributes:
        reason: Of the closed list.
        stage: Where.
        detail: What the messages' details have in common: numbers, ids and addresses replaced, so nothing personal.
    """

    reason: str
    stage: str
    detail: str

    @classmethod
    def of(cls, message: DlqMessage) -> "Cause":
        """Return a message's cause."""
        return cls(message.reason, message.stage, general(message.detail))

    @property
    def key(self) -> str:
        """Six digits by which a cause can be typed."""
        return hashlib.sha256(f"{self.reason}\n{self.stage}\n{self.detail}".encode()).hexdigest()[:6]


@dataclass(slots=True)
class Group:
    """The messages of one cause, counted.

    Attributes:
        cause: What they have in common.
        messages: How many.
        first_seen: The earliest of them.
        last_seen: The latest of them.
        offers: Messages by offer.
        journeys: Messages by journey.
    """

    cause: Cause
    messages: int
    first_seen: datetime
    last_seen: datetime
    offers: Counter[str] = field(default_factory=Counter)
    journeys: Counter[str] = field(default_factory=Counter)
    _copies: set[str] = field(default_factory=set)

    @property
    def distinct(self) -> int:
        """Different bodies among them: an event that is repeated parks the same customers again."""
        return len(self._copies)

    @property
    def document(self) -> Mapping[str, Any]:
        """The group as JSON."""
        return {
            "cause": self.cause.key,
            "reason": self.cause.reason,
            "stage": self.cause.stage,
            "detail": self.cause.detail,
            "messages": self.messages,
            "distinct": self.distinct,
            "firstSeen": timestamp(self.first_seen),
            "lastSeen": timestamp(self.last_seen),
            "offers": dict(self.offers.most_common(SHOWN)),
            "journeys": dict(self.journeys.most_common(SHOWN)),
        }

    def add(self, message: DlqMessage) -> None:
        """Count a message in."""
        self.messages += 1
        self.first_seen = min(self.first_seen, message.first_seen)
        self.last_seen = max(self.last_seen, message.first_seen)
        self._copies.add(message.fingerprint or message.message_id)
        if message.offer is not None:
            self.offers[message.offer] += 1
        if message.journey is not None:
            self.journeys[message.journey] += 1


def general(detail: str) -> str:
    """Return a detail without what distinguishes one message from another, and of a long one only its beginning.

    The cut leaves no part of a word or of a quotation, since half an address does not look like one.
    """
    if len(detail) <= MOST:
        return _SPECIFIC.sub("*", detail)
    kept = detail[: MOST + 1].rpartition(" ")[0]
    return f"{_UNCLOSED.sub('*', _SPECIFIC.sub('*', kept))} ..."


def group(messages: Iterable[DlqMessage]) -> list[Group]:
    """Return the messages by cause, the most frequent first."""
    groups: dict[Cause, Group] = {}
    for message in messages:
        cause = Cause.of(message)
        found = groups.setdefault(cause, Group(cause, 0, message.first_seen, message.first_seen))
        found.add(message)
    return sorted(groups.values(), key=lambda one: (-one.messages, one.cause.key))
