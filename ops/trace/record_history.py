"""What became of a record, from its log lines, dead letters and objects."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from engagement.wire import timestamp
from ops.dlq.message import NOT_ATTACHED, DlqMessage
from ops.profile_objects import Attached
from ops.text import count, duration
from ops.trace.log_event import EventKind, LogEvent


class Outcome(StrEnum):
    """Where a record is."""

    ON_PROFILE = "on profile"
    WRITTEN = "written"
    """According to the log; Customer Profiles could not be asked."""
    ON_ITS_WAY = "on its way"
    RETURNED = "returned"
    PARKED = "parked"
    NOT_ATTACHED = "not attached"
    GONE = "gone"
    UNKNOWN = "unknown"


ROW = ("recordId", "outcome", "at", "where", "what", "receives", "cause")
"""Columns of the rows."""
FINE = frozenset({Outcome.ON_PROFILE, Outcome.ON_ITS_WAY})
"""Outcomes that need no operator."""


@dataclass(frozen=True, slots=True)
class RecordHistory:
    """Everything that is known of one record.

    Attributes:
        record_id: Its id; empty for a customer who was parked before there was one.
        events: What the functions logged, in the order of time.
        dead_letters: Messages about it in the dead-letter queues.
        objects: Its object, on the profile that has it.
        unasked: Why Customer Profiles could not be asked for it; empty if it could.
    """

    record_id: str
    events: Sequence[LogEvent]
    dead_letters: Sequence[DlqMessage]
    objects: Sequence[Attached]
    unasked: str = ""

    @property
    def outcome(self) -> Outcome:
        """Where the record is; a profile or a queue counts more than a log line."""
        if self.objects:
            return Outcome.ON_PROFILE
        if self.dead_letters:
            not_attached = all(message.reason == NOT_ATTACHED for message in self.dead_letters)
            return Outcome.NOT_ATTACHED if not_attached else Outcome.PARKED
        if not self.events:
            return Outcome.UNKNOWN
        return {
            EventKind.QUEUED: Outcome.ON_ITS_WAY,
            EventKind.RETURNED: Outcome.RETURNED,
            EventKind.PARKED: Outcome.GONE,
            EventKind.WRITTEN: Outcome.WRITTEN if self.unasked else Outcome.GONE,
        }[self.events[-1].kind]

    @property
    def attempts(self) -> int:
        """Times that the writer received it, as far as is known: of many returns the logs have only some."""
        logged = [event.receives for event in self.events]
        parked = [_receives(message) for message in self.dead_letters]
        return max([0, *logged, *parked])

    @property
    def took(self) -> float | None:
        """Seconds from when it was first queued to when it was first written; None if the logs lack one of them."""
        queued = [one.at for one in self.events if one.kind is EventKind.QUEUED]
        written = [one.at for one in self.events if one.kind is EventKind.WRITTEN]
        return (min(written) - min(queued)).total_seconds() if queued and written else None

    @property
    def conclusion(self) -> str:
        """The outcome in a sentence, with what can be done."""
        match self.outcome:
            case Outcome.ON_PROFILE:
                took = "" if self.took is None else f", {duration(self.took)} after it was queued"
                return f"written{took}: on profile {self.objects[0].profile_id}"
            case Outcome.WRITTEN:
                return "accepted by Customer Profiles according to the log; whether it is on a profile is unknown now"
            case Outcome.PARKED | Outcome.NOT_ATTACHED:
                return self._parked
            case Outcome.RETURNED | Outcome.ON_ITS_WAY:
                return self._in_queue
            case Outcome.GONE:
                return _GONE[self.events[-1].kind]
        return "nothing is known of it"

    @property
    def document(self) -> Mapping[str, Any]:
        """The same as JSON."""
        return {
            "recordId": self.record_id or None,
            "outcome": str(self.outcome),
            "conclusion": self.conclusion,
            "profilesNotAsked": self.unasked or None,
            "attempts": self.attempts,
            "secondsToProfile": self.took,
            "profileIds": [attached.profile_id for attached in self.objects],
            "parked": [{"reason": message.reason, "detail": message.detail} for message in self.dead_letters],
            "events": [event.document for event in self.events],
        }

    @property
    def rows(self) -> list[tuple[object, ...]]:
        """A row for each event; one row without an event if there is none."""
        whose = (self.record_id or None, str(self.outcome))
        events = [(timestamp(one.at), one.service, str(one.kind), one.receives, one.cause) for one in self.events]
        return [(*whose, *event) for event in events] or [(*whose, None, None, None, None, None)]

    @property
    def _parked(self) -> str:
        if self.outcome is Outcome.NOT_ATTACHED:
            return (
                f"accepted by Customer Profiles and attached to no profile ({self.dead_letters[0].detail}):"
                f" `ops dlq show --domain{self._filter}`"
            )
        message = next(message for message in self.dead_letters if message.reason != NOT_ATTACHED)
        return (
            f"parked ({message.reason}: {message.detail}): `ops dlq show{self._filter}` shows it; fix the cause, then"
            f" `ops dlq redrive{self._filter}`"
        )

    @property
    def _in_queue(self) -> str:
        tried = f"tried {count(self.attempts, 'time')}" if self.attempts else "not tried yet, as far as the logs show"
        if self.outcome is Outcome.ON_ITS_WAY:
            return f"in the queue, {tried}"
        # not every return has a line: the 1st, 2nd, 4th, 8th and so on
        return (
            f"in the queue, {tried} or more, last returned for {self.events[-1].cause}: it is received again by itself"
        )

    @property
    def _filter(self) -> str:
        return f" --record {self.record_id}" if self.record_id else ""


_GONE = {
    EventKind.WRITTEN: (
        "accepted by Customer Profiles, and on no profile: not attached yet, deleted, expired, or pushed out by newer"
        " offers (MaxProfileObjectCount); a domain without a dead-letter queue loses what it cannot attach"
    ),
    EventKind.PARKED: (
        "was parked, and is no longer in the dead-letter queue: sent again and on its way, purged, or expired"
    ),
}


def _receives(message: DlqMessage) -> int:
    written = message.attributes.get("receives", "")
    return int(written) if written.isascii() and written.isdigit() else 0
