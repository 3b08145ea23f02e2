"""Reads in a channel function's answer what became of the one customer whose event it was sent.

Only the contract's own words count, and only for that very customer: a page, an empty answer, another customer's, or a
status that this version does not know says nothing. To delete a message by it might delete the last trace of a
customer.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from engagement.errors import EngagementError
from engagement.text import json_safe
from engagement.wire import RECORD_ID
from ingest.settings import OfferNameFrom
from ingest.sources.contract import CustomerStatus, InvocationContext, Source
from ingest.sources.registry import recognise

ANY_INVOCATION = InvocationContext(
    viewed=True,
    offer_name="-",
    connect_offer_name_from=OfferNameFrom.SETTINGS,
    now=datetime.fromtimestamp(0, UTC),
)
"""An event's customers depend on nothing but the event."""


@dataclass(frozen=True, slots=True)
class EventCustomer:
    """The one customer of an event.

    Attributes:
        source: Whose format the event has.
        key: The customer's id, by which the answer names them.
    """

    source: Source
    key: str


@dataclass(frozen=True, slots=True)
class ChannelAnswer:
    """What an answer says of the customer.

    Attributes:
        status: What became of them.
        reason: Why, if they were parked or rejected.
        record_id: The record's id, if there is one.
    """

    status: CustomerStatus
    reason: str
    record_id: str | None


def customer_of(body: str) -> EventCustomer | None:
    """Return the customer of an event; None if it names none, more than one, or one whom no answer can name."""
    try:
        source, event = recognise(json.loads(body))
        keys = [customer.key for customer in source.parse(event, ANY_INVOCATION)]
    except (EngagementError, ValueError, RecursionError):
        return None
    if len(keys) != 1 or keys[0] is None:
        return None
    return EventCustomer(source, str(json_safe(keys[0])))


def answer_of(customer: EventCustomer, payload: bytes) -> ChannelAnswer | None:
    """Return what an answer says of the customer; None if it is not the contract's."""
    members = customer.source.answered(_map(_parsed(payload)), customer.key)
    status, reason, record_id = members.get("status"), members.get("reason", ""), members.get("recordId")
    if status not in list(CustomerStatus) or not isinstance(reason, str):
        return None
    is_record_id = isinstance(record_id, str) and RECORD_ID.fullmatch(record_id) is not None
    if not is_record_id and (record_id is not None or status == CustomerStatus.QUEUED):
        return None
    return ChannelAnswer(CustomerStatus(status), reason, record_id)


def _parsed(payload: bytes) -> object:
    try:
        return json.loads(payload)
    except (ValueError, RecursionError):
        return None


def _map(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
