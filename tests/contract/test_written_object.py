"""What the writer writes, asked of the emulator with the object type that bootstrap registers."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bootstrap.object_type import FIELDS
from engagement.record import Customer, EngagementRecord, Journey, JourneyKind
from engagement.wire import decode, encode
from tests.contract.writer_service import EmulatedService
from tests.fakes.channel import FakeChannel
from tests.fakes.clock import FakeClock
from tests.fakes.profiles import DOMAIN, OBJECT_TYPE
from tests.samples import JOURNEY, engagement_record
from tests.sqs_events import sqs_event
from writer.delivery import Written, deliver
from writer.message import read_event
from writer.profile_object import profile_object
from writer.profiles import CustomerProfiles

EXAMPLES = Path(__file__).parents[2] / "examples"
EVERYTHING = Customer(profile_id="f" * 32, user_id="user-1", email="mary@example.com", phone="+15551234567")
LONGEST = "\U0001f389" * 255
KINDS = {
    "a journey's": engagement_record(),
    "a campaign's": engagement_record(journey=Journey(source="pinpoint", kind=JourneyKind.CAMPAIGN, id="campaign-1")),
    "a Connect campaign's": engagement_record(
        journey=Journey(source="connect", kind=JourneyKind.CAMPAIGN, id="c", run_id="c#2026-07-03", name="journey-2"),
        customer=Customer(profile_id="f" * 32, email="grace@example.com"),
        endpoint={"profileId": "f" * 32, "attributes": {"appUserId": "app-user-2"}},
    ),
    "one that names nothing but an address": engagement_record(
        journey=Journey(source="pinpoint", kind=JourneyKind.JOURNEY), customer=Customer(phone="+15551234567")
    ),
    "one without an endpoint": engagement_record(endpoint={}),
    "one with the longest texts": engagement_record(
        journey=Journey("s" * 255, JourneyKind.JOURNEY, *[LONGEST] * 5),
        customer=Customer(user_id=LONGEST, email="é" * 255, phone="1" * 255),
        offer_name=LONGEST,
        endpoint_id=LONGEST,
    ),
    "one that is nearly too large": engagement_record(endpoint={"Data": "x" * 255_000}),
}


def write(service: EmulatedService, *records: EngagementRecord) -> None:
    """Write records as they come out of the queue."""
    profiles = CustomerProfiles(service.client, DOMAIN, OBJECT_TYPE)
    for record in records:
        profiles.put(profile_object(decode(encode(record))))


def found(service: EmulatedService, key: str, value: str) -> dict[str, Any]:
    """Return the one profile that an agent finds by this key."""
    [profile] = service.client.search_profiles(DomainName=DOMAIN, KeyName=key, Values=[value])["Items"]
    return dict(profile)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_record_is_accepted_and_attached(service: EmulatedService, kind: str) -> None:
    """A 200 is not enough: an object that finds no profile is in nobody's history."""
    record = KINDS[kind]

    write(service, record)

    assert service.objects() == {record.record_id: json.loads(profile_object(record))}


def test_every_member_is_a_field_of_the_type_and_the_other_way_round() -> None:
    """A member without a field cannot be used in segments; a field without a member is never filled.

    The endpoint is a map and a field holds one value: it is kept in the object alone.
    """
    members = json.loads(profile_object(engagement_record(customer=EVERYTHING)))

    assert set(members) - {"endpoint"} == set(FIELDS)


def test_a_user_is_found_by_their_account(service: EmulatedService) -> None:
    """The user id of the marketing system is the profile's account number."""
    record = engagement_record(customer=Customer(user_id="user-7", email="mary@example.com"))

    write(service, record)

    profile = found(service, "_account", "user-7")
    assert (profile["AccountNumber"], profile["EmailAddress"]) == ("user-7", "mary@example.com")
    assert profile["Attributes"] == {
        "offerName": "30% Off Renewal",
        "offerViewed": "true",
        "journeyOfferRecordId": record.record_id,  # every field of a key has a target
    }
    assert service.profiles() == {record.record_id: profile["ProfileId"]}


def test_an_address_is_found_in_any_case(service: EmulatedService) -> None:
    """The same customer writes it in two ways."""
    first = engagement_record(customer=Customer(email="Mary@Example.com"), offer_name="first")
    second = engagement_record(customer=Customer(email="mary@example.com"), offer_name="second")

    write(service, first, second)

    profile = found(service, "_email", "MARY@example.com")
    assert set(service.profiles().values()) == {profile["ProfileId"]}


