"""What is shown of a parked body to anybody: its shape, and what is known to hold nothing personal, in its place."""

import json
import re
from collections.abc import Sequence
from typing import Any

import pytest

from engagement.wire import encode
from ops.dlq.masking import BODY, ENDPOINT, Leaf, Place, is_plain, masked
from ops.dlq.redrive.edit import Change
from tests.samples import endpoint, engagement_record, pinpoint_event

SECRET = "mary@example.com"


def _plain(place: Place) -> set[str]:
    """Return the names of all members that are shown at some place."""
    if isinstance(place, Leaf):
        return set()
    within = [_plain(member) for member in place.values()]
    return {name for name, member in place.items() if member is Leaf.SHOWN}.union(*within)


NAMES = sorted(_plain(BODY) | _plain(ENDPOINT))
ELSEWHERE = dict.fromkeys(NAMES, SECRET) | {"lists": [SECRET], "more": {name: [SECRET] for name in NAMES}}


@pytest.mark.parametrize(
    "body",
    [
        pinpoint_event({"endpoint-1": endpoint(1) | {"Attributes": ELSEWHERE}}),
        pinpoint_event({"endpoint-1": {"User": {"UserId": SECRET, "UserAttributes": ELSEWHERE}}}),
        pinpoint_event({SECRET: {"Address": SECRET, "Demographic": ELSEWHERE, "Location": ELSEWHERE}}),
        pinpoint_event({"endpoint-1": {"OptOut": [SECRET], "ChannelType": {"source": SECRET}}}),
        {"InvocationMetadata": ELSEWHERE, "Items": {"CustomerProfiles": [{"ProfileId": SECRET, **ELSEWHERE}]}},
        {"Items": {"CustomerProfiles": [{"CustomerData": ELSEWHERE}]}},
        {"version": ELSEWHERE, "journey": [ELSEWHERE], "customer": ELSEWHERE, "offerName": [SECRET]},
        {"version": 1, "journey": {"source": "connect"}, "endpoint": ELSEWHERE},
        {"version": 1, "journey": {"source": "pinpoint"}, "endpoint": {"Attributes": ELSEWHERE}},
        {"domainName": "domain", "errorMessage": SECRET, "object": {"customer": ELSEWHERE}},
        [ELSEWHERE],
        {"somebody": ELSEWHERE, SECRET: SECRET},
    ],
)
def test_a_name_that_is_plain_at_its_own_place_is_masked_at_every_other(body: object) -> None:
    """A customer's attribute may be called like anything, and lists may hold anything."""
    assert SECRET not in json.dumps(masked(json.dumps(body)))


def test_what_is_known_is_shown_at_its_own_place() -> None:
    """An operator tells by it which journey, run and channel it was."""
    event = masked(json.dumps(pinpoint_event({"endpoint-1": endpoint(1)}, JourneyId="journey-1", CampaignId="c")))
    record = masked(encode(engagement_record()))

    assert (event["JourneyId"], event["CampaignId"]) == ("journey-1", "c")
    [shown] = event["Endpoints"].values()
    assert shown["ChannelType"] == endpoint(1)["ChannelType"]
    assert record["journey"] == json.loads(encode(engagement_record()))["journey"]
    assert record["offerName"] == "30% Off Renewal"
    assert list(event["Endpoints"]) == ["<masked: member 1>"]


@pytest.mark.parametrize("name", ["*", "[]"])
def test_a_customer_who_is_called_like_a_placeholder_is_masked(name: str) -> None:
    """The names of a map by customer are theirs."""
    shown = masked(json.dumps(pinpoint_event({name: {"ChannelType": "SMS"}})))
    assert list(shown["Endpoints"]) == ["<masked: member 1>"]


@pytest.mark.parametrize(
    ("path", "value", "plain"),
    [
        (("journey", "source"), "pinpoint", True),
        (("journey", "source"), [SECRET], False),
        (("offerName",), {"name": SECRET}, False),
        (("Endpoints", "endpoint-1", "ChannelType"), "SMS", True),
        (("Endpoints", "endpoint-1", "Attributes", "source"), [SECRET], False),
        (("endpoint", "source"), SECRET, False),
        (("source",), SECRET, False),
        ((), SECRET, False),
        (("offerName", "source"), SECRET, False),
    ],
)
def test_an_edits_old_value_is_shown_by_the_same_rule(path: tuple[str, ...], value: Any, *, plain: bool) -> None:
    """What a dry run shows is read over shoulders too."""
    assert is_plain(path, value) is plain
    assert (json.dumps(value) in Change(path, value, 1).shown(unmask=False)) is plain


def _filled(names: Sequence[str], **more: Any) -> dict[str, Any]:
    return {name: f"the {name}" for name in names} | more


