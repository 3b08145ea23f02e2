"""Reads in a channel function's answer what became of the one customer whose event it was sent.

Only the contract's own words count, and only for that very customer: a page, an empty answer, another customer's, or a
status that this version does not know says nothing. To delete a message by it might delete the last trace of a
customer.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from engagement.errors import EngagementError
from engagement.text import json_safe
from engagement.wire import RECORD_ID
from ingest import connect, pinpoint
from ingest.settings import OfferNameFrom
from ingest.source import Status, Step
from ingest.sources import recognise

ANY_STEP = Step(
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
        source: Whose contract the event follows.
        key: The customer's id, by which the answer names them.
    """

    source: str
    key: str


@dataclass(frozen=True, slots=True)
class ChannelAnswer:
    """What an answer says of the customer.

    Attributes:
        status: What became of them.
        reason: Why, if they were parked or rejected.
        record_id: The record's id, if there is one.
    """

    status: Status
    reason: str
    record_id: str | None


def customer_of(body: str) -> EventCustomer | None:
    """Return the customer of an event; None if it names none, more than one, or one whom no answer can name."""
    try:
        source, event = recognise(json.loads(body))
        keys = [reading.key for reading in source.read(event, ANY_STEP)]
    except (EngagementError, ValueError, RecursionError):
        return None
    if len(keys) != 1 or keys[0] is None:
        return None
    return EventCustomer(source.NAME, str(json_safe(keys[0])))


def answer_of(customer: EventCustomer, payload: bytes) -> ChannelAnswer | None:
    """Return what an answer says of the customer; None if it is not the contract's."""
    members = READERS[customer.source](_map(_parsed(payload)), customer.key)
    status, reason, record_id = members.get("status"), members.get("reason", ""), members.get("recordId")
    if status not in list(Status) or not isinstance(reason, str):
        return None
    is_record_id = isinstance(record_id, str) and RECORD_ID.fullmatch(record_id) is not None
    if not is_record_id and (record_id is not None or status == Status.QUEUED):
        return None
    return ChannelAnswer(Status(status), reason, record_id)


def _of_pinpoint(answer: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """Return the attributes of the one endpoint, by the names that Connect's answer has for them."""
    attributes = _map(_map(answer.get(key)).get("EventAttributes")) if answer.keys() == {key} else {}
    names = {"EngagementStatus": "status", "EngagementReason": "reason", "EngagementRecordId": "recordId"}
    return {names[name]: value for name, value in attributes.items() if name in names}


def _of_connect(answer: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    profiles = _map(answer.get("Items")).get("CustomerProfiles") if answer.keys() == {"Items"} else None
    if not isinstance(profiles, list) or len(profiles) != 1 or _map(profiles[0]).get("Id") != key:
        return {}
    return _map(profiles[0].get("ResultData"))


READERS: Mapping[str, Callable[[Mapping[str, Any], str], Mapping[str, Any]]] = {
    pinpoint.NAME: _of_pinpoint,
    connect.NAME: _of_connect,
}


def _parsed(payload: bytes) -> object:
    try:
        return json.loads(payload)
    except (ValueError, RecursionError):
        return None


def _map(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
