"""A record is found by its customer's own keys, whatever their number, and by no key that only names objects."""

from collections.abc import Mapping
from typing import Any

import pytest

from engagement.record import Customer, EngagementRecord
from ops import profile_objects
from ops.errors import OpsError, UnreachableError
from ops.profile_objects import ProfileObjects
from tests.fakes.queues import client_error
from tests.fakes.shown_profiles import FakeShownProfiles
from tests.samples import engagement_record

EVERYTHING = Customer(user_id="user-1", email="mary@example.com", phone="+12065550100")
BY_EACH = [
    Customer(profile_id="a" * 32),
    Customer(user_id="user-1"),
    Customer(email="mary@example.com"),
    Customer(phone="+12065550100"),
]


def _objects(client: FakeShownProfiles) -> ProfileObjects:
    return ProfileObjects(client, "AnyCompanyDomain", "Offers")


def _shown(*records: EngagementRecord) -> FakeShownProfiles:
    client = FakeShownProfiles()
    for record in records:
        client.write(record)
    if "profile:" + "a" * 32 in client.objects:  # the service's own id, by which it is listed
        client.objects["a" * 32] = client.objects.pop("profile:" + "a" * 32)
    return client


@pytest.mark.parametrize("customer", BY_EACH)
def test_a_record_is_found_by_whatever_key_its_customer_has(customer: Customer) -> None:
    """A record from Connect has a profile id and nothing else; one from Pinpoint perhaps only an address."""
    record = engagement_record(customer=customer)
    found = _objects(_shown(record)).of_record(record.record_id, customer)

    assert [attached.record_id for attached in found] == [record.record_id]


def test_only_the_record_that_is_meant_is_returned_of_all_that_a_profile_has() -> None:
    """Its id is compared here: no document promises that the service searches by it."""
    records = [engagement_record(customer=EVERYTHING, offer_name=f"offer {number}") for number in range(7)]
    objects = _objects(_shown(*records))

    assert [one.record_id for one in objects.of_record(records[5].record_id, EVERYTHING)] == [records[5].record_id]
    assert len(objects.of_customer(EVERYTHING)) == 7


def test_every_page_of_profiles_is_read() -> None:
    """A phone number that a household shares finds several, and the first page may hold none of them."""
    family = [Customer(user_id=f"user-{number}", phone="+12065550100") for number in range(5)]
    records = [engagement_record(customer=one) for one in family]

    assert len(_objects(_shown(*records)).of_customer(Customer(phone="+12065550100"))) == 5


def test_a_profile_that_several_keys_find_is_listed_once() -> None:
    """The customer has one object, not three."""
    assert len(_objects(_shown(engagement_record(customer=EVERYTHING))).of_customer(EVERYTHING)) == 1


def test_a_profile_that_the_journey_named_and_that_is_gone_shows_nothing() -> None:
    """It was merged into another one, or deleted, while the record waited."""
    assert _objects(FakeShownProfiles()).of_customer(Customer(profile_id="a" * 32)) == []


@pytest.mark.parametrize(
    ("refused", "code", "customer", "raised"),
    [
        ("SearchProfiles", "ResourceNotFoundException", Customer(user_id="user-1"), UnreachableError),
        ("ListProfileObjects", "ResourceNotFoundException", Customer(user_id="user-1"), UnreachableError),
        ("ListProfileObjects", "AccessDeniedException", Customer(user_id="user-1"), UnreachableError),
        ("ListProfileObjects", "BadRequestException", Customer(profile_id="a" * 32), OpsError),
    ],
)
def test_what_cannot_be_asked_is_never_taken_for_nothing(
    refused: str, code: str, customer: Customer, raised: type[OpsError]
) -> None:
    """An absent record is sent again; an unknown one must not be."""
    client = _shown(engagement_record(customer=Customer(user_id="user-1")))

    def refuse(operation: str) -> None:
        if operation == refused:
            raise client_error(code, operation)

    client.before = refuse
    with pytest.raises(raised):
        _objects(client).of_customer(customer)


def test_pages_without_an_end_are_not_read_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    """A key of ten thousand profiles, or a service that goes on for ever, must end in a sentence."""
    client = FakeShownProfiles()

    def endless(**_: Any) -> Mapping[str, Any]:
        return {"Items": [], "NextToken": "again"}

    monkeypatch.setattr(profile_objects, "MOST_PAGES", 3)
    monkeypatch.setattr(FakeShownProfiles, "search_profiles", lambda _, **request: endless(**request))
    with pytest.raises(OpsError, match=r"more than 300 profiles with the customer's _account"):
        _objects(client).of_customer(Customer(user_id="user-1"))


def test_an_object_that_is_removed_is_gone_and_a_refusal_is_said() -> None:
    """By the key that the service named it with."""
    record = engagement_record(customer=EVERYTHING)
    client = _shown(record)
    objects = _objects(client)
    [attached] = objects.of_record(record.record_id, EVERYTHING)
    objects.remove(attached)

    assert objects.of_record(record.record_id, EVERYTHING) == []

    def refuse(operation: str) -> None:
        raise client_error("AccessDeniedException", operation)

    client.before = refuse
    with pytest.raises(UnreachableError, match="may not do that"):
        objects.remove(attached)


@pytest.mark.parametrize("text", ["", "no JSON", "[]", "[" * 100_000])
def test_an_object_of_another_program_is_no_record(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Anybody may write to the type."""
    monkeypatch.setattr(FakeShownProfiles, "list_profile_objects", lambda *_, **__: {"Items": [{"Object": text}]})

    assert [one.record_id for one in _objects(FakeShownProfiles()).of_customer(Customer(profile_id="a" * 32))] == [""]
