"""What a source is: one module that knows one caller's contract, both ways."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from engagement.errors import InvalidRecordError
from engagement.record import EngagementRecord
from ingest.envelope import EventOfOne
from ingest.remark import Remark
from ingest.settings import OfferNameFrom


@dataclass(frozen=True, slots=True)
class Step:
    """What a source must know beside the event: which function was called, with which settings, and when."""

    viewed: bool
    offer_name: str
    connect_offer_name_from: OfferNameFrom
    now: datetime
    phone_region: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """One customer of an event.

    Attributes:
        key: The customer's id in the event, by which the answer names them; None where the event gives none.
        event: The event reduced to this one customer, in the caller's own contract: what is parked where there can
            be no record, so that it can be mended and handed to the same function again.
        result: The record, or why there can be none.
        remarks: What is to be told of the record.
        user_id_set_aside: Whether the customer's user id is not used, since too many addresses of the event share it.
    """

    key: str | None
    event: EventOfOne
    result: EngagementRecord | InvalidRecordError
    remarks: Sequence[Remark] = ()
    user_id_set_aside: bool = False


MAX_REASON = 128
"""Characters, as many as the tightest of the callers takes: the value of one of Pinpoint's ``EventAttributes``."""


class Status(StrEnum):
    """What became of one customer of an event, the worse the later."""

    QUEUED = "queued"
    PARKED = "parked"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one customer of an event, as the answer tells it.

    Attributes:
        key: The customer's id in the event, as in the reading.
        status: Queued, parked, or failed: neither the queue nor the dead-letter queue took it.
        record_id: The record's id, where there is a record.
        reason: Why it was parked or failed: a `Reason`, or SQS's code; at most `MAX_REASON` characters.
    """

    key: str | None
    status: Status
    record_id: str | None = None
    reason: str | None = None


class Source(Protocol):
    """One caller's contract. A module with these names is a source."""

    NAME: str
    """The source's name in records, logs and metrics."""

    ANSWERS_FAILURES: bool
    """Whether the answer can name customers that could not be handed over; if not, the invocation fails."""

    def recognises(self, event: Mapping[str, Any]) -> bool:
        """Return whether the event has this contract's shape, from its top-level members alone."""

    def read(self, event: Mapping[str, Any], step: Step) -> Sequence[Reading]:
        """Return one reading for each customer of the event, in the event's order.

        Raises:
            InvalidEventError: the event as a whole breaks the contract.
        """

    def answer(self, outcomes: Sequence[Outcome]) -> dict[str, Any]:
        """Return what the caller expects, within its limits."""
