"""What became of a record, told from everything that is known of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from ops.dlq.message import NOT_ATTACHED, DlqMessage
from ops.profile_objects import Attached
from ops.text import count, duration
from ops.trace.happening import Happening, What


class Outcome(StrEnum):
    """Where a record is."""

    ON_PROFILE = "on profile"
    WRITTEN = "written"
    """Says the log; Customer Profiles could not be asked."""
    ON_ITS_WAY = "on its way"
    RETURNED = "returned"
    PARKED = "parked"
    NOT_ATTACHED = "not attached"
    GONE = "gone"
    UNKNOWN = "unknown"


FINE = frozenset({Outcome.ON_PROFILE, Outcome.ON_ITS_WAY})
"""Outcomes that need nobody."""


@dataclass(frozen=True, slots=True)
class Story:
    """Everything that is known of one record.

    Attributes:
        record_id: Its id; empty for a customer who was parked before there was one.
        happenings: What the functions said, in the order of time.
        letters: Messages about it in the dead-letter queues.
        objects: Its object, on the profile that has it.
        unasked: Why Customer Profiles could not be asked for it; empty where it could.
    """

    record_id: str
    happenings: Sequence[Happening]
    letters: Sequence[DlqMessage]
    objects: Sequence[Attached]
    unasked: str = ""

    @property
    def outcome(self) -> Outcome:
        """Where the record is; what is seen counts more than what was said."""
        if self.objects:
            return Outcome.ON_PROFILE
        if self.letters:
            not_attached = all(letter.reason == NOT_ATTACHED for letter in self.letters)
            return Outcome.NOT_ATTACHED if not_attached else Outcome.PARKED
        if not self.happenings:
            return Outcome.UNKNOWN
        return {
            What.QUEUED: Outcome.ON_ITS_WAY,
            What.RETURNED: Outcome.RETURNED,
            What.PARKED: Outcome.GONE,
            What.WRITTEN: Outcome.WRITTEN if self.unasked else Outcome.GONE,
        }[self.happenings[-1].what]

    @property
    def attempts(self) -> int:
        """Times that the writer was handed it, as far as is known: of many returns the logs tell only some."""
        told = [happening.receives for happening in self.happenings]
        parked = [_receives(letter) for letter in self.letters]
        return max([0, *told, *parked])

    @property
    def took(self) -> float | None:
        """Seconds from its first being queued to its first being written; None where one of both is not told."""
        queued = [one.at for one in self.happenings if one.what is What.QUEUED]
        written = [one.at for one in self.happenings if one.what is What.WRITTEN]
        return (min(written) - min(queued)).total_seconds() if queued and written else None

    @property
    def conclusion(self) -> str:
        """The outcome in a sentence, with what can be done."""
        match self.outcome:
            case Outcome.ON_PROFILE:
                took = "" if self.took is None else f", {duration(self.took)} after it was queued"
                return f"written{took}: on profile {self.objects[0].profile_id}"
            case Outcome.WRITTEN:
                return "accepted by Customer Profiles, says the log; whether it is on a profile cannot be told now"
            case Outcome.PARKED | Outcome.NOT_ATTACHED:
                return self._parked
            case Outcome.RETURNED | Outcome.ON_ITS_WAY:
                return self._in_queue
            case Outcome.GONE:
                return _GONE[self.happenings[-1].what]
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
            "parked": [{"reason": letter.reason, "detail": letter.detail} for letter in self.letters],
            "happenings": [happening.document for happening in self.happenings],
        }

    @property
    def _parked(self) -> str:
        if self.outcome is Outcome.NOT_ATTACHED:
            return (
                f"accepted by Customer Profiles and attached to no profile ({self.letters[0].detail}):"
                f" `ops dlq show --domain{self._filter}`"
            )
        letter = next(letter for letter in self.letters if letter.reason != NOT_ATTACHED)
        return (
            f"parked ({letter.reason}: {letter.detail}): `ops dlq show{self._filter}` shows it; mend the cause, then"
            f" `ops dlq redrive{self._filter}`"
        )

    @property
    def _in_queue(self) -> str:
        tried = f"tried {count(self.attempts, 'time')}" if self.attempts else "not tried yet, as far as the logs tell"
        if self.outcome is Outcome.ON_ITS_WAY:
            return f"in the queue, {tried}"
        # not every return has a line: the 1st, 2nd, 4th, 8th and so on
        return f"in the queue, {tried} or more, last returned for {self.happenings[-1].cause}: it comes again by itself"

    @property
    def _filter(self) -> str:
        return f" --record {self.record_id}" if self.record_id else ""


_GONE = {
    What.WRITTEN: (
        "accepted by Customer Profiles, and on no profile: not attached yet, deleted, expired, or pushed out by newer"
        " offers (MaxProfileObjectCount); a domain without a dead-letter queue loses what it cannot attach"
    ),
    What.PARKED: "was parked, and is in the dead-letter queue no more: sent again and on its way, purged, or expired",
}


def _receives(letter: DlqMessage) -> int:
    written = letter.attributes.get("receives", "")
    return int(written) if written.isascii() and written.isdigit() else 0
