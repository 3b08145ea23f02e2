"""Objects are accepted, matched, mapped, replaced and evicted."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from customer_profiles_emulator.ingestion import Ingestion
from customer_profiles_emulator.store import Store
from customer_profiles_emulator.store.objects import Scope, StoredObject
from customer_profiles_emulator.transport.errors import ResourceNotFoundError
from customer_profiles_emulator.wire.stats import Stats
from tests.customer_profiles_samples import DOMAIN, TYPE, definition, stringified
from tests.fakes.clock import FakeClock
from tests.fakes.dead_letters import FakeDeadLetterQueue

QUEUE = "http://sqs/domain-dlq"


class Bench:
    """An ingestion with everything around it in memory and in virtual time."""

    def __init__(self, *, delay: float = 0.0, queue: str | None = None, **type_changes: Any) -> None:
        self.clock = FakeClock()
        self.store = Store()
        self.stats = Stats()
        self.dead_letters = FakeDeadLetterQueue()
        self.ingestion = Ingestion(self.store, self.stats, self.dead_letters, self.now, delay)
        domain = {"DefaultExpirationDays": 30} | ({"DeadLetterQueueUrl": queue} if queue else {})
        self.store.catalogue.put_domain(DOMAIN, domain, self.now())
        self.put_type(**type_changes)

    def now(self) -> float:
        return self.clock.now().timestamp()

    def put_type(self, name: str = TYPE, **changes: Any) -> None:
        self.store.catalogue.put_object_type(DOMAIN, name, definition(**changes), self.now())
        self.ingestion.forget_types()

    def put(self, type_name: str = TYPE, **members: Any) -> str:
        return self.ingestion.put(DOMAIN, type_name, stringified(**members))

    def objects(self) -> list[StoredObject]:
        return self.store.objects.page(Scope(), now=self.now())

    def profile_of(self, record_id: str) -> str:
        (profile,) = {stored.profile_id for stored in self.objects() if stored.unique_values == [record_id]}
        return profile

    def fields(self, profile_id: str) -> dict[str, str]:
        profile = self.store.profiles.get(DOMAIN, profile_id)
        assert profile is not None
        return {path: value for path, (value, _) in profile.fields.items()}

    def events(self) -> dict[str, int]:
        events: dict[str, int] = self.stats.snapshot()["events"]
        return events


@pytest.fixture
def make_bench() -> Iterator[Callable[..., Bench]]:
    """Make benches; each is closed when the test ends."""
    with ExitStack() as made:

        def make(**options: Any) -> Bench:
            bench = Bench(**options)
            made.callback(bench.store.close)
            return bench

        yield make


@pytest.fixture
def bench(make_bench: Callable[..., Bench]) -> Bench:
    """A bench with the sample type and nothing else."""
    return make_bench()


def test_an_unmatched_object_infers_a_profile_and_maps_its_fields(bench: Bench) -> None:
    """The first offer of an unknown customer."""
    bench.put(recordId="r1", UserId="u1", email="Mary@Example.com", offerName="30% Off")

    assert bench.fields(bench.profile_of("r1")) == {
        "Attributes.journeyOfferRecordId": "r1",
        "AccountNumber": "u1",
        "EmailAddress": "Mary@Example.com",
        "Attributes.offerName": "30% Off",
    }


def test_a_later_object_joins_the_profile_that_its_key_finds(bench: Bench) -> None:
    """One customer, two offers; the last processed one wins the profile's attributes."""
    bench.put(recordId="r1", UserId="u1", email="mary@example.com", offerName="first")
    bench.put(recordId="r2", email="MARY@example.com", offerName="second")

    assert bench.profile_of("r1") == bench.profile_of("r2")
    assert bench.fields(bench.profile_of("r1"))["Attributes.offerName"] == "second"


