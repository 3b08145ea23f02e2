from dataclasses import FrozenInstanceError, replace
from datetime import timedelta

import pytest

from engagement.record import Customer, Journey, JourneyKind, record_id
from tests.samples import CUSTOMER, JOURNEY, NOW, engagement_record

GOLDEN = [
    ("pinpoint", Journey("pinpoint", JourneyKind.JOURNEY), Customer(user_id="user1"), "30% Off Renewal"),
    (
        "campaign",
        Journey("pinpoint", JourneyKind.CAMPAIGN, "c", "r", "s", "any name", "a"),
        Customer(email="Mary.Major@Example.com", phone="+15550100"),
        "Été \u2013 30 %",
    ),
    (
        "connect",
        Journey("connect", JourneyKind.CAMPAIGN, "c", "c#2026-07-03T10-04-00Z", "Viewed"),
        Customer(profile_id="594a41c0a6d84f46a56df716a3f62e7d", user_id="ignored"),
        "30% Off Renewal",
    ),
    ("phone", Journey("pinpoint", JourneyKind.JOURNEY, "j"), Customer(phone="+15550100"), "30% Off Renewal"),
]
GOLDEN_IDS = {
    "pinpoint": "376ea4eafac20367622abaa8010b85e2",
    "campaign": "e26f93c077c9d44becfb023261e0e3ff",
    "connect": "cae453fd15e2dfb33f0023b115a3d314",
    "phone": "3f6b3071d39017590c3ad57cd193d1f2",
}


@pytest.mark.parametrize(("name", "journey", "customer", "offer"), GOLDEN)
def test_the_id_of_a_known_record_never_changes(name: str, journey: Journey, customer: Customer, offer: str) -> None:
    """Another id for the same record would write every customer's objects a second time after a deployment."""
    assert record_id(journey, customer, offer, viewed=True) == GOLDEN_IDS[name]


@pytest.mark.parametrize("member", ["source", "id", "run_id", "step_id", "application_id"])
@pytest.mark.parametrize("other", ["other", None])
def test_another_journey_step_or_run_gives_another_id(member: str, other: str | None) -> None:
    """A customer keeps one object for each step and run, which is the history an agent sees."""
    changed: Journey = replace(JOURNEY, **{member: other})  # type: ignore[arg-type] # the member's name is a parameter

    assert _id(journey=changed) != _id()


def test_a_campaign_and_a_journey_of_the_same_id_differ() -> None:
    """Their ids come from two name spaces of the marketing system."""
    assert _id(journey=replace(JOURNEY, kind=JourneyKind.CAMPAIGN)) != _id()


def test_another_offer_gives_another_id() -> None:
    """Two offers of one step are two facts about the customer."""
    assert _id(offer_name="Free Delivery") != _id()


def test_an_offer_that_the_campaign_tells_is_no_part_of_the_id() -> None:
    """Its name is the settings' or the campaign's, and may change between a call and its repeat."""
    record = engagement_record(offer_name="today's", offer_identifies=False)

    assert record.own_id == record_id(JOURNEY, CUSTOMER, None, viewed=True)
    assert record.own_id == engagement_record(offer_name="tomorrow's", offer_identifies=False).own_id
    assert record.own_id != engagement_record(offer_name="today's").own_id


def test_another_day_gives_another_id() -> None:
    """A customer who passes a step again weeks later was sent the offer twice."""
    ids = {_id(journey=replace(JOURNEY, day=day)) for day in (None, "2026-11-23", "2026-12-14")}

    assert len(ids) == 3


def test_viewed_and_not_viewed_give_different_ids() -> None:
    """They are two steps of a journey that may not send its step ids."""
    assert _id(viewed=False) != _id(viewed=True)


@pytest.mark.parametrize("member", ["profile_id", "user_id", "email", "phone"])
def test_another_customer_gives_another_id(member: str) -> None:
    """Whatever identifies the customers, two of them must never share an object."""
    one, other = Customer(**{member: "a"}), Customer(**{member: "b"})

    assert _id(customer=one) != _id(customer=other)


def test_the_same_text_as_another_kind_of_identity_gives_another_id() -> None:
    """User ``1`` and profile ``1`` are not the same customer."""
    identities = {_id(customer=Customer(**{member: "1"})) for member in ("profile_id", "user_id", "email", "phone")}

    assert len(identities) == 4


@pytest.mark.parametrize(
    ("customer", "key"),
    [
        (Customer("p", "u", "e", "f"), ("profile", "p")),
        (Customer(None, "u", "e", "f"), ("user", "u")),
        (Customer(None, None, "e", "f"), ("email", "e")),
        (Customer(None, None, None, "f"), ("phone", "f")),
    ],
)
def test_the_strongest_identity_counts(customer: Customer, key: tuple[str, str]) -> None:
    """A customer who changes address between two repeats of an event remains the same customer."""
    assert customer.key == key


def test_the_spelling_of_an_email_address_does_not_count() -> None:
    """Customer Profiles matches e-mail addresses regardless of case."""
    assert _id(customer=Customer(email="Mary@Example.COM")) == _id(customer=Customer(email="mary@example.com"))


def test_email_addresses_that_differ_in_more_than_case_differ() -> None:
    """Full case folding would make one customer of strasse@ and straße@, and lose the other's record."""
    assert _id(customer=Customer(email="straße@example.com")) != _id(customer=Customer(email="strasse@example.com"))


def test_the_journeys_name_is_no_part_of_the_id() -> None:
    """A marketer can rename a journey while it runs."""
    assert _id(journey=replace(JOURNEY, name="Renamed")) == _id()


def test_parts_cannot_run_into_one_another() -> None:
    """Joined text would give run ``ab`` of journey ``c`` the id of run ``a`` of journey ``bc``."""
    one = replace(JOURNEY, id='j","r', run_id="1")
    other = replace(JOURNEY, id="j", run_id='r","1')

    assert _id(journey=one) != _id(journey=other)


def test_records_are_equal_whenever_they_were_accepted() -> None:
    """The repeat of an event is the same fact, taken over a second time."""
    assert engagement_record(accepted_at=NOW + timedelta(hours=1)) == engagement_record()


def test_a_record_cannot_be_changed() -> None:
    """Threads share records; nothing may alter one on its way."""
    with pytest.raises(FrozenInstanceError):
        engagement_record().viewed = False  # type: ignore[misc] # the point of the test


def _id(
    *,
    journey: Journey = JOURNEY,
    customer: Customer = CUSTOMER,
    offer_name: str = "30% Off Renewal",
    viewed: bool = True,
) -> str:
    return record_id(journey, customer, offer_name, viewed=viewed)
