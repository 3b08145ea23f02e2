"""Puts a record together from what every source knows: the event's common fields and one customer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engagement.errors import InvalidRecordError
from engagement.reasons import Reason
from engagement.record import Customer, EngagementRecord, Journey, record_id
from engagement.text import json_safe
from ingest.fields.offer import Offer, offer_of
from ingest.sources.contract import EventWarning, WarningReason


@dataclass(frozen=True, slots=True)
class CommonFields:
    """What all the records of one event have in common.

    Attributes:
        journey: The journey or campaign that called.
        viewed: Which of the two channel functions it called.
        engaged_at: When, as the journey says or else the time of the call, UTC; None if the journey's time cannot be
            read.
        accepted_at: When the channel function first received the customers, UTC.
        context: Further scalars of the event.
        offer: The offer, or why there is none.
        warnings: What is logged about the event.
    """

    journey: Journey
    viewed: bool
    engaged_at: datetime | None
    accepted_at: datetime
    context: Mapping[str, Any]
    offer: Offer | InvalidRecordError
    warnings: Sequence[EventWarning] = ()


def assemble(
    common: CommonFields, customer: Customer, endpoint_id: str, endpoint: Mapping[str, Any]
) -> EngagementRecord:
    """Return the record of one customer, which can be encoded.

    Raises:
        InvalidRecordError: nobody is identified, there is no offer, or the endpoint cannot be written as JSON.
    """
    if isinstance(common.offer, InvalidRecordError):
        # A new one each time: an error that is raised for thousands of customers grows by a traceback each.
        raise InvalidRecordError(common.offer.reason, common.offer.detail)
    offer = common.offer
    if customer == Customer():
        raise InvalidRecordError(Reason.NO_IDENTITY, "no user id, e-mail address, phone number or profile id")
    try:
        safe_endpoint = json_safe(endpoint)
    except ValueError as error:
        raise InvalidRecordError(Reason.MALFORMED_CUSTOMER, f"cannot be written as JSON: {error}") from error
    # If the journey has an id, that id implies the offer; a name that can change before a repeat must not identify.
    offer_identifies = offer.is_named or common.journey.id is None
    identifying_name = offer.name if offer_identifies else None
    return EngagementRecord(
        record_id=record_id(common.journey, customer, identifying_name, viewed=common.viewed),
        journey=common.journey,
        customer=customer,
        offer_name=offer.name,
        viewed=common.viewed,
        engaged_at=common.engaged_at,
        accepted_at=common.accepted_at,
        endpoint_id=endpoint_id,
        endpoint=safe_endpoint,
        context=common.context,
        offer_identifies=offer_identifies,
    )


def offer_or_error(data: object, default: str) -> Offer | InvalidRecordError:
    """Return the offer that all customers of an event share, read once, or why there is none."""
    try:
        return offer_of(data, default)
    except InvalidRecordError as error:
        return error


def offer_warnings(offer: Offer | InvalidRecordError) -> list[EventWarning]:
    """Return the warning of custom data that names no offer, if it looked as if it should."""
    if isinstance(offer, InvalidRecordError) or offer.unnamed is None:
        return []
    return [EventWarning(WarningReason.OFFER_NOT_NAMED, offer.unnamed)]
