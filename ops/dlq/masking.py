"""A message's body as it may be shown to anybody: its shape, and what is not personal; every other value by its kind.

Members are shown that are known to hold nothing personal; whatever is not known is masked, the names of members too:
a map may be one by customer.
"""

import json
from collections.abc import Mapping
from typing import Any

PLAIN = frozenset(
    {
        "acceptedAt",
        "ActionId",
        "ActivityId",
        "applicationId",
        "ApplicationId",
        "CampaignId",
        "ChannelType",
        "connectOfferNameFrom",
        "CreationDate",
        "domainName",
        "day",
        "EffectiveDate",
        "EndpointStatus",
        "engagedAt",
        "JourneyActivityId",
        "JourneyId",
        "journeyId",
        "journeyKind",
        "JourneyRunId",
        "journeyRunId",
        "journeyStepId",
        "kind",
        "objectTypeName",
        "offerIdentifies",
        "offerName",
        "offerViewed",
        "OptOut",
        "recordId",
        "RunId",
        "runId",
        "ScheduledTime",
        "source",
        "stepId",
        "TreatmentId",
        "version",
    }
)
"""Members whose values are shown."""
NAMES = PLAIN | {
    "Address",
    "Attributes",
    "CampaignContext",
    "CampaignName",
    "City",
    "CohortId",
    "context",
    "Country",
    "customer",
    "CustomerData",
    "CustomerProfiles",
    "Data",
    "Demographic",
    "email",
    "endpoint",
    "endpointId",
    "Endpoints",
    "errorMessage",
    "id",
    "IdempotencyToken",
    "InvocationMetadata",
    "Items",
    "journey",
    "Location",
    "Message",
    "Metrics",
    "name",
    "object",
    "omitted",
    "parked",
    "phone",
    "ProfileId",
    "profileId",
    "RequestId",
    "User",
    "UserAttributes",
    "userId",
    "UserId",
}
"""Members whose names are shown."""
JOURNEY_IDS = frozenset({"id", "name"})
"""Members of ``journey`` that are shown there and nowhere else."""


def masked(body: str) -> Any:  # noqa: ANN401 - any JSON value
    """Return a body as JSON without anything personal; one that is no JSON by its length alone."""
    try:
        return _masked(json.loads(body), "")
    except (ValueError, RecursionError):
        return f"<masked: {len(body)} characters that are not JSON>"


def mask(value: object) -> str:
    """Return what may be said of a value: its kind, and a text's length."""
    if isinstance(value, str):
        return f"<masked: {len(value)} characters>"
    return f"<masked: {type(value).__name__}>"


def is_plain(path: tuple[str, ...]) -> bool:
    """Return whether the value at this place may be shown."""
    return bool(path) and (path[-1] in PLAIN or (path[:1] == ("journey",) and path[-1] in JOURNEY_IDS))


def _masked(value: Any, within: str, name: str = "") -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(value, Mapping):
        return {_name(key, number): _masked(member, name, key) for number, (key, member) in enumerate(value.items(), 1)}
    if isinstance(value, list):
        return [_masked(member, within, name) for member in value]
    shown = name in PLAIN or (within == "journey" and name in JOURNEY_IDS)
    return value if value is None or shown else mask(value)


def _name(key: str, number: int) -> str:
    return key if key in NAMES else f"<masked: member {number}>"
