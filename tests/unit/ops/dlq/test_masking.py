"""What is shown of a parked body to anybody: its shape, and what is known to hold nothing personal, in its place."""

import json
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
