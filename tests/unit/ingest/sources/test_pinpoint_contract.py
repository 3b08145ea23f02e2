import json

import pytest

from engagement.errors import InvalidEventError
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