def test_the_same_unique_key_replaces_the_object_wholly(bench: Bench) -> None:
    """Nothing of the first text may survive in the second."""
    bench.put(recordId="r1", UserId="u1", offerName="old")
    bench.put(recordId="r1", UserId="u1")

    (stored,) = bench.objects()
    assert json.loads(stored.text) == {"recordId": "r1", "UserId": "u1"}
    assert bench.events()["objects_replaced"] == 1


def test_a_profile_id_attaches_to_exactly_that_profile(bench: Bench) -> None:
    """Even if another key of the object finds another profile."""
    bench.put(recordId="r1", UserId="u1")
    bench.put(recordId="r2", UserId="u2")
    named = bench.profile_of("r1")

    bench.put(recordId="r3", profileId=named, UserId="u2")

    assert bench.profile_of("r3") == named


def test_an_ambiguous_key_does_not_decide(bench: Bench) -> None:
    """Two known customers share a phone; an object with the phone alone names neither and makes its own profile."""
    for number, user in enumerate(["u1", "u2"]):
        bench.put(recordId=f"first-{number}", UserId=user)
        bench.put(recordId=f"phone-{number}", UserId=user, phone="+15551234567")

    bench.put(recordId="alone", phone="(555) 123-4567")

    assert len({bench.profile_of(record) for record in ("first-0", "first-1", "alone")}) == 3


def test_a_secondary_key_joins_a_new_account_to_a_known_profile(bench: Bench) -> None:
    """Keys are tried one after the other: an unknown account with a known phone is the known customer."""
    bench.put(recordId="r1", UserId="u1", phone="+15551234567")
    bench.put(recordId="r2", UserId="u2", phone="+15551234567")

    assert bench.profile_of("r1") == bench.profile_of("r2")


def test_without_profile_creation_an_unmatched_object_goes_to_the_domains_queue(
    make_bench: Callable[..., Bench],
) -> None:
    """The caller had its 200; only the queue shows that the object never arrived."""
    bench = make_bench(queue=QUEUE, AllowProfileCreation=False)
    bench.put(recordId="r1", UserId="u1")
    assert bench.dead_letters.sent == []  # the caller is answered first
    bench.ingestion.send_dead_letters()

    ((url, letter),) = bench.dead_letters.sent
    assert url == QUEUE
    assert (letter.domain, letter.type_name) == (DOMAIN, TYPE)
    assert json.loads(letter.text)["recordId"] == "r1"
    assert bench.objects() == []
    assert bench.events() == {"objects_accepted": 1, "objects_unmatched": 1, "objects_dead_lettered": 1}


def test_without_a_queue_an_unmatched_object_is_lost_and_counted(make_bench: Callable[..., Bench]) -> None:
    """A domain without a dead-letter queue loses it silently, which a test must be able to see."""
    bench = make_bench(AllowProfileCreation=False)
    bench.put(recordId="r1", UserId="u1")

    assert bench.events()["objects_lost"] == 1


def test_a_queue_that_cannot_be_reached_is_counted(make_bench: Callable[..., Bench]) -> None:
    """The request was answered: no caller is left to raise to."""
    bench = make_bench(queue=QUEUE, AllowProfileCreation=False)
    bench.dead_letters.fails = True
    bench.put(recordId="r1", UserId="u1")
    bench.ingestion.send_dead_letters()

    assert bench.events()["dead_letters_failed"] == 1


def test_the_oldest_objects_go_past_the_types_count(make_bench: Callable[..., Bench]) -> None:
    """A replaced object counts as new: it was just written."""
    bench = make_bench(MaxProfileObjectCount=2)
    for record in ("r1", "r2", "r1", "r3"):
        bench.put(recordId=record, UserId="u1")

    assert [stored.unique_values for stored in bench.objects()] == [["r1"], ["r3"]]
    assert bench.events()["objects_evicted"] == 1


def test_a_profile_holds_a_thousand_objects_of_all_types(bench: Bench) -> None:
    """The service's own limit, when the type sets none."""
    bench.put_type("Other")
    for number in range(600):
        bench.put(recordId=f"a{number}", UserId="u1")
    for number in range(500):
        bench.put("Other", recordId=f"b{number}", UserId="u1")

    assert len(bench.objects()) == 1_000
    assert bench.objects()[0].unique_values == ["a100"]


