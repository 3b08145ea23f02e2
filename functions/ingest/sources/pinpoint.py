"""Source: the custom channel of Amazon Pinpoint, for campaigns and for journeys.

Contract: the event of AWS's guide "Creating custom channels in Amazon Pinpoint"; members that only journeys send
(JourneyId, JourneyRunId, JourneyActivityId) are documented nowhere and therefore all optional. The answer is the one
of "call to function or webhook response": at most five attributes an endpoint, name and value of at most 128
characters.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from engagement.errors import InvalidEventError, InvalidRecordError
from engagement.record import Customer, EngagementRecord, Journey, JourneyKind
from engagement.text import is_clean
from engagement.wire import timestamp
from ingest.assembly import CommonFields, assemble, offer_or_error, offer_warnings
from ingest.envelope import Envelope, SingleCustomerEvent
from ingest.fields.errors import malformed
from ingest.fields.event_time import parse_event_time
from ingest.fields.identity import Identity, identify
from ingest.fields.journey import context_of, journey_id
from ingest.shared_user_ids import shared_user_ids
from ingest.sources.contract import CustomerOutcome, EventWarning, InvocationContext, ParsedCustomer, WarningReason

NAME = "pinpoint"
SHARED_USER_ID = "SharedUserId"
"""Where a parked endpoint keeps a user id that was not used, beside the ``UserId`` that it no longer has."""
ANSWERS_FAILURES = False
"""Pinpoint cannot be told that some endpoints failed: the invocation fails, and a repeat of it is harmless."""

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


def recognises(event: Mapping[str, Any]) -> bool:
    """Return whether the event has Pinpoint's ``Endpoints``."""
    return "Endpoints" in event


def parse(event: Mapping[str, Any], invocation: InvocationContext) -> Sequence[ParsedCustomer]:
    """Return one parsed customer for each endpoint, in the event's order.

    Raises:
        InvalidEventError: ``Endpoints`` is no map.
    """
    endpoints = event["Endpoints"]
    if not isinstance(endpoints, dict):
        raise InvalidEventError(f"Endpoints is of type {type(endpoints).__name__}, not a map by endpoint id")
    envelope = Envelope({name: value for name, value in event.items() if name != "Endpoints"}, DECIDING)
    common = _common_fields(envelope.members, invocation)
    parsed = [_Endpoint.parse(key, members, invocation.phone_region) for key, members in endpoints.items()]
    shared = shared_user_ids(endpoint.customer for endpoint in parsed)
    return [_customer(endpoint.without_shared(shared), common, envelope) for endpoint in parsed]


def answer(outcomes: Sequence[CustomerOutcome]) -> dict[str, Any]:
    """Return ``EventAttributes`` by endpoint id, so that the journey can branch on what became of each customer."""
    return {str(outcome.key): {"EventAttributes": _attributes(outcome)} for outcome in outcomes}


