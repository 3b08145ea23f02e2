"""What a soak sends, and what it expects of it."""

import json
from collections import Counter

import pytest

from benchmarks.soak.traffic import Traffic, expectations, large_event, traffic

PROFILE_IDS = [f"{number:032x}" for number in range(40)]


@pytest.fixture(scope="module")
def sent() -> Traffic:
    """One profile's traffic."""
    return traffic("throttles", 1_000, PROFILE_IDS)


def test_as_many_customers_are_sent_as_were_asked_for(sent: Traffic) -> None:
    """The table's figures are of records."""
    assert sent.customers == 1_000
    assert sum(1 for _ in expectations(sent.sendings)) == 1_000


def test_every_way_to_be_parked_is_among_them(sent: Traffic) -> None:
    """A poison message of each kind has its reason."""
    reasons = Counter(customer.parked for _, customer in expectations(sent.sendings) if customer.parked)
    assert reasons.keys() == {
        "invalid_offer",
        "malformed_customer",
        "no_identity",
        "object_too_large",
        "record_too_large",
        "unreadable_identity",
    }
    assert reasons.total() < 100
    assert {poison.reason for poison in sent.poison} == {
        "invalid_record",
        "not_a_record",
        "not_json",
        "unknown_version",
    }


def test_sources_journeys_offers_and_both_branches_are_among_them(sent: Traffic) -> None:
    """One kind of event would prove one kind of event."""
    written = [customer.written for _, customer in expectations(sent.sendings) if customer.written]
    assert {(one["source"], one["journeyKind"]) for one in written} == {
        ("pinpoint", "journey"),
        ("pinpoint", "campaign"),
        ("connect", "campaign"),
    }
    assert {one["offerViewed"] for one in written} == {"true", "false"}
    assert len({one["offerName"] for one in written}) >= 4
    assert {frozenset(one.keys() & {"UserId", "email", "phone", "profileId"}) for one in written} == {
        frozenset({"UserId", "email"}),
        frozenset({"UserId", "phone"}),
        frozenset({"UserId"}),
        frozenset({"email"}),
        frozenset({"phone"}),
        frozenset({"profileId"}),
    }


def test_some_events_are_sent_whole_again(sent: Traffic) -> None:
    """A repeat must change nothing, and only what happens is proved."""
    assert {sending.times for sending in sent.sendings} == {1, 2}


def test_the_same_profile_sends_the_same_and_another_shares_no_id() -> None:
    """A run can be repeated; profiles must be told apart by id."""
    one, same, other = (traffic(name, 300, PROFILE_IDS) for name in ("kills", "kills", "slow"))
    assert [sending.event.text for sending in one.sendings] == [sending.event.text for sending in same.sendings]
    journeys = [
        {json.dumps(sending.event.members.get("InvocationMetadata")) for sending in each.sendings}
        | {str(sending.event.members.get("JourneyId")) for sending in each.sendings}
        for each in (one, other)
    ]
    assert journeys[0] & journeys[1] <= {"null", "None"}


def test_a_large_event_holds_all_customers_and_is_sent_once() -> None:
    """A slow SQS does not take it within one invocation."""
    [sending] = large_event("large", 450).sendings
    assert len(sending.customers) == 450
    assert sending.times == 1
    assert all(customer.written is not None for customer in sending.customers)