def test_objects_expire_with_their_type_or_their_domain(bench: Bench) -> None:
    """Retention is fixed when an object is ingested."""
    bench.put_type("Short", ExpirationDays=1)
    bench.put("Short", recordId="short", UserId="u1")
    bench.put(recordId="default", UserId="u1")

    bench.clock.advance(2 * 86_400)
    assert [stored.unique_values for stored in bench.objects()] == [["default"]]

    bench.clock.advance(29 * 86_400)
    assert bench.objects() == []


def test_a_key_means_the_same_in_every_type_of_the_domain(bench: Bench) -> None:
    """Key names are global to a domain."""
    bench.put_type("Other")
    bench.put(recordId="r1", UserId="u1")
    bench.put("Other", recordId="r2", UserId="u1")

    assert bench.profile_of("r1") == bench.profile_of("r2")


def test_an_unknown_type_is_not_found(bench: Bench) -> None:
    """The first deployment, before the bootstrap ran."""
    with pytest.raises(ResourceNotFoundError):
        bench.put("Nothing", recordId="r1")


def test_deleting_a_type_scrubs_what_its_objects_wrote(bench: Bench) -> None:
    """The API reference says so; what other types wrote stays."""
    bench.put_type("Other")
    bench.put(recordId="r1", UserId="u1", offerName="gone")
    bench.put("Other", recordId="r2", UserId="u1", email="a@example.com")
    profile = bench.profile_of("r1")

    bench.store.delete_object_type(DOMAIN, TYPE)

    assert bench.fields(profile) == {
        "Attributes.journeyOfferRecordId": "r2",
        "AccountNumber": "u1",
        "EmailAddress": "a@example.com",
    }
    assert [stored.unique_values for stored in bench.objects()] == [["r2"]]


def test_with_a_delay_an_accepted_object_appears_only_when_it_is_due(make_bench: Callable[..., Bench]) -> None:
    """A 200 means accepted, not attached: readers must be able to meet the gap."""
    bench = make_bench(delay=5.0)
    bench.put(recordId="r1", UserId="u1")
    assert bench.ingestion.process_due() == 0
    assert bench.objects() == []

    bench.clock.advance(5)

    assert bench.ingestion.process_due() == 1
    assert len(bench.objects()) == 1
    assert bench.store.objects.count_pending() == 0


def test_an_object_whose_type_went_away_while_it_waited_is_a_dead_letter(make_bench: Callable[..., Bench]) -> None:
    """It was accepted: it must be counted somewhere."""
    bench = make_bench(delay=5.0, queue=QUEUE)
    bench.put(recordId="r1", UserId="u1")
    bench.put_type(Keys={"_account": [{"StandardIdentifiers": ["PROFILE", "UNIQUE"], "FieldNames": ["email"]}]})
    bench.clock.advance(5)

    bench.ingestion.process_due()
    bench.ingestion.send_dead_letters()

    assert len(bench.dead_letters.sent) == 1
    assert bench.store.objects.count_pending() == 0


records = st.tuples(
    st.sampled_from("abcde"), st.sampled_from("xyz"), st.none() | st.sampled_from(["m@x", "M@X", "n@x"])
)


@settings(max_examples=60, deadline=None)
@given(st.lists(records, max_size=25))
def test_the_same_ids_never_grow(written: list[tuple[str, str, str | None]]) -> None:
    """However often and in whatever order records come, one id is one object: the last one written."""
    bench = Bench()
    for record, user, email in written:
        bench.put(recordId=record, UserId=user, **({"email": email} if email else {}))

    kept = {stored.unique_values[0]: json.loads(stored.text) for stored in bench.objects()}
    assert len(bench.objects()) == len(kept) == len({record for record, _, _ in written})
    assert {record: members["UserId"] for record, members in kept.items()} == {
        record: user for record, user, _ in written
    }
    bench.store.close()