def _shown(body: object) -> set[str]:
    """Return the values that are shown of a body, in which each value is its own member's name."""
    return set(re.findall(r'"the (\w+)"', json.dumps(masked(json.dumps(body)))))


RUN = {"ActivityId", "ApplicationId", "CampaignId", "JourneyActivityId", "JourneyId", "JourneyRunId", "ScheduledTime"}
ENDPOINT_MEMBERS = ("Address", "ChannelType", "CohortId", "CreationDate", "EffectiveDate", "EndpointStatus", "Id")
LOCATION = ("City", "Country", "Latitude", "Longitude", "PostalCode", "Region")
DEMOGRAPHIC = ("AppVersion", "Locale", "Make", "Model", "Platform", "Timezone")


def test_of_pinpoints_event_the_run_and_the_channels_state_are_shown() -> None:
    """Never an address, an attribute, a place, a user, or what the journey sent: all of them may be personal."""
    event = _filled(
        [*RUN, "TreatmentId", "Data", "Token"],
        Message=_filled(["Title", "Body"]),
        Endpoints={
            "endpoint-1": _filled(
                [*ENDPOINT_MEMBERS, "OptOut", "RequestId"],
                Attributes=_filled(["name", "plan"]),
                Metrics=_filled(["age"]),
                Demographic=_filled(DEMOGRAPHIC),
                Location=_filled(LOCATION),
                User=_filled(["UserId"], UserAttributes=_filled(["email"])),
            )
        },
    )
    state = {"ChannelType", "CreationDate", "EffectiveDate", "EndpointStatus", "OptOut"}
    assert _shown(event) == RUN | {"TreatmentId"} | state


def test_of_connects_event_the_ids_of_the_campaign_are_shown() -> None:
    """Its name is a text of the marketer's, and a profile's id and data are the customer's."""
    event = {
        "InvocationMetadata": _filled(
            ["IdempotencyToken"], CampaignContext=_filled(["ActionId", "CampaignId", "CampaignName", "RunId"])
        ),
        "Items": {"CustomerProfiles": [_filled(["CustomerData", "IdempotencyToken", "ProfileId"])]},
    }
    assert _shown(event) == {"ActionId", "CampaignId", "RunId"}


def test_of_a_record_the_journey_and_the_offer_are_shown() -> None:
    """Not whose it is."""
    record = _filled(
        ["version", "recordId", "acceptedAt", "engagedAt", "offerName", "offerIdentifies", "offerViewed", "endpointId"],
        customer=_filled(["email", "phone", "profileId", "userId"]),
        journey=_filled(["applicationId", "day", "id", "kind", "name", "runId", "source", "stepId"]),
        context=_filled(["TreatmentId", "CampaignName", "ActionId", "Data"]),
        endpoint=_filled(ENDPOINT_MEMBERS, Location=_filled(LOCATION)),
    )
    of_record = {"version", "recordId", "acceptedAt", "engagedAt", "offerName", "offerIdentifies", "offerViewed"}
    of_journey = {"applicationId", "day", "id", "kind", "name", "runId", "source", "stepId"}
    assert _shown(record) == of_record | of_journey | {"TreatmentId", "ActionId"}


def test_of_what_did_not_fit_and_of_the_domains_objects_nothing_personal_is_shown() -> None:
    """What there was to say of an event that was too large; and an object that no profile has."""
    omitted = {
        "omitted": _filled(["bytes", "why", "customer", "sha256"]),
        "parked": _filled(["acceptedAt", "connectOfferNameFrom", "offerName"]),
    }
    assert _shown(omitted) == {"bytes", "why", "acceptedAt", "connectOfferNameFrom", "offerName"}

    members = {"engagedAt", "journeyId", "journeyKind", "journeyRunId", "journeyStepId"}
    members |= {"offerName", "offerViewed", "recordId"}
    written = _filled([*members, "UserId", "email", "phone", "journeyName"])
    found = _filled(["domainName", "objectTypeName", "errorMessage", "profileId"], object=written)
    assert _shown(found) == members | {"domainName", "objectTypeName"}


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("", "<masked: 0 characters>"),
        ("Mary", "<masked: 4 characters>"),
        (7, "<masked: int>"),
        (True, "<masked: bool>"),
    ],
)
def test_of_a_masked_value_its_kind_is_said(value: object, shown: str) -> None:
    """And of a text its length: an empty address is a cause."""
    assert masked(json.dumps({"Data": value})) == {"Data": shown}


def test_a_value_that_is_not_there_is_shown() -> None:
    """It is nobody's."""
    assert masked('{"customer": {"email": null}}') == {"customer": {"email": None}}


def test_of_what_is_no_json_the_length_is_said() -> None:
    """It may be anything."""
    assert masked("mary@") == "<masked: 5 characters that are not JSON>"
