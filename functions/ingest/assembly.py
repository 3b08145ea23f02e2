"""Puts a record together from what every source knows: the occasion, the customer and the offer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engagement.errors import InvalidRecordError
from engagement.reasons import Reason
from engagement.record import Customer, EngagementRecord, Journey, record_id
from engagement.text import LONE_SURROGATE, is_clean, json_safe, tidy
from ingest.source import Reading

MAX_CONTEXT_TEXT = 5_120
"""Characters of an event's member that are kept as context: as many as Pinpoint's ``Data`` may hold (5 KB)."""
MAX_CONTEXT_BITS = 64
MAX_CONTEXT = 16_384
"""Characters of all the context together: it travels with every one of the event's records."""


@dataclass(frozen=True, slots=True)
class Occasion:
    """What all the customers of one event have in common.

    Attributes:
        journey: The journey or campaign that called.
        viewed: Which of the two channel functions it called.
        engaged_at: When, in the journey's words or else the function's, UTC.
        accepted_at: When the function was called, UTC.
        context: Further scalars of the event.
    """

    journey: Journey
    viewed: bool
    engaged_at: datetime
    accepted_at: datetime
    context: Mapping[str, Any]


def assemble(
    occasion: Occasion, customer: Customer, offer_name: str, endpoint_id: str, endpoint: Mapping[str, Any]
) -> EngagementRecord:
    """Return the record of one customer.

    Raises:
        InvalidRecordError: nobody is identified, or the endpoint cannot be written as JSON. Every record that this
            function returns can.
    """
    if customer == Customer():
        raise InvalidRecordError(Reason.NO_IDENTITY, "no user id, e-mail address, phone number or profile id")
    try:
        safe_endpoint = json_safe(endpoint)
    except ValueError as error:
        raise InvalidRecordError(Reason.MALFORMED_CUSTOMER, f"cannot be written as JSON: {error}") from error
    return EngagementRecord(
        record_id=record_id(occasion.journey, customer, offer_name, viewed=occasion.viewed),
        journey=occasion.journey,
        customer=customer,
        offer_name=offer_name,
        viewed=occasion.viewed,
        engaged_at=occasion.engaged_at,
        accepted_at=occasion.accepted_at,
        endpoint_id=endpoint_id,
        endpoint=safe_endpoint,
        context=occasion.context,
    )


def reading(key: str | None, event_of_one: Mapping[str, Any], record: Callable[[], EngagementRecord]) -> Reading:
    """Return the reading of one customer: the record that ``record`` returns, or the error that it raises."""
    try:
        return Reading(key, event_of_one, record())
    except InvalidRecordError as error:
        return Reading(key, event_of_one, error)


def optional_text(members: Mapping[str, Any], name: str) -> str | None:
    """Return a member that no document promises: its tidied text, or None where it is no text that can be kept."""
    value = members.get(name)
    if not isinstance(value, str):
        return None
    text = tidy(value)
    return text if is_clean(text) else None


def context_of(members: Mapping[str, Any]) -> dict[str, Any]:
    """Return the first scalars among ``members`` that are fit to travel with every record, and together are."""
    context: dict[str, Any] = {}
    room = MAX_CONTEXT
    for name, value in members.items():
        if is_clean(name) and _is_context(value):
            room -= len(name) + len(str(value))
            if room < 0:
                break
            context[name] = value
    return context


def _is_context(value: object) -> bool:
    if isinstance(value, str):
        return len(value) <= MAX_CONTEXT_TEXT and LONE_SURROGATE.search(value) is None
    return isinstance(value, int) and value.bit_length() <= MAX_CONTEXT_BITS
