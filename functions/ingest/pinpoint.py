"""Source: the custom channel of Amazon Pinpoint, for campaigns and for journeys.

Contract: the event of AWS's guide "Creating custom channels in Amazon Pinpoint"; members that only journeys send
(JourneyId, JourneyRunId, JourneyActivityId) are documented nowhere and therefore all optional. The answer is the one
of "call to function or webhook response": at most five attributes an endpoint, name and value of at most 128
characters.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any

from engagement.errors import InvalidEventError, InvalidRecordError
from engagement.reasons import Reason
from engagement.record import Customer, EngagementRecord, Journey, JourneyKind
from engagement.text import is_clean
from ingest.assembly import Occasion, assemble, context_of, optional_text, reading
from ingest.identity import e164_number, email_address, phone_number
from ingest.offer import offer_name
from ingest.source import Outcome, Reading, Step

NAME = "pinpoint"
ANSWERS_FAILURES = False
"""Pinpoint has no way to hear that some endpoints failed: the invocation fails, and a repeat of it is harmless."""

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
    envelope = {name: value for name, value in event.items() if name != "Endpoints"}
    occasion = Occasion(
        journey=_journey(event),
        viewed=step.viewed,
        engaged_at=_moment(event.get("ScheduledTime")) or step.now,
        accepted_at=step.now,
        context=context_of(envelope),
    )
    return [
        reading(
            endpoint_id,
            {**envelope, "Endpoints": {endpoint_id: endpoint}},
            partial(_record, occasion, event.get("Data"), step.offer_name, endpoint_id, endpoint),
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


def _record(
    occasion: Occasion, data: object, default_offer: str, endpoint_id: str, endpoint: object
) -> EngagementRecord:
    if not is_clean(endpoint_id):
        raise _malformed("the endpoint's id is empty, too long, or has control characters")
    if not isinstance(endpoint, dict):
        raise _malformed(f"the endpoint is of type {type(endpoint).__name__}, not a map")
    return assemble(occasion, _customer(endpoint), offer_name(data, default_offer), endpoint_id, endpoint)


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


def _journey(event: Mapping[str, Any]) -> Journey:
    application_id = optional_text(event, "ApplicationId")
    scheduled = optional_text(event, "ScheduledTime")
    journey_id = optional_text(event, "JourneyId")
    campaign_id = optional_text(event, "CampaignId")
    if journey_id is None and campaign_id is not None:
        # A campaign's activity is one run of it (Pinpoint API reference, "Campaign activities").
        run_id = optional_text(event, "ActivityId") or scheduled
        return Journey(
            NAME, JourneyKind.CAMPAIGN, campaign_id, run_id, step_id=None, name=None, application_id=application_id
        )
    return Journey(
        NAME,
        JourneyKind.JOURNEY,
        journey_id,
        run_id=optional_text(event, "JourneyRunId") or scheduled,
        step_id=optional_text(event, "JourneyActivityId") or optional_text(event, "ActivityId"),
        name=None,
        application_id=application_id,
    )


def _moment(scheduled: object) -> datetime | None:
    if not isinstance(scheduled, str):
        return None
    try:
        moment = datetime.fromisoformat(scheduled)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
