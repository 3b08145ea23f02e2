"""Records and events that tests start from; every argument changes one thing about them."""

import json
from datetime import UTC, datetime
from typing import Any

from engagement.record import Customer, EngagementRecord, Journey, JourneyKind, record_id

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
JOURNEY = Journey(
    source="pinpoint",
    kind=JourneyKind.JOURNEY,
    id="journey-1",
    run_id="run-1",
    step_id="step-1",
    name="Renewal",
    application_id="application-1",
)
CUSTOMER = Customer(user_id="user-1", email="mary@example.com")
ENDPOINT = {"ChannelType": "EMAIL", "Address": "mary@example.com", "User": {"UserId": "user-1"}}


def engagement_record(**changes: Any) -> EngagementRecord:
    """Return a valid record with these members changed; its id follows from them."""
    members: dict[str, Any] = {
        "journey": JOURNEY,
        "customer": CUSTOMER,
        "offer_name": "30% Off Renewal",
        "viewed": True,
        "engaged_at": NOW,
        "accepted_at": NOW,
        "endpoint_id": "endpoint-1",
        "endpoint": ENDPOINT,
        "context": {"TreatmentId": "0"},
        **changes,
    }
    offer_name = members["offer_name"] if members.get("offer_identifies", True) else None
    identity = record_id(members["journey"], members["customer"], offer_name, viewed=members["viewed"])
    return EngagementRecord(**{"record_id": identity, **members})


def records_of_users(count: int, **changes: Any) -> list[EngagementRecord]:
    """Return one record each of this many customers."""
    return [engagement_record(customer=Customer(user_id=f"user-{number}"), **changes) for number in range(count)]


def endpoint(number: int = 1, **changes: Any) -> dict[str, Any]:
    """Return the e-mail endpoint of customer ``number``."""
    return {
        "ChannelType": "EMAIL",
        "Address": f"customer{number}@example.com",
        "User": {"UserId": f"user-{number}"},
        **changes,
    }


def pinpoint_event(endpoints: Any = None, **changes: Any) -> dict[str, Any]:
    """Return a journey's event for ``endpoints``, one by default."""
    return {
        "Message": {},
        "ApplicationId": "application-1",
        "JourneyId": "journey-1",
        "JourneyRunId": "run-1",
        "JourneyActivityId": "step-1",
        "ScheduledTime": "2026-11-20T08:00:00.000Z",
        "Endpoints": {"endpoint-1": endpoint(1)} if endpoints is None else endpoints,
        **changes,
    }


def profile(number: int = 1, **changes: Any) -> dict[str, Any]:
    """Return the customer profile ``number`` of a campaign's event."""
    data = {"profileId": f"profile-{number}", "emailAddress": f"customer{number}@example.com"}
    return {
        "ProfileId": f"profile-{number}",
        "CustomerData": json.dumps(data),
        "IdempotencyToken": f"token-{number}",
        **changes,
    }


def connect_event(profiles: Any = None, **changes: Any) -> dict[str, Any]:
    """Return a campaign's event for ``profiles``, one by default; ``changes`` are the campaign context's."""
    campaign = {
        "CampaignId": "campaign-1",
        "RunId": "run-1",
        "ActionId": "Viewed",
        "CampaignName": "Renewal",
        **changes,
    }
    return {
        "InvocationMetadata": {"CampaignContext": campaign},
        "Items": {"CustomerProfiles": [profile(1)] if profiles is None else profiles},
    }
