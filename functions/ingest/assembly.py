"""Puts a record together from what every source knows: the occasion, the customer and the offer."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engagement.errors import InvalidRecordError
from engagement.reasons import Reason
from engagement.record import Customer, EngagementRecord, Journey, record_id
from engagement.text import DIGEST_PREFIX, LONE_SURROGATE, is_clean, json_safe, plain, tidy
from ingest.envelope import EventOfOne
from ingest.offer import Offer, offer_of
from ingest.remark import Remark
from ingest.source import Reading

MAX_CONTEXT_TEXT = 5_120
"""Characters of an event's member that are kept as context: as many as Pinpoint's ``Data`` may hold (5 KB)."""
MAX_CONTEXT_BITS = 64
MAX_EXACT = 2.0**53
"""Beyond it a float is not the number that was written."""
MAX_ID_BITS = 512
"""Of a whole number that is an id: its digits fit a text. Python refuses to write very long ones at all."""
MAX_CONTEXT = 16_384
"""Characters of all the context together: it travels with every one of the event's records."""


@dataclass(frozen=True, slots=True)
class Occasion:
    """What all the customers of one event have in common.

    Attributes:
        journey: The journey or campaign that called.
        viewed: Which of the two channel functions it called.
        engaged_at: When, in the journey's words or else the function's, UTC; None where the journey's cannot be read.
        accepted_at: When the customers were first handed over, UTC.
        context: Further scalars of the event.
        offer: The offer, or why there is none.
        remarks: What is to be told of the event.
    """

    journey: Journey
    viewed: bool
    engaged_at: datetime | None
    accepted_at: datetime
    context: Mapping[str, Any]
    offer: Offer | InvalidRecordError
    remarks: Sequence[Remark] = ()


def assemble(occasion: Occasion, customer: Customer, endpoint_id: str, endpoint: Mapping[str, Any]) -> EngagementRecord:
    """Return the record of one customer.

    Raises:
        InvalidRecordError: nobody is identified, there is no offer, or the endpoint cannot be written as JSON. Every
            record that this function returns can.
    """
    if isinstance(occasion.offer, InvalidRecordError):
        # A new one each time: an error that is raised for thousands of customers grows by a traceback each.
        raise InvalidRecordError(occasion.offer.reason, occasion.offer.detail)
    offer = occasion.offer
    if customer == Customer():
        raise InvalidRecordError(Reason.NO_IDENTITY, "no user id, e-mail address, phone number or profile id")
    try:
        safe_endpoint = json_safe(endpoint)
    except ValueError as error:
        raise InvalidRecordError(Reason.MALFORMED_CUSTOMER, f"cannot be written as JSON: {error}") from error
    # What the journey's own id tells need not be told by a name that can change before the event is repeated.
    offer_identifies = offer.is_named or occasion.journey.id is None
    identity = offer.name if offer_identifies else None
    return EngagementRecord(
        record_id=record_id(occasion.journey, customer, identity, viewed=occasion.viewed),
        journey=occasion.journey,
        customer=customer,
        offer_name=offer.name,
        viewed=occasion.viewed,
        engaged_at=occasion.engaged_at,
        accepted_at=occasion.accepted_at,
        endpoint_id=endpoint_id,
        endpoint=safe_endpoint,
        context=occasion.context,
        offer_identifies=offer_identifies,
    )


def reading(
    key: str | None, event_of_one: EventOfOne, remarks: Sequence[Remark], record: Callable[[], EngagementRecord]
) -> Reading:
    """Return the reading of one customer: the record that ``record`` returns, or the error that it raises."""
    try:
        return Reading(key, event_of_one, record(), remarks)
    except InvalidRecordError as error:
        return Reading(key, event_of_one, error, remarks)


def offer_or_error(data: object, default: str) -> Offer | InvalidRecordError:
    """Return the offer that all customers of an event share, read once, or why there is none."""
    try:
        return offer_of(data, default)
    except InvalidRecordError as error:
        return error


def optional_text(members: Mapping[str, Any], name: str) -> str | None:
    """Return a member that no document promises: its tidied text, or None where it is no text that can be kept."""
    value = members.get(name)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return identifier(value)
    if not isinstance(value, str):
        return None
    text = tidy(value)
    return text if is_clean(text) else None


def optional_id(members: Mapping[str, Any], name: str) -> str | None:
    """Return an id that no document promises, as `identifier` has it; None where the member names nothing."""
    return identifier(members.get(name))


def identifier(value: object) -> str | None:
    """Return an id as text that a record can hold: two ids never become one, and none is taken for absent.

    A number is its digits, whatever JSON calls it. What does not fit 255 printable characters, or is neither text nor
    number, is its SHA-256. None: the value is null, blank or empty.
    """
    if value is None or value in ("", [], {}):
        return None
    if isinstance(value, str):
        text = tidy(plain(value))
        return (text if is_clean(text) else _sha256(text)) if text else None
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < MAX_EXACT else repr(value)
    if isinstance(value, int) and not isinstance(value, bool) and value.bit_length() <= MAX_ID_BITS:
        return str(value)
    try:
        return _sha256(json.dumps(value, sort_keys=True))
    except (ValueError, RecursionError):
        return _sha256("beyond all limits")


def _sha256(text: str) -> str:
    return f"{DIGEST_PREFIX}{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()}"


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
