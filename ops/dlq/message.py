"""A message of a dead-letter queue, typed: its attributes, and what its body says.

Most were parked by the functions, with the reason in attributes: see `engagement.parking`. A message without them was
moved by SQS itself, was too large for attributes, or is not the pipeline's.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Self

from engagement.errors import EngagementError
from engagement.parking import Stage
from engagement.record import EngagementRecord
from engagement.wire import decode
from ingest.parked_event import restore
from ingest.settings import OfferNameFrom
from ingest.sources.contract import InvocationContext
from ingest.sources.registry import recognise

MOVED_BY_SQS = "moved_by_sqs"
"""The reason of a message that SQS moved because its receive count reached the queue's maximum."""
UNLABELLED = "unlabelled"
"""The reason of a message without one: too large for attributes, or not the pipeline's."""
NOT_ATTACHED = "not_attached"
"""The reason of an object in the domain's own queue: Customer Profiles accepted it and found no profile for it."""
SQS = "sqs"
"""The stage of a message that SQS moved."""
UNNAMED_OFFER = "<the function's own>"
"""Stands for the offer of the function's settings, if an event names none."""
DOMAIN = "customer-profiles"
"""The stage of an object in the domain's own queue."""
EPOCH = datetime.fromtimestamp(0, UTC)


@dataclass(frozen=True, slots=True)
class DlqMessage:
    """One message of a dead-letter queue.

    Attributes:
        message_id: SQS's id; it stays the same while the message is in this queue.
        receipt_handle: Of the receive that brought it.
        body: The original body.
        attributes: Its message attributes of type String.
        reason: Of the closed list `engagement.reasons.Reason`, or one of this module's.
        detail: One line.
        stage: Where it was parked: ingest, writer, or one of this module's.
        first_seen: When the pipeline first had it.
        parked_at: When it came to this queue; if SQS moved it, when it was first sent.
        receive_count: How often this queue has handed it out, to anyone.
        record_id: The record's id, if known.
        viewed: Which channel function accepted it, if it was parked at ingest.
        offer: The offer's name, if known.
        journey: The journey's or campaign's id, if known.
        fingerprint: The same for every copy of the body.
    """

    message_id: str
    receipt_handle: str = field(repr=False)
    body: str = field(repr=False)
    attributes: Mapping[str, str]
    reason: str
    detail: str
    stage: str
    first_seen: datetime
    parked_at: datetime
    receive_count: int
    record_id: str | None = None
    viewed: bool | None = None
    offer: str | None = None
    journey: str | None = None
    fingerprint: str | None = None


@dataclass(frozen=True, slots=True)
class Offers:
    """The channel functions' settings, which name the offer of an event that names none.

    Attributes:
        default: The offer; None if unknown.
        connect_from: Whether a Connect campaign's own name goes before it.
        phone_region: The country of phone numbers that name none; empty if unknown.
    """

    default: str | None = None
    connect_from: OfferNameFrom = OfferNameFrom.SETTINGS
    phone_region: str = ""

    @classmethod
    def of(cls, parameters: Mapping[str, str]) -> Self:
        """Return the settings that a stack's parameters give its channel functions."""
        source = parameters.get("ConnectOfferNameFrom", "")
        known = source in set(OfferNameFrom)
        return cls(
            parameters.get("OfferName") or None,
            OfferNameFrom(source) if known else OfferNameFrom.SETTINGS,
            parameters.get("DefaultPhoneRegion", ""),
        )


NO_OFFERS = Offers()


@dataclass(frozen=True, slots=True)
class _Content:
    """What a body says of its record."""

    record_id: str | None = None
    offer: str | None = None
    journey: str | None = None


def parse_message(message: Mapping[str, Any]) -> DlqMessage:
    """Return a received message of the pipeline's dead-letter queue; a body that cannot be read leaves fields empty."""
    attributes = _texts(message)
    system = message.get("Attributes", {})
    body = message.get("Body", "")
    parked_at = _epoch(system.get("SentTimestamp"))
    viewed = {"true": True, "false": False}.get(attributes.get("offerViewed", ""))
    stage = attributes.get("stage", SQS if "DeadLetterQueueSourceArn" in system else "")
    first_seen = _moment(attributes.get("firstSeen")) or parked_at
    content = _event_content(body, first_seen, viewed=bool(viewed)) if stage == Stage.INGEST else _record_content(body)
    without = MOVED_BY_SQS if stage == SQS else UNLABELLED
    return DlqMessage(
        message_id=message["MessageId"],
        receipt_handle=message["ReceiptHandle"],
        body=body,
        attributes=attributes,
        reason=attributes.get("reason", without),
        detail=attributes.get("detail", _detail(without)),
        stage=stage,
        first_seen=first_seen,
        parked_at=parked_at,
        receive_count=_number(system.get("ApproximateReceiveCount")),
        record_id=attributes.get("recordId") or content.record_id,
        viewed=viewed,
        offer=content.offer,
        journey=content.journey,
        fingerprint=attributes.get("fingerprint"),
    )


