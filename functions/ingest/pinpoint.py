"""Source: the custom channel of Amazon Pinpoint, for campaigns and for journeys.

Contract: the event of AWS's guide "Creating custom channels in Amazon Pinpoint"; members that only journeys send
(JourneyId, JourneyRunId, JourneyActivityId) are documented nowhere and therefore all optional. The answer is the one
of "call to function or webhook response": at most five attributes an endpoint, name and value of at most 128
characters.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from engagement.errors import InvalidEventError, InvalidRecordError
from engagement.reasons import Reason
from engagement.record import Customer, EngagementRecord, Journey, JourneyKind
from engagement.text import is_clean
from engagement.wire import timestamp
from ingest.assembly import Occasion, assemble, context_of, identifier, offer_or_error, optional_id, reading
from ingest.envelope import Envelope, EventOfOne
from ingest.identity import e164_number, email_address, phone_number
from ingest.moment import told
from ingest.offer import Offer
from ingest.remark import Doubt, Remark
from ingest.source import Outcome, Reading, Step

NAME = "pinpoint"
ANSWERS_FAILURES = False
"""Pinpoint has no way to hear that some endpoints failed: the invocation fails, and a repeat of it is harmless."""

DECIDING = frozenset(
    {
        "ApplicationId",
        "JourneyId",
        "JourneyRunId",
        "JourneyActivityId",
        "CampaignId",
        "ActivityId",
        "ScheduledTime",
        "Data",
        "offerName",
    }
)
"""Members beside the endpoints from which a record follows."""
PHONE_CHANNELS = frozenset({"SMS", "VOICE"})
PUSH_CHANNELS = frozenset(
    {"ADM", "APNS", "APNS_SANDBOX", "APNS_VOIP", "APNS_VOIP_SANDBOX", "BAIDU", "GCM", "IN_APP", "PUSH"}
)


def recognises(event: Mapping[str, Any]) -> bool:
    """Return whether the event has Pinpoint's ``Endpoints``."""
    return "Endpoints" in event


def read(event: Mapping[str, Any], step: Step) -> Sequence[Reading]:
    """Return one reading for each endpoint, in the event's order.

    Raises:
        InvalidEventError: ``Endpoints`` is no map.
    """
    endpoints = event["Endpoints"]
    if not isinstance(endpoints, dict):
        raise InvalidEventError(f"Endpoints is of type {type(endpoints).__name__}, not a map by endpoint id")
    envelope = Envelope({name: value for name, value in event.items() if name != "Endpoints"}, DECIDING)
    occasion = _occasion(envelope.members, step)
    return [
        reading(
            endpoint_id,
            EventOfOne(envelope, {"Endpoints": {endpoint_id: endpoint}}),
            occasion.remarks,
            partial(_record, occasion, endpoint_id, endpoint),
        )
        for endpoint_id, endpoint in endpoints.items()
    ]


def answer(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Return ``EventAttributes`` by endpoint id, so that the journey can branch on what became of each customer."""
    return {str(outcome.key): {"EventAttributes": _attributes(outcome)} for outcome in outcomes}


def _attributes(outcome: Outcome) -> dict[str, str]:
    attributes = {"EngagementStatus": str(outcome.status)}
    if outcome.record_id is not None:
        attributes["EngagementRecordId"] = outcome.record_id
    if outcome.reason is not None:
        attributes["EngagementReason"] = outcome.reason
    return attributes


def _occasion(envelope: Mapping[str, Any], step: Step) -> Occasion:
    scheduled = told(envelope.get("ScheduledTime"), step.now)
    offer = offer_or_error(envelope.get("Data"), step.offer_name)
    remarks = [Remark(Doubt.UNREADABLE_TIME, "ScheduledTime cannot be read")] if scheduled.is_unreadable else []
    if isinstance(offer, Offer) and offer.remark is not None:
        remarks.append(offer.remark)
    return Occasion(
        journey=_journey(envelope, scheduled.moment),
        viewed=step.viewed,
        engaged_at=scheduled.moment if scheduled.given else step.now,
        accepted_at=step.now,
        context=context_of(envelope),
        offer=offer,
        remarks=remarks,
    )


def _record(occasion: Occasion, endpoint_id: str, endpoint: object) -> EngagementRecord:
    if not is_clean(endpoint_id):
        raise _malformed("the endpoint's id is empty, too long, or has control characters")
    if not isinstance(endpoint, dict):
        raise _malformed(f"the endpoint is of type {type(endpoint).__name__}, not a map")
    return assemble(occasion, _customer(endpoint), endpoint_id, endpoint)


def _customer(endpoint: Mapping[str, Any]) -> Customer:
    user = endpoint.get("User")
    if user is not None and not isinstance(user, dict):
        raise _malformed(f"User is of type {type(user).__name__}, not a map")
    user_id = _member(user or {}, "UserId")
    if user_id is not None and not is_clean(user_id):
        raise _malformed(f"UserId has {len(user_id)} characters, or control characters; 1 to 255 printable ones fit")
    address = _member(endpoint, "Address") or ""
    channel = _member(endpoint, "ChannelType")
    return Customer(user_id=user_id, email=_email(channel, address), phone=_phone(channel, address))


def _email(channel: str | None, address: str) -> str | None:
    is_no_email = channel is not None and (channel in PHONE_CHANNELS or channel in PUSH_CHANNELS)
    return None if is_no_email else email_address(address)


def _phone(channel: str | None, address: str) -> str | None:
    if channel in PHONE_CHANNELS:
        return phone_number(address)
    is_no_phone = channel == "EMAIL" or channel in PUSH_CHANNELS
    return None if is_no_phone else e164_number(address)


def _member(members: Mapping[str, Any], name: str) -> str | None:
    """Return a text member trimmed; None where it is absent, null or blank."""
    value = members.get(name)
    if value is None:
        return None
    if not isinstance(value, str):
        raise _malformed(f"{name} is of type {type(value).__name__}, not text")
    return value.strip() or None


def _malformed(detail: str) -> InvalidRecordError:
    return InvalidRecordError(Reason.MALFORMED_CUSTOMER, detail)


def _journey(event: Mapping[str, Any], scheduled: datetime | None) -> Journey:
    """Return the journey or campaign; the schedule is its run where it names none, else the day of this pass of it."""
    application_id = optional_id(event, "ApplicationId")
    journey_id, campaign_id = optional_id(event, "JourneyId"), optional_id(event, "CampaignId")
    is_campaign = journey_id is None and campaign_id is not None
    # A campaign's activity is one run of it (Pinpoint API reference, "Campaign activities").
    named_run = optional_id(event, "ActivityId" if is_campaign else "JourneyRunId")
    # One moment is one run, however it is spelled.
    moment = timestamp(scheduled) if scheduled is not None else identifier(event.get("ScheduledTime"))
    run_id = moment if named_run is None else named_run
    day = scheduled.date().isoformat() if scheduled is not None and named_run is not None else None
    if is_campaign:
        return Journey(NAME, JourneyKind.CAMPAIGN, campaign_id, run_id, application_id=application_id, day=day)
    step_id = optional_id(event, "JourneyActivityId") or optional_id(event, "ActivityId")
    return Journey(NAME, JourneyKind.JOURNEY, journey_id, run_id, step_id, application_id=application_id, day=day)
