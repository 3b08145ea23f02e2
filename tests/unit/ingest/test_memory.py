"""What a parked customer remembers: the offer and the day of the call that parked them."""

import json
from datetime import timedelta
from typing import Any

import pytest

from ingest.memory import MEMBER, memory, recalled
from ingest.settings import OfferNameFrom
from ingest.source import Step
from tests.fakes.channel import FakeChannel
from tests.samples import NOW, connect_event, endpoint, pinpoint_event, profile

THEN = Step(viewed=True, offer_name="30% Off Renewal", connect_offer_name_from=OfferNameFrom.CAMPAIGN, now=NOW)
LATER = Step(
    viewed=True,
    offer_name="Free coffee",
    connect_offer_name_from=OfferNameFrom.SETTINGS,
    now=NOW + timedelta(days=100),
)


def test_a_call_is_remembered_and_recalled() -> None:
    """The settings of the day of a redrive are not those of the day of the offer."""
    event: dict[str, Any] = {"Endpoints": {}}

    assert recalled({**event, **memory(THEN)}, LATER) == (event, THEN)


def test_an_event_that_remembers_nothing_is_as_it_is() -> None:
    """Journeys send no such member, and earlier versions parked without it."""
    event: dict[str, Any] = {"Endpoints": {}}

    assert recalled(event, LATER) == (event, LATER)


@pytest.mark.parametrize(
    "written",
    [
        None,
        5,
        [],
        {},
        {"offerName": "", "connectOfferNameFrom": "", "acceptedAt": ""},
        {"offerName": 5, "connectOfferNameFrom": ["campaign"], "acceptedAt": 5},
        {"offerName": "x" * 256, "connectOfferNameFrom": "nowhere", "acceptedAt": "yesterday"},
        {"acceptedAt": "2026-11-23T09:00:00"},
        {"acceptedAt": "2999-01-01T00:00:00Z"},
        {"acceptedAt": "0001-01-01T00:00:00+01:00"},
    ],
)
def test_what_cannot_be_read_is_as_the_call_has_it(written: object) -> None:
    """Somebody edited it; the function still knows its own settings."""
    assert recalled({"Endpoints": {}, MEMBER: written}, LATER) == ({"Endpoints": {}}, LATER)


def test_an_edited_offer_counts() -> None:
    """An operator who knows what the customer was sent can say so."""
    member = {**memory(THEN)[MEMBER], "offerName": "  2 for\n1 "}

    assert recalled({MEMBER: member}, LATER)[1].offer_name == "2 for 1"


def months_later() -> FakeChannel:
    """Return the same function a hundred days and another offer later."""
    function = FakeChannel(offer_name="Free coffee")
    function.clock.advance(100 * 86_400)
    return function


def parked(event: dict[str, Any], **settings: Any) -> tuple[dict[str, Any], FakeChannel]:
    """Return the body under which an event's only customer is parked, and the function that parked it."""
    function = FakeChannel(**settings)
    function.invoke(event)
    [body] = function.dead_letters.bodies
    return json.loads(body), function


def test_a_customer_who_is_mended_months_later_is_written_with_the_offer_of_the_day() -> None:
    """The agent must read what the customer was sent, and when."""
    body, _ = parked(pinpoint_event({"a": "malformed"}, ScheduledTime=None))
    later = months_later()

    later.invoke({**body, "Endpoints": {"a": endpoint(1)}})

    direct = FakeChannel()
    direct.invoke(pinpoint_event({"a": endpoint(1)}, ScheduledTime=None))
    [mended], [wanted] = later.queued, direct.queued
    assert (mended["offerName"], mended["engagedAt"]) == ("30% Off Renewal", "2026-11-23T09:00:00.000Z")
    assert mended == wanted


def test_a_connect_customer_keeps_the_first_day_and_the_source_of_the_offer() -> None:
    """The day is a part of the id: another one would double what a neighbour's repeat has written."""
    broken = profile(ProfileId=" ")
    body, _ = parked(connect_event([broken]), offer_name_from=OfferNameFrom.CAMPAIGN)
    body["Items"]["CustomerProfiles"] = [profile(1)]
    later, direct = months_later(), FakeChannel(offer_name_from=OfferNameFrom.CAMPAIGN)

    later.invoke(body)
    direct.invoke(connect_event([profile(1)]))

    assert later.queued == direct.queued
    assert later.queued[0]["offerName"] == "Renewal"


def test_a_customer_who_is_parked_again_keeps_the_first_call() -> None:
    """However often a redrive is tried."""
    body, first = parked(pinpoint_event({"a": None}))
    later = months_later()

    later.invoke(body)

    assert later.dead_letters.bodies == first.dead_letters.bodies
    [again] = later.dead_letters.messages
    assert again.attributes["firstSeen"] == "2026-11-23T09:00:00.000Z"


def test_what_was_parked_before_this_version_is_taken_as_a_call_of_now() -> None:
    """It remembers nothing, and must not be refused for it."""
    later = months_later()

    later.invoke(pinpoint_event({"a": endpoint(1)}, ScheduledTime=None))

    assert later.queued[0]["offerName"] == "Free coffee"
