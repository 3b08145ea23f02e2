"""Source: the custom channel of Amazon Pinpoint, for campaigns and for journeys.

Contract: the event of AWS's guide "Creating custom channels in Amazon Pinpoint"; members that only journeys send
(JourneyId, JourneyRunId, JourneyActivityId) are documented nowhere and therefore all optional. The answer is the one
of "call to function or webhook response": at most five attributes an endpoint, name and value of at most 128
characters.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

from engagement.errors import InvalidEventError, InvalidRecordError
from engagement.record import Customer, EngagementRecord, Journey, JourneyKind
from engagement.text import is_clean
from engagement.wire import timestamp
from ingest.assembly import Occasion, assemble, context_of, identifier, offer_or_error, optional_id, reading
from ingest.envelope import Envelope, EventOfOne
from ingest.identity import Identified, identify, malformed
from ingest.moment import told
from ingest.offer import Offer
from ingest.remark import Doubt, Remark
from ingest.sharing import shared_user_ids
from ingest.source import Outcome, Reading, Step

NAME = "pinpoint"
SHARED_USER_ID = "SharedUserId"
"""Where a parked endpoint keeps a user id that was not used, beside the ``UserId`` that it no longer has."""
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
    named = [_Endpoint.read(endpoint_id, endpoint, step.phone_region) for endpoint_id, endpoint in endpoints.items()]
    shared = shared_user_ids(endpoint.customer for endpoint in named)
    return [
        replace(
            reading(
                endpoint.id,
                EventOfOne(envelope, {"Endpoints": {endpoint.id: endpoint.parked}}),
                occasion.remarks,
                partial(_record, occasion, endpoint),
            ),
            user_id_set_aside=endpoint.is_set_aside,
        )
        for endpoint in (each.unshared(shared) for each in named)
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


@dataclass(frozen=True, slots=True)
class _Endpoint:
    """An endpoint with who it is, or why nobody can tell."""

    id: str
    members: Any
    identified: Identified | InvalidRecordError
    is_set_aside: bool = False

    @classmethod
    def read(cls, endpoint_id: str, members: object, region: str) -> "_Endpoint":
        try:
            # An endpoint's id is no identity, only what the answer is keyed by: it is kept as it came.
            if not is_clean(endpoint_id):
                raise malformed("the endpoint's id is empty, too long, or has control characters")
            if not isinstance(members, dict):
                raise malformed(f"the endpoint is of type {type(members).__name__}, not a map")
            return cls(endpoint_id, members, identify(members, region))
        except InvalidRecordError as error:
            return cls(endpoint_id, members, error)

    @property
    def customer(self) -> Customer:
        return self.identified.customer if isinstance(self.identified, Identified) else Customer()

    def unshared(self, shared: frozenset[str]) -> "_Endpoint":
        """Return the endpoint without a user id that is among these."""
        if isinstance(self.identified, Identified) and self.customer.user_id in shared:
            return replace(self, identified=self.identified.without_user(), is_set_aside=True)
        return self

    @property
    def parked(self) -> Any:  # noqa: ANN401 - whatever came in the endpoint's place
        """What is parked of the endpoint: as it came, but that nobody can take it for the one that its user id names.

        Handed over again it comes alone, and nothing tells then that others share the id.
        """
        if not self.is_set_aside:
            return self.members
        user = self.members["User"]
        return {**self.members, "User": {**user, "UserId": None, SHARED_USER_ID: user["UserId"]}}


def _record(occasion: Occasion, endpoint: _Endpoint) -> EngagementRecord:
    if isinstance(endpoint.identified, InvalidRecordError):
        raise endpoint.identified
    return assemble(occasion, endpoint.identified.given(), endpoint.id, endpoint.members)


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
