"""What an event says beside its customers, as it is parked with each of them."""

import hashlib
import json
from typing import Any

import pytest

from ingest.envelope import Envelope, SingleCustomerEvent, written


def parked(envelope: Envelope, customer: dict[str, Any] | None = None) -> Any:
    """Return the parked event."""
    return json.loads(SingleCustomerEvent(envelope, customer or {"Endpoints": {"a": None}}).written())


def test_an_event_is_parked_as_it_came() -> None:
    """It can be sent again."""
    envelope = Envelope({"JourneyId": "j", "Message": {}, "Data": "é\u2028"})

    assert parked(envelope) == {"JourneyId": "j", "Message": {}, "Data": "é\u2028", "Endpoints": {"a": None}}


def test_an_event_that_is_all_customers_is_parked_too() -> None:
    """Every other member is optional."""
    assert parked(Envelope({})) == {"Endpoints": {"a": None}}


def test_a_large_event_is_parked_with_what_decides_and_the_smallest_of_the_rest() -> None:
    """Its size, once for each malformed customer, would exceed the function's time and memory."""
    members = {"JourneyId": "j", "Large": "x" * 1_000_000, "Small": 1, "Data": "d" * 6_000}
    envelope = Envelope(members, frozenset({"JourneyId", "Data"}))

    found = parked(envelope)

    omitted = written({"Large": members["Large"]}).encode()
    assert found == {
        "JourneyId": "j",
        "Data": "d" * 6_000,
        "Small": 1,
        "omitted": {"members": 1, "bytes": len(omitted), "sha256": hashlib.sha256(omitted).hexdigest()},
        "Endpoints": {"a": None},
    }


def test_a_thousand_members_are_kept_as_far_as_they_fit() -> None:
    """None of them is large."""
    found = parked(Envelope({f"name{number:04}": "x" * 90 for number in range(10_000)}))

    assert len(json.dumps(found)) < 65_536
    assert len(found) + found["omitted"]["members"] - 2 == 10_000


def test_maps_that_hold_what_decides_are_looked_into() -> None:
    """Connect's ids are two levels down."""
    members = {"InvocationMetadata": {"CampaignContext": {"CampaignId": "c", "Large": "x" * 1_000_000}, "Other": 1}}
    envelope = Envelope(members, frozenset({"InvocationMetadata", "CampaignContext", "CampaignId"}))

    context = parked(envelope)["InvocationMetadata"]["CampaignContext"]

    assert context["CampaignId"] == "c"
    assert context["omitted"]["members"] == 1
    assert "Large" not in context


def test_what_decides_is_kept_whatever_its_size() -> None:
    """Without it the customer would be written under another offer, or twice."""
    members = {"Data": "x" * 1_000_000}

    assert parked(Envelope(members, frozenset({"Data"})))["Data"] == members["Data"]


def test_an_envelope_is_written_once_for_all() -> None:
    """10,000 customers may share it."""
    envelope = Envelope({"a": "x" * 100})
    first = envelope.written

    assert envelope.written is first


def test_what_cannot_be_written_is_said_by_an_error() -> None:
    """The caller names the customer then."""
    deep: dict[str, Any] = {}
    for _ in range(100_000):
        deep = {"a": deep}

    with pytest.raises(RecursionError):
        parked(Envelope(deep))


@pytest.mark.parametrize(("characters", "is_whole"), [(65_528, True), (65_529, False)])
def test_an_event_is_whole_up_to_64_ki_characters(characters: int, is_whole: bool) -> None:  # noqa: FBT001 - a column of the table
    """Pinpoint's and Connect's have some 1,000: all of them are whole."""
    assert ("omitted" not in parked(Envelope({"a": "x" * characters}))) is is_whole


@pytest.mark.parametrize(("characters", "kept"), [(16_376, True), (16_377, False)])
def test_of_a_larger_event_other_members_are_kept_up_to_16_ki_characters(characters: int, kept: bool) -> None:  # noqa: FBT001 - as above
    """The smallest first; whatever is left out is counted."""
    found = parked(Envelope({"a": "x" * characters, "b": "x" * 65_536}))

    assert ("a" in found) is kept
    assert found["omitted"]["members"] == (1 if kept else 2)