def test_a_number_is_found(service: EmulatedService) -> None:
    """SMS and voice endpoints know nothing else of a customer."""
    record = engagement_record(customer=Customer(phone="+15551234567"))

    write(service, record)

    profile = found(service, "_phone", "+15551234567")
    assert profile["PhoneNumber"] == "+15551234567"
    assert service.profiles() == {record.record_id: profile["ProfileId"]}


def test_a_named_profile_gets_the_object_though_the_address_is_anothers(service: EmulatedService) -> None:
    """Connect says which profile it means; a family may share an address."""
    write(
        service,
        engagement_record(customer=Customer(user_id="grace")),
        engagement_record(customer=Customer(user_id="other", email="family@example.com")),
    )
    grace = found(service, "_account", "grace")["ProfileId"]
    record = engagement_record(customer=Customer(profile_id=grace, email="family@example.com"))

    write(service, record)

    assert service.profiles()[record.record_id] == grace


def test_a_profile_that_is_gone_falls_back_to_the_address(service: EmulatedService) -> None:
    """Profiles are merged while a campaign runs; the customer is still known by other means."""
    write(service, engagement_record(customer=Customer(email="grace@example.com"), offer_name="before"))
    record = engagement_record(customer=Customer(profile_id="0" * 32, email="grace@example.com"))

    write(service, record)

    assert service.profiles()[record.record_id] == found(service, "_email", "grace@example.com")["ProfileId"]


def test_a_user_is_one_customer_on_every_channel(service: EmulatedService) -> None:
    """The account decides before e-mail and phone."""
    write(
        service,
        engagement_record(customer=Customer(user_id="user-1", email="mary@example.com"), offer_name="by e-mail"),
        engagement_record(customer=Customer(user_id="user-1", phone="+15551234567"), offer_name="by phone"),
    )

    profile = found(service, "_account", "user-1")
    assert len(service.objects_of(profile["ProfileId"])) == 2
    assert (profile["EmailAddress"], profile["PhoneNumber"]) == ("mary@example.com", "+15551234567")


def test_a_customer_keeps_a_history_and_shows_the_last_offer(service: EmulatedService) -> None:
    """One object an offer and run, however often each was delivered."""
    offers = [
        engagement_record(offer_name="first"),
        engagement_record(offer_name="second", viewed=False),
        engagement_record(offer_name="first", journey=Journey(JOURNEY.source, JOURNEY.kind, JOURNEY.id, "run-2")),
    ]

    write(service, *[record for record in offers for _ in range(2)])

    profile = found(service, "_account", "user-1")
    told = [(written["offerName"], written["offerViewed"]) for written in service.objects_of(profile["ProfileId"])]
    assert told == [("first", "true"), ("second", "false"), ("first", "true")]
    assert profile["Attributes"]["offerName"] == "first"


def test_every_record_of_the_samples_is_written(service: EmulatedService) -> None:
    """A journey's customers as they come: every channel, names of the world, a Connect campaign."""
    channel = FakeChannel()
    for path in EXAMPLES.rglob("*.json"):
        channel.invoke(json.loads(path.read_text(encoding="utf-8")))
    bodies = channel.queue.bodies

    outcomes = deliver(
        read_event(sqs_event(bodies)), CustomerProfiles(service.client, DOMAIN, OBJECT_TYPE).put, 4, FakeClock().now
    )

    assert len(bodies) > 300
    assert all(isinstance(outcome, Written) for outcome in outcomes)
    assert service.objects() == {record.record_id: json.loads(profile_object(record)) for record in map(decode, bodies)}


TEXTS = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=255)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=20,
)
CUSTOMERS = st.builds(Customer, *[st.none() | TEXTS] * 4).filter(lambda customer: customer != Customer())
JOURNEYS = st.builds(Journey, TEXTS, st.sampled_from(JourneyKind), *[st.none() | TEXTS] * 5)
RECORDS = st.builds(
    engagement_record,
    journey=JOURNEYS,
    customer=CUSTOMERS,
    offer_name=TEXTS,
    viewed=st.booleans(),
    endpoint_id=TEXTS,
    endpoint=st.dictionaries(st.text(max_size=10), JSON, max_size=5),
)


@given(record=RECORDS)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_record_is_read_from_the_queue_can_be_stored(
    service: EmulatedService, record: EngagementRecord
) -> None:
    """What the service would refuse must be refused when the record is read, with a reason that says which member."""
    write(service, record)

    assert record.record_id in service.profiles()
