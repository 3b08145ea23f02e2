"""What a source is: one module that knows one caller's event format and the answer that the caller expects."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from engagement.errors import InvalidRecordError
from engagement.record import EngagementRecord
from ingest.envelope import SingleCustomerEvent
from ingest.settings import OfferNameFrom


@dataclass(frozen=True, slots=True)
class InvocationContext:
    """What a source must know beside the event: which function was called, with which settings, and when."""

    viewed: bool
    offer_name: str
    connect_offer_name_from: OfferNameFrom
    now: datetime
    phone_region: str = ""


class WarningReason(StrEnum):
    """The closed list of warnings; the value is the dimension ``reason`` of the metric RecordsInDoubt."""

    UNREADABLE_TIME = "unreadable_time"
    """The event gives a time that cannot be read: the record's time is recorded as unknown."""
    OFFER_NOT_NAMED = "offer_not_named"
    """The custom data is JSON without ``offerName``: the settings' offer counts."""
    UNREADABLE_CUSTOMER_DATA = "unreadable_customer_data"
    """Connect's ``CustomerData`` cannot be read: the record goes without it."""


@dataclass(frozen=True, slots=True)
class EventWarning:
    """A part of the event could not be used, and the customer has a record all the same.

    Attributes:
        reason: Which part.
        detail: One line about what was given, without personal data.
    """

    reason: WarningReason
    detail: str


@dataclass(frozen=True, slots=True)
class ParsedCustomer:
    """One customer of an event.

    Attributes:
        key: The customer's id in the event, by which the answer names them; None if the event gives none.
        event: The event reduced to this one customer, in the caller's own format. It is parked if there is no record,
            and can be corrected and sent to the same function again.
        result: The record, or the error that explains why there is none.
        warnings: What is logged about the record.
        user_id_set_aside: Whether the customer's user id is ignored because too many addresses of the event share it.
    """

    key: str | None
    event: SingleCustomerEvent
    result: EngagementRecord | InvalidRecordError
    warnings: Sequence[EventWarning] = ()
    user_id_set_aside: bool = False


MAX_REASON = 128
"""Characters, as many as the strictest caller takes: the value of one of Pinpoint's ``EventAttributes``."""


class CustomerStatus(StrEnum):
    """What became of one customer of an event, the worse the later."""

    QUEUED = "queued"
    PARKED = "parked"
    FAILED = "failed"
    """Neither the queue nor the dead-letter queue accepted the customer."""


@dataclass(frozen=True, slots=True)
class CustomerOutcome:
    """What the answer says about one customer of an event.

    Attributes:
        key: The customer's id in the event, as in `ParsedCustomer`.
        status: Queued, parked or failed.
        record_id: The record's id, if there is a record.
        reason: Why the customer was parked or failed: a `Reason`, or SQS's code; at most `MAX_REASON` characters.
    """

    key: str | None
    status: CustomerStatus
    record_id: str | None = None
    reason: str | None = None


class Source(Protocol):
    """One caller's event format. A module with these names is a source."""

    NAME: str
    """The source's name in records, logs and metrics."""

    ANSWERS_FAILURES: bool
    """Whether the answer can name customers that failed; if not, the invocation fails."""

    def recognises(self, event: Mapping[str, Any]) -> bool:
        """Return whether the event has this source's format, judged by its top-level members alone."""

    def parse(self, event: Mapping[str, Any], invocation: InvocationContext) -> Sequence[ParsedCustomer]:
        """Return one parsed customer for each customer of the event, in the event's order.

        Raises:
            InvalidEventError: the event as a whole breaks the format.
        """

    def answer(self, outcomes: Sequence[CustomerOutcome]) -> dict[str, Any]:
        """Return what the caller expects, within its limits."""

    def answered(self, answer: Mapping[str, Any], key: str) -> Mapping[str, Any]:
        """Return what an answer says about its only customer, as ``status``, ``reason`` and ``recordId``.

        The opposite of `answer`: `ops dlq redrive` learns from it what became of a parked event. Empty if this is not
        this source's answer for exactly the customer of that key.
        """
