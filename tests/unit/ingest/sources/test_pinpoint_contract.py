import json
from typing import Any

import pytest

from engagement.errors import InvalidEventError
from engagement.record import EngagementRecord
from ingest.settings import OfferNameFrom
from ingest.sources import pinpoint
from ingest.sources.contract import CustomerOutcome, CustomerStatus, InvocationContext
from tests.samples import NOW, endpoint, pinpoint_event

INVOCATION = InvocationContext(
    viewed=False, offer_name="30% Off Renewal", connect_offer_name_from=OfferNameFrom.SETTINGS, now=NOW
)


@pytest.mark.parametrize("endpoints", [None, [], "text", 5, True])
def test_endpoints_that_are_no_map_break_the_contract(endpoints: object) -> None:
    """There is nobody in it to answer for."""
    with pytest.raises(InvalidEventError, match="not a map"):
        pinpoint.parse({"Endpoints": endpoints}, INVOCATION)


def test_what_would_be_parked_is_the_event_of_one_customer() -> None:
    """Corrected, it can be sent to the same function again."""
    event = pinpoint_event({"a": endpoint(1), "b": None})

    first, second = pinpoint.parse(event, INVOCATION)

    assert json.loads(first.event.written()) == {**event, "Endpoints": {"a": endpoint(1)}}
    assert json.loads(second.event.written()) == {**event, "Endpoints": {"b": None}}


def test_the_answer_is_what_a_journey_branches_on() -> None:
    """Five attributes at most, all of them text."""
    outcomes = [
        CustomerOutcome("a", CustomerStatus.QUEUED, "f" * 32),
        CustomerOutcome("b", CustomerStatus.PARKED, None, "no_identity"),
    ]

    assert pinpoint.answer(outcomes) == {
        "a": {"EventAttributes": {"EngagementStatus": "queued", "EngagementRecordId": "f" * 32}},
        "b": {"EventAttributes": {"EngagementStatus": "parked", "EngagementReason": "no_identity"}},
    }


DECIDING = {
    name: name + "x" * 190 for name in ("ApplicationId", "JourneyId", "JourneyRunId", "JourneyActivityId", "Data")
}
CAMPAIGN = {name: name + "x" * 190 for name in ("ApplicationId", "CampaignId", "ActivityId", "Data")}


@pytest.mark.parametrize(
    "members",
    [
        DECIDING,
        CAMPAIGN,
        {**CAMPAIGN, "ScheduledTime": "2026-11-20T08:00:00.000Z" + " " * 150},
        {**DECIDING, "Data": {"offerName": "x" * 250, **{f"n{n}": "y" * 150 for n in range(200)}}},
    ],
)
def test_a_parked_customer_of_a_large_event_keeps_all_that_the_record_depends_on(members: dict[str, Any]) -> None:
    """Sent again without one of them, the record would be another one: the customer would have the offer twice."""
    small = {f"small-{number}": "x" * 100 for number in range(200)}
    event = {**members, **small, "Large": "x" * 100_000, "Endpoints": {"a": endpoint(1)}}
    [parsed] = pinpoint.parse(event, INVOCATION)

    [again] = pinpoint.parse(json.loads(parsed.event.written()), INVOCATION)

    assert isinstance(parsed.result, EngagementRecord)
    assert isinstance(again.result, EngagementRecord)
    assert again.result.record_id == parsed.result.record_id
    assert (again.result.offer_name, again.result.engaged_at) == (parsed.result.offer_name, parsed.result.engaged_at)