def parse_domain_message(message: Mapping[str, Any]) -> DlqMessage:
    """Return a received message of the domain's own dead-letter queue; AWS documents no form of its body."""
    body = message.get("Body", "")
    system = message.get("Attributes", {})
    members = _map(_parsed(body))
    written = _map(_parsed(members.get("object")))
    parked_at = _epoch(system.get("SentTimestamp"))
    return DlqMessage(
        message_id=message["MessageId"],
        receipt_handle=message["ReceiptHandle"],
        body=body,
        attributes=_texts(message),
        reason=NOT_ATTACHED,
        detail=_text(members.get("errorMessage")) or "no error message",
        stage=DOMAIN,
        first_seen=_moment(_text(written.get("engagedAt"))) or parked_at,
        parked_at=parked_at,
        receive_count=_number(system.get("ApproximateReceiveCount")),
        record_id=_text(written.get("recordId")),
        offer=_text(written.get("offerName")),
        journey=_text(written.get("journeyId")),
    )


def record_of(message: DlqMessage, body: str | None = None, offers: Offers = NO_OFFERS) -> EngagementRecord:
    """Return the record that the functions would make of a message, by this version of their code.

    Args:
        message: The message.
        body: Another body for it; None for its own.
        offers: The channel functions' settings.

    Raises:
        EngagementError: they would make none; the text says why.
        ValueError: an event that is no JSON, or not of one customer; the functions park no such event.
    """
    body = message.body if body is None else body
    if message.stage == Stage.INGEST:
        return _event_record(body, viewed=bool(message.viewed), now=message.first_seen, offers=offers)
    return decode(body)


def _event_record(body: str, *, viewed: bool, now: datetime, offers: Offers) -> EngagementRecord:
    source, members = recognise(json.loads(body))
    invocation = InvocationContext(
        viewed=viewed,
        offer_name=offers.default or UNNAMED_OFFER,
        connect_offer_name_from=offers.connect_from,
        now=now,
        phone_region=offers.phone_region,
    )
    [customer] = source.parse(*restore(members, invocation))
    if isinstance(customer.result, EngagementRecord):
        return customer.result
    raise customer.result


def _record_content(body: str) -> _Content:
    try:
        record = decode(body)
    except EngagementError:
        members = _map(_parsed(body))
        journey = _map(members.get("journey"))
        return _Content(_text(members.get("recordId")), _text(members.get("offerName")), _text(journey.get("id")))
    return _Content(record.record_id, record.offer_name, record.journey.id)


def _event_content(body: str, now: datetime, *, viewed: bool) -> _Content:
    try:
        record = _event_record(body, viewed=viewed, now=now, offers=Offers())
    except (EngagementError, ValueError, RecursionError):
        return _Content(journey=_event_journey(_map(_parsed(body))))
    # the function's own settings name the offer if the event does not; the id may follow from it
    named = record.offer_name != UNNAMED_OFFER
    is_known = named or not record.offer_identifies
    return _Content(record.record_id if is_known else None, record.offer_name if named else None, record.journey.id)


def _event_journey(event: Mapping[str, Any]) -> str | None:
    campaign = _map(_map(event.get("InvocationMetadata")).get("CampaignContext"))
    given = (event.get("JourneyId"), event.get("CampaignId"), campaign.get("CampaignId"))
    return next((name for name in map(_text, given) if name), None)


def _detail(reason: str) -> str:
    if reason == MOVED_BY_SQS:
        return "received as often as the queue allows"
    return "no reason given: too large for attributes, or not the pipeline's"


def _texts(message: Mapping[str, Any]) -> dict[str, str]:
    given = message.get("MessageAttributes", {})
    return {name: value["StringValue"] for name, value in given.items() if "StringValue" in value}


def _parsed(text: object) -> object:
    try:
        return json.loads(text) if isinstance(text, str) else None
    except (ValueError, RecursionError):
        return None


def _map(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _number(value: object) -> int:
    return int(value) if isinstance(value, str) and value.isascii() and value.isdigit() else 0


def _epoch(milliseconds: object) -> datetime:
    return datetime.fromtimestamp(_number(milliseconds) / 1000, UTC)


def _moment(written: str | None) -> datetime | None:
    try:
        moment = datetime.fromisoformat(written or "")
        return moment.astimezone(UTC) if moment.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None
