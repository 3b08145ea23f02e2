"""A parked message: the original body, byte for byte; what happened travels in message attributes.

Any redrive tool, the console's included, can therefore send it back as it is.
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from engagement.reasons import Reason
from engagement.sqs_batch import MAX_BYTES, Entry
from engagement.wire import timestamp

MAX_DETAIL = 256
"""Characters; a detail is one line for an operator."""

BLANK = " "
"""Replaces an empty body, for which SQS refuses a whole SendMessageBatch."""

_UNPRINTABLE = re.compile(r"[^\x20-\x7e]")


class Stage(StrEnum):
    """Where a record was parked."""

    INGEST = "ingest"
    WRITER = "writer"


@dataclass(frozen=True, slots=True)
class Parked:
    """A message for the dead-letter queue.

    Attributes:
        body: The original body.
        reason: Why, from the closed list.
        detail: One line without personal data.
        stage: Where it was parked.
        first_seen: When the pipeline first had it.
        record_id: The record's id, if the body has one.
        viewed: Which channel function accepted it, if the body does not say (stage ingest).
        receive_count: How often the queue has handed it out.
        redrives: Times that it was sent back from the dead-letter queue.
        fingerprint: The same for every copy, if the bodies are not; None: the body's digest.
    """

    body: str
    reason: Reason
    detail: str
    stage: Stage
    first_seen: datetime
    record_id: str | None = None
    viewed: bool | None = None
    receive_count: int = 0
    redrives: int = 0
    fingerprint: str | None = None

    def entry(self) -> Entry:
        """Return the entry to send to the dead-letter queue.

        Attributes count towards a message's size. A body that leaves no room for them goes without: a body without a
        reason is worth more than a reason without a body.
        """
        body = self.body or BLANK
        attributes = {
            "reason": str(self.reason),
            "detail": _UNPRINTABLE.sub("?", self.detail)[:MAX_DETAIL] or "none",
            "stage": str(self.stage),
            "firstSeen": timestamp(self.first_seen),
            "receives": str(self.receive_count),
            "redrives": str(self.redrives),
            # The same for every copy: an event that is repeated parks the same customers again.
            "fingerprint": (self.fingerprint or _digest(body))[:32],
        }
        if self.record_id is not None:
            attributes["recordId"] = self.record_id
        if self.viewed is not None:
            attributes["offerViewed"] = str(self.viewed).lower()
        entry = Entry(body, attributes=attributes)
        return entry if entry.size <= MAX_BYTES else Entry(body)


def _digest(body: str) -> str:
    return hashlib.sha256(body.encode("utf-8", "surrogatepass")).hexdigest()
