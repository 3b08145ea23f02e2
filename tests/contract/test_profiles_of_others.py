"""Who is who, where agents and other systems made the profiles: what the writer writes joins theirs, or does not.

Asked of the emulator with the object type that bootstrap registers. The rules are Customer Profiles' own (Connect
admin guide: standard-profile-definition, profile-matching, additional-properties-object-types; API reference,
MergeProfiles); what the project relies on is said here.
"""

from typing import Any

import pytest

from engagement.record import Customer, EngagementRecord, Journey, JourneyKind
from engagement.wire import decode, encode
from tests.contract.writer_service import EmulatedService
from tests.fakes.profiles import DOMAIN, OBJECT_TYPE
from tests.samples import engagement_record
from writer.profile_object import profile_object
from writer.profiles import CustomerProfiles

NUMBER = "+12063457890"


def create(service: EmulatedService, **fields: Any) -> str:
    """Make a profile as an agent or a CRM does; return its id."""
    return service.client.create_profile(DomainName=DOMAIN, **fields)["ProfileId"]


def merge(service: EmulatedService, main: str, other: str) -> None:
    """Merge two profiles as identity resolution or an operator does."""
    service.client.merge_profiles(DomainName=DOMAIN, MainProfileId=main, ProfileIdsToBeMerged=[other])


def write(service: EmulatedService, record: EngagementRecord) -> str:
    """Write a record as it comes out of the queue; return the profile that it is attached to."""
    CustomerProfiles(service.client, DOMAIN, OBJECT_TYPE).put(profile_object(decode(encode(record))))
    return service.profiles()[record.record_id]


def offer_to(name: str = "30% Off", **customer: str) -> EngagementRecord:
    """Return the record of an offer to a customer who is known by these members."""
    return engagement_record(customer=Customer(**customer), offer_name=name)


def count(service: EmulatedService) -> int:
    """Return how many profiles there are."""
    return service.client.get_domain(DomainName=DOMAIN)["Stats"]["ProfileCount"]


def searched(service: EmulatedService, key: str, value: str) -> list[str]:
    """Return the ids of the profiles that an agent finds."""
    answer = service.client.search_profiles(DomainName=DOMAIN, KeyName=key, Values=[value])
    return [profile["ProfileId"] for profile in answer["Items"]]


def read(service: EmulatedService, profile_id: str) -> dict[str, Any]:
    """Return the profile's fields."""
    (profile,) = service.client.batch_get_profile(DomainName=DOMAIN, ProfileIds=[profile_id])["Profiles"]
    return dict(profile)


@pytest.mark.parametrize(
    ("fields", "customer"),
    [
        ({"AccountNumber": "user-1"}, {"user_id": "user-1"}),
        ({"AccountNumber": "user-1"}, {"user_id": "user-1", "email": "new@example.com", "phone": NUMBER}),
        ({"EmailAddress": "Mary@Example.com"}, {"email": "mary@example.com"}),
        ({"PersonalEmailAddress": "mary@example.com"}, {"user_id": "new", "email": "MARY@example.com"}),
        ({"BusinessEmailAddress": "mary@example.com"}, {"email": "mary@example.com"}),
        ({"PhoneNumber": "(206) 345-7890"}, {"phone": NUMBER}),
        ({"MobilePhoneNumber": NUMBER}, {"user_id": "new", "phone": NUMBER}),
        ({"HomePhoneNumber": NUMBER}, {"phone": NUMBER}),
        ({"BusinessPhoneNumber": NUMBER}, {"phone": NUMBER}),
    ],
)
def test_an_offer_joins_the_profile_that_an_agent_made(
    service: EmulatedService, fields: dict[str, str], customer: dict[str, str]
) -> None:
    """The usual case: the customer was known to the contact centre before the journey reached them."""
    profile_id = create(service, FirstName="Mary", **fields)

    assert write(service, offer_to(**customer)) == profile_id
    assert count(service) == 1
    assert read(service, profile_id)["Attributes"]["offerName"] == "30% Off"


def test_a_campaigns_offer_joins_the_profile_that_it_names(service: EmulatedService) -> None:
    """Connect's campaigns carry nothing but the profile's id, and an agent's profile may have nothing else either."""
    create(service)
    profile_id = create(service)

    assert write(service, offer_to(profile_id=profile_id)) == profile_id


def test_an_offer_joins_by_a_key_that_another_system_added(service: EmulatedService) -> None:
    """AddProfileKey gives a profile a second user id; its account number stays."""
    profile_id = create(service, AccountNumber="crm-1")
    service.client.add_profile_key(DomainName=DOMAIN, ProfileId=profile_id, KeyName="_account", Values=["user-1"])

    assert write(service, offer_to(user_id="user-1")) == profile_id
    assert read(service, profile_id)["AccountNumber"] == "crm-1"


def test_a_user_who_joined_by_address_is_known_by_user_id_afterwards(service: EmulatedService) -> None:
    """The object's keys are added to the agent's profile, so the next offer by SMS finds it."""
    profile_id = create(service, EmailAddress="mary@example.com")
    write(service, offer_to("by e-mail", user_id="user-1", email="mary@example.com"))

    assert write(service, offer_to("by SMS", user_id="user-1", phone=NUMBER)) == profile_id


