"""A message's body as anyone may see it: its shape, and values that are not personal; of every other value its kind.

An allow-list names the members that hold nothing personal, each at its own place in a known form: a customer may have
an attribute of the same name. Everything else is masked, the names of members included, since a map may be keyed by
customer.
"""

import json
from collections.abc import Mapping
from enum import Enum
from typing import Any, Final, TypeAlias


class Leaf(Enum):
    """What is shown of a member that is neither a map nor a list."""

    SHOWN = "its name and its value"
    NAMED = "its name"


Place: TypeAlias = "Leaf | Mapping[str, Place]"
"""A member: a leaf, or a map of those that are known in it."""

EACH = "*"
"""Stands for every member of a map that is keyed by customer: its name is masked."""
ITEM = "[]"
"""Stands for every item of a list."""


def _shown(*names: str) -> dict[str, Place]:
    return dict.fromkeys(names, Leaf.SHOWN)


def _named(*names: str) -> dict[str, Place]:
    return dict.fromkeys(names, Leaf.NAMED)


ENDPOINT: Final[Mapping[str, Place]] = {
    **_shown("ChannelType", "CreationDate", "EffectiveDate", "EndpointStatus", "OptOut"),
    **_named("Address", "Attributes", "CohortId", "Demographic", "Metrics", "RequestId"),
    "Location": _named("City", "Country"),
    "User": _named("UserAttributes", "UserId"),
}
"""Of Pinpoint's contract."""
CAMPAIGN: Final[Mapping[str, Place]] = _shown("ActionId", "CampaignId", "RunId") | _named("CampaignName")
"""CampaignContext of Connect's contract."""
OCCASION: Final[Mapping[str, Place]] = _shown(
    "ActivityId",
    "ApplicationId",
    "CampaignId",
    "JourneyActivityId",
    "JourneyId",
    "JourneyRunId",
    "ScheduledTime",
    "TreatmentId",
)
"""Members of Pinpoint's event that belong to no customer."""
RECORD: Final[Mapping[str, Place]] = {
    **_shown("acceptedAt", "engagedAt", "offerIdentifies", "offerName", "offerViewed", "recordId", "version"),
    "context": {**OCCASION, **CAMPAIGN, **_named("Data")},
    "customer": _named("email", "phone", "profileId", "userId"),
    "endpoint": _named(*ENDPOINT),
    "endpointId": Leaf.NAMED,
    "journey": _shown("applicationId", "day", "id", "kind", "name", "runId", "source", "stepId"),
}
"""`engagement.wire`. A customer's data of Connect is in the same place, and none of it is known."""
EVENTS: Final[Mapping[str, Place]] = {
    **OCCASION,
    **_named("Data", "Message"),
    "Endpoints": {EACH: ENDPOINT},
    "InvocationMetadata": {"CampaignContext": CAMPAIGN, **_named("IdempotencyToken")},
    "Items": {"CustomerProfiles": {ITEM: _named("CustomerData", "IdempotencyToken", "ProfileId")}},
    "omitted": _shown("bytes", "why") | _named("customer", "sha256"),
    "parked": _shown("acceptedAt", "connectOfferNameFrom", "offerName"),
}
"""What the channel functions park: an event of one customer, or a summary of one that was too large."""
OBJECT: Final[Mapping[str, Place]] = {
    **_shown("domainName", "objectTypeName"),
    **_named("errorMessage", "profileId"),
    "object": _shown(
        "engagedAt", "journeyId", "journeyKind", "journeyRunId", "journeyStepId", "offerName", "offerViewed", "recordId"
    ),
}
"""What the domain puts into its own queue."""
BODY: Final[Mapping[str, Place]] = {**EVENTS, **OBJECT, **RECORD}
PINPOINT_RECORD: Final[Mapping[str, Place]] = {**BODY, "endpoint": ENDPOINT}


def masked(body: str) -> Any:  # noqa: ANN401 - any JSON value
    """Return a body as JSON without anything personal; of a body that is no JSON only its length."""
    try:
        members = json.loads(body)
        return _masked(members, PINPOINT_RECORD if _is_of_pinpoint(members) else BODY)
    except (ValueError, RecursionError):
        return f"<masked: {len(body)} characters that are not JSON>"


def mask(value: object) -> str:
    """Return the kind of a value, and the length of a text."""
    if isinstance(value, str):
        return f"<masked: {len(value)} characters>"
    return f"<masked: {type(value).__name__}>"


def is_plain(path: tuple[str, ...], value: object) -> bool:
    """Return whether the value at this place may be shown."""
    place: Place = BODY
    for name in path:
        place = _within(place, name)
    return place is Leaf.SHOWN and not isinstance(value, dict | list)


def _is_of_pinpoint(members: object) -> bool:
    journey = members.get("journey") if isinstance(members, dict) else None
    return isinstance(journey, dict) and journey.get("source") == "pinpoint"


def _within(place: Place, name: str) -> Place:
    if isinstance(place, Leaf):
        return Leaf.NAMED
    return place.get(name, place.get(EACH, Leaf.NAMED))  # a customer may be called "*": the place is the same


def _masked(value: Any, place: Place) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(value, dict):
        return {
            name if _is_known(place, name) else f"<masked: member {number}>": _masked(member, _within(place, name))
            for number, (name, member) in enumerate(value.items(), 1)
        }
    if isinstance(value, list):
        return [_masked(item, _within(place, ITEM)) for item in value]
    return value if value is None or place is Leaf.SHOWN else mask(value)


def _is_known(place: Place, name: str) -> bool:
    return not isinstance(place, Leaf) and name in place and name not in {EACH, ITEM}