def answered(answer: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """Return what an answer says about its only endpoint."""
    endpoint = answer.get(key) if answer.keys() == {key} else None
    attributes = endpoint.get("EventAttributes") if isinstance(endpoint, dict) else None
    if not isinstance(attributes, dict):
        return {}
    names = {"EngagementStatus": "status", "EngagementReason": "reason", "EngagementRecordId": "recordId"}
    return {names[name]: value for name, value in attributes.items() if name in names}


def _attributes(outcome: CustomerOutcome) -> dict[str, str]:
    attributes = {"EngagementStatus": str(outcome.status)}
    if outcome.record_id is not None:
        attributes["EngagementRecordId"] = outcome.record_id
    if outcome.reason is not None:
        attributes["EngagementReason"] = outcome.reason
    return attributes


def _common_fields(members: Mapping[str, Any], invocation: InvocationContext) -> CommonFields:
    scheduled = parse_event_time(members.get("ScheduledTime"), invocation.now)
    unreadable = [EventWarning(WarningReason.UNREADABLE_TIME, "ScheduledTime cannot be read")]
    offer = offer_or_error(members.get("Data"), invocation.offer_name)
    return CommonFields(
        journey=_journey(members, scheduled.moment),
        viewed=invocation.viewed,
        engaged_at=scheduled.moment if scheduled.given else invocation.now,
        accepted_at=invocation.now,
        context=context_of(members),
        offer=offer,
        warnings=[*(unreadable if scheduled.is_unreadable else []), *offer_warnings(offer)],
    )


def _customer(endpoint: "_Endpoint", common: CommonFields, envelope: Envelope) -> ParsedCustomer:
    result: EngagementRecord | InvalidRecordError
    try:
        result = assemble(common, endpoint.required(), endpoint.id, endpoint.members)
    except InvalidRecordError as error:
        result = error
    return ParsedCustomer(
        key=endpoint.id,
        event=SingleCustomerEvent(envelope, {"Endpoints": {endpoint.id: endpoint.parked}}),
        result=result,
        warnings=common.warnings,
        user_id_set_aside=endpoint.user_id_set_aside,
    )


@dataclass(frozen=True, slots=True)
class _Endpoint:
    """An endpoint with who it is, or why it identifies nobody."""

    id: str
    members: Any
    identity: Identity | InvalidRecordError
    user_id_set_aside: bool = False

    @classmethod
    def parse(cls, endpoint_id: str, members: object, region: str) -> "_Endpoint":
        try:
            # An endpoint's id does not identify the customer; the answer is keyed by it, so it is kept as it came.
            if not is_clean(endpoint_id):
                raise malformed("the endpoint's id is empty, too long, or has control characters")
            if not isinstance(members, dict):
                raise malformed(f"the endpoint is of type {type(members).__name__}, not a map")
            return cls(endpoint_id, members, identify(members, region))
        except InvalidRecordError as error:
            return cls(endpoint_id, members, error)

    @property
    def customer(self) -> Customer:
        return self.identity.customer if isinstance(self.identity, Identity) else Customer()

    def required(self) -> Customer:
        if isinstance(self.identity, InvalidRecordError):
            raise self.identity
        return self.identity.required()

    def without_shared(self, shared: frozenset[str]) -> "_Endpoint":
        """Return the endpoint without a user id that is among these."""
        if isinstance(self.identity, Identity) and self.customer.user_id in shared:
            return replace(self, identity=self.identity.without_user(), user_id_set_aside=True)
        return self

    @property
    def parked(self) -> Any:  # noqa: ANN401 - whatever the event has in the endpoint's place
        """The endpoint as it is parked: as it came, but without a user id that was set aside.

        A parked endpoint is sent again alone: nothing shows then that others share its user id.
        """
        if not self.user_id_set_aside:
            return self.members
        user = self.members["User"]
        return {**self.members, "User": {**user, "UserId": None, SHARED_USER_ID: user["UserId"]}}


def _journey(members: Mapping[str, Any], scheduled: datetime | None) -> Journey:
    """Return the journey or campaign.

    The schedule is its run if the event names none; else its date is the day of this pass through the step.
    """
    application = journey_id(members.get("ApplicationId"))
    journey, campaign = journey_id(members.get("JourneyId")), journey_id(members.get("CampaignId"))
    is_campaign = journey is None and campaign is not None
    # A campaign's activity is one run of it (Pinpoint API reference, "Campaign activities").
    named_run = journey_id(members.get("ActivityId" if is_campaign else "JourneyRunId"))
    # One moment is one run, however it is spelled.
    moment = timestamp(scheduled) if scheduled is not None else journey_id(members.get("ScheduledTime"))
    run = moment if named_run is None else named_run
    day = scheduled.date().isoformat() if scheduled is not None and named_run is not None else None
    if is_campaign:
        return Journey(NAME, JourneyKind.CAMPAIGN, campaign, run, application_id=application, day=day)
    step = journey_id(members.get("JourneyActivityId")) or journey_id(members.get("ActivityId"))
    return Journey(NAME, JourneyKind.JOURNEY, journey, run, step, application_id=application, day=day)