def test_what_an_agent_wrote_is_not_overwritten(service: EmulatedService) -> None:
    """The journey's address may be the older one; what the agent left empty is filled."""
    profile_id = create(service, AccountNumber="user-1", EmailAddress="agent@example.com")

    write(service, offer_to(user_id="user-1", email="journey@example.com", phone=NUMBER))

    profile = read(service, profile_id)
    assert (profile["EmailAddress"], profile["PhoneNumber"]) == ("agent@example.com", NUMBER)
    assert searched(service, "_email", "journey@example.com") == [profile_id]


def test_a_number_of_two_profiles_joins_neither(service: EmulatedService) -> None:
    """A family's telephone is no identity: the offer makes a profile of its own, and nobody sees a relative's."""
    family = [create(service, MobilePhoneNumber=NUMBER), create(service, HomePhoneNumber=NUMBER)]

    made = write(service, offer_to(phone=NUMBER))

    assert made not in family
    assert set(searched(service, "_phone", NUMBER)) == {*family, made}


def test_each_offer_to_a_shared_number_makes_another_profile(service: EmulatedService) -> None:
    """What makes an ambiguous number costly: it stays ambiguous, for each offer and for each delivery of one.

    The object itself is there once all the same. That the service matches it anew is the worse of two guesses.
    """
    for _ in range(2):
        create(service, PhoneNumber=NUMBER)
    first = write(service, offer_to("first", phone=NUMBER))

    second = write(service, offer_to("second", phone=NUMBER))
    again = write(service, offer_to("second", phone=NUMBER))

    assert len({first, second, again}) == 3
    assert count(service) == 5
    assert len(service.profiles()) == 2


@pytest.mark.parametrize("customer", [{"user_id": "user-1"}, {"email": "mary@example.com"}])
def test_a_shared_number_does_no_harm_where_something_else_identifies(
    service: EmulatedService, customer: dict[str, str]
) -> None:
    """The user id is tried before the number, and the e-mail address as well as it."""
    mary = create(service, AccountNumber="user-1", EmailAddress="mary@example.com", PhoneNumber=NUMBER)
    create(service, PhoneNumber=NUMBER)

    assert write(service, offer_to(phone=NUMBER, **customer)) == mary
    assert count(service) == 2


def test_a_user_id_of_two_profiles_gives_way_to_the_address(service: EmulatedService) -> None:
    """Duplicates that no one has merged yet: the ambiguous account is discarded, the address decides."""
    create(service, AccountNumber="user-1")
    with_address = create(service, AccountNumber="user-1", EmailAddress="mary@example.com")

    assert write(service, offer_to(user_id="user-1", email="mary@example.com")) == with_address


def test_a_merged_customer_keeps_every_offer_and_is_found_by_all(service: EmulatedService) -> None:
    """Offers from before the merge are on the main profile, later ones join it by either's address."""
    main, other = create(service, AccountNumber="user-1"), create(service, EmailAddress="mary@example.com")
    write(service, offer_to("to the main", user_id="user-1"))
    write(service, offer_to("to the other", email="mary@example.com", phone=NUMBER))

    merge(service, main, other)

    for customer in ({"user_id": "user-1"}, {"email": "mary@example.com"}, {"phone": NUMBER}):
        assert write(service, offer_to(f"after, by {[*customer]}", **customer)) == main
    assert len(service.objects_of(main)) == 5
    assert count(service) == 1


def test_a_record_that_comes_again_after_a_merge_is_there_once(service: EmulatedService) -> None:
    """A redrive days later doubles nothing, though the customer is another profile by now."""
    main, other = create(service, AccountNumber="user-1"), create(service, AccountNumber="user-2")
    record = offer_to(user_id="user-2")
    write(service, record)

    merge(service, main, other)

    assert write(service, record) == main
    assert len(service.objects_of(main)) == 1


def test_a_campaigns_offer_to_a_profile_that_was_merged_makes_one_of_its_own(service: EmulatedService) -> None:
    """Connect names a profile that is gone and nothing else; the record is kept, and docs/marketer.md says where."""
    main, other = create(service, AccountNumber="user-1"), create(service, AccountNumber="user-2")
    campaign = Journey(source="connect", kind=JourneyKind.CAMPAIGN, id="campaign-1")
    record = engagement_record(journey=campaign, customer=Customer(profile_id=other))
    merge(service, main, other)

    made = write(service, record)

    assert made not in {main, other}
    assert [written["profileId"] for written in service.objects_of(made)] == [other]


def test_a_customer_who_was_deleted_and_comes_back_is_a_new_one(service: EmulatedService) -> None:
    """DeleteProfile takes the offers with it; a record that is redriven afterwards is written, once."""
    profile_id = create(service, AccountNumber="user-1")
    record = offer_to(user_id="user-1")
    write(service, record)

    service.client.delete_profile(DomainName=DOMAIN, ProfileId=profile_id)
    assert service.profiles() == {}

    made = write(service, record)
    assert made != profile_id
    assert searched(service, "_account", "user-1") == [made]
