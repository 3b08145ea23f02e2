"""What a profile is found by, in searches and by objects: its own fields, and keys that AddProfileKey added."""

from typing import Any

import pytest

from tests.contract.customer_profiles.conftest import Running
from tests.contract.customer_profiles.profile_calls import add_key, attached, create, found, read, refusal
from tests.customer_profiles_samples import DOMAIN, FIELDS, KEYS, TYPE, definition, stringified

NAMED = {"DomainName": DOMAIN, "ObjectTypeName": TYPE}
OF_FIELDS = [
    ({"PhoneNumber": "+1 (206) 345-7890"}, "_phone", "2063457890"),
    ({"MobilePhoneNumber": "+12063457890"}, "_phone", "+12063457890"),
    ({"HomePhoneNumber": "+12063457890"}, "_phone", "+12063457890"),
    ({"BusinessPhoneNumber": "+12063457890"}, "_phone", "+12063457890"),
    ({"EmailAddress": "Mary@Example.com"}, "_email", "mary@example.com"),
    ({"PersonalEmailAddress": "mary@example.com"}, "_email", "MARY@example.com"),
    ({"BusinessEmailAddress": "mary@example.com"}, "_email", "mary@example.com"),
    ({"AccountNumber": "User1"}, "_account", "User1"),
    ({"FirstName": "Mary", "MiddleName": "Q", "LastName": "Major"}, "_fullName", "mary q major"),
    ({"FirstName": "Mary", "LastName": "Major"}, "_fullName", "Mary Major"),
]
BY_NAME = definition(
    Fields={**FIELDS, "name": {"Source": "_source.name", "ContentType": "NAME"}},
    Keys={**KEYS, "_fullName": [{"StandardIdentifiers": ["PROFILE", "SECONDARY"], "FieldNames": ["name"]}]},
)
MEMBER_OF_KEY = {"_phone": "phone", "_email": "email", "_account": "UserId", "_fullName": "name"}


@pytest.mark.parametrize(("fields", "key", "value"), OF_FIELDS)
def test_a_profile_is_found_by_its_own_fields(running: Running, fields: dict[str, str], key: str, value: str) -> None:
    """Guide, standard-profile-definition: the table of index names and standard profile fields."""
    profile_id = create(running, **fields)

    assert found(running, key, value) == [profile_id]
    assert found(running, "_profileId", profile_id) == [profile_id]


@pytest.mark.parametrize(("fields", "key", "value"), OF_FIELDS)
def test_an_object_finds_a_profile_by_its_own_fields(
    running: Running, fields: dict[str, str], key: str, value: str
) -> None:
    """Guide, profile-matching: exactly one profile matches a PROFILE key, whatever made that profile."""
    running.client.put_profile_object_type(**NAMED, **BY_NAME)
    profile_id = create(running, **fields)

    running.put(stringified(**{"recordId": "r1", MEMBER_OF_KEY[key]: value}))

    assert attached(running, profile_id) == 1
    assert running.client.get_domain(DomainName=DOMAIN)["Stats"]["ProfileCount"] == 1


@pytest.mark.parametrize("content_type", ["STRING", "EMAIL_ADDRESS"])
def test_a_profile_is_found_whatever_a_type_calls_the_keys_field(running: Running, content_type: str) -> None:
    """(unverified): a field without a content type is a STRING, and a predefined key still means the profile's own."""
    email = {"email": {**FIELDS["email"], "ContentType": content_type}}
    running.client.delete_profile_object_type(**NAMED)  # a key keeps its content type while a type names it
    running.client.put_profile_object_type(**NAMED, **definition(Fields={**FIELDS, **email}))
    profile_id = create(running, EmailAddress="Mary@Example.com")

    running.put(stringified(recordId="r1", email="Mary@Example.com"))

    assert attached(running, profile_id) == 1
    assert found(running, "_email", "MARY@example.com") == [profile_id]


def test_a_profile_that_an_object_made_is_found_by_its_own_fields_too(running: Running) -> None:
    """Guide, standard-profile-definition: a mapped field counts, though no key of the type names it."""
    mobile = {"mobile": {"Source": "_source.mobile", "Target": "_profile.MobilePhoneNumber"}}
    running.client.put_profile_object_type(**NAMED, **definition(Fields={**FIELDS, **mobile}))
    running.put(stringified(recordId="r1", UserId="u1", mobile="+12063457890"))

    assert found(running, "_phone", "+1 206 345 7890") == found(running, "_account", "u1") != []


def test_a_value_that_several_profiles_have_by_their_fields_is_ambiguous(running: Running) -> None:
    """Guide, profile-matching: "never used to attach an object"; one has it as mobile, the other as home number."""
    family = [create(running, MobilePhoneNumber="+12063457890"), create(running, HomePhoneNumber="+12063457890")]

    running.put(stringified(recordId="r1", phone="+12063457890"))

    assert [attached(running, profile_id) for profile_id in family] == [0, 0]
    assert len(found(running, "_phone", "+12063457890")) == 3


def test_a_profile_that_has_a_number_twice_is_one_profile(running: Running) -> None:
    """Mobile and home are the same number: that is not ambiguous."""
    profile_id = create(running, MobilePhoneNumber="+12063457890", HomePhoneNumber="(206) 345-7890")

    running.put(stringified(recordId="r1", phone="+12063457890"))

    assert attached(running, profile_id) == 1


def test_an_ambiguous_key_gives_way_to_the_next(running: Running) -> None:
    """Guide, profile-matching: "that key is discarded and the next is tried"."""
    mary = create(running, EmailAddress="mary@example.com", PhoneNumber="+12063457890")
    create(running, PhoneNumber="+12063457890")

    running.put(stringified(recordId="r1", UserId="unknown", email="mary@example.com", phone="+12063457890"))

    assert attached(running, mary) == 1


def test_a_profile_is_no_longer_found_by_what_it_no_longer_has(running: Running) -> None:
    """The index follows the fields, changed or cleared."""
    profile_id = create(running, EmailAddress="old@example.com", PhoneNumber="+12063457890")
    running.client.update_profile(
        DomainName=DOMAIN, ProfileId=profile_id, EmailAddress="new@example.com", PhoneNumber=""
    )

    assert found(running, "_email", "new@example.com") == [profile_id]
    assert found(running, "_email", "old@example.com") == found(running, "_phone", "+12063457890") == []


def test_a_profile_is_found_by_a_key_that_was_added(running: Running) -> None:
    """API reference, AddProfileKey: a contact id, say; predefined keys need no object type."""
    profile_id = create(running)
    request = {"DomainName": DOMAIN, "ProfileId": profile_id, "KeyName": "_ctrContactId", "Values": ["c1", "c2"]}

    answer = running.client.add_profile_key(**request)

    assert (answer["KeyName"], answer["Values"]) == ("_ctrContactId", ["c1", "c2"])
    assert found(running, "_ctrContactId", "c1") == found(running, "_ctrContactId", "c2") == [profile_id]


@pytest.mark.parametrize(
    ("key", "value", "member", "written"),
    [
        ("_account", "u1", "UserId", "u1"),
        ("_email", "Mary@Example.com", "email", "mary@example.com"),
        ("_phone", "(206) 345-7890", "phone", "+12063457890"),
        ("_profileId", "0" * 32, "profileId", "0" * 32),
    ],
)
def test_an_object_finds_a_profile_by_a_key_that_was_added(
    running: Running, key: str, value: str, member: str, written: str
) -> None:
    """API reference, AddProfileKey: keys "identify the profile that it belongs to"."""
    profile_id = create(running, FirstName="Mary")
    add_key(running, profile_id, key, value)

    running.put(stringified(**{"recordId": "r1", "UserId": "another", member: written}))

    assert attached(running, profile_id) == 1


def test_a_key_of_an_object_type_may_have_several_fields(running: Running) -> None:
    """All values together are one value of it."""
    both = [{"StandardIdentifiers": ["PROFILE"], "FieldNames": ["UserId", "email"]}]
    running.client.put_profile_object_type(**NAMED, **definition(Keys={**KEYS, "userAndMail": both}))
    profile_id = create(running)
    add_key(running, profile_id, "userAndMail", "u1", "Mary@example.com")
    request = {"DomainName": DOMAIN, "ProfileId": profile_id, "KeyName": "userAndMail", "Values": ["u1"]}

    running.put(stringified(recordId="r1", UserId="u1", email="mary@example.com"))

    assert attached(running, profile_id) == 1
    assert refusal(running.client.add_profile_key, **request) == (
        "BadRequestException",
        "Values must hold one value for each field of key userAndMail",
    )


def test_an_added_key_outlives_the_fields_and_the_object_type(running: Running) -> None:
    """(unverified): neither an update nor DeleteProfileObjectType removes what AddProfileKey added."""
    profile_id = create(running, EmailAddress="old@example.com")
    add_key(running, profile_id, "_email", "second@example.com")
    running.client.update_profile(DomainName=DOMAIN, ProfileId=profile_id, EmailAddress="")
    running.client.delete_profile_object_type(**NAMED)

    assert found(running, "_email", "Second@example.com") == [profile_id]


def test_an_added_key_is_found_whatever_a_later_type_calls_its_field(running: Running) -> None:
    """(unverified): like a field of the profile, it is found as it stands, too."""
    running.client.delete_profile_object_type(**NAMED)
    profile_id = create(running)
    add_key(running, profile_id, "_email", "Mary@Example.com")
    email = {"email": {**FIELDS["email"], "ContentType": "STRING"}}
    running.client.put_profile_object_type(**NAMED, **definition(Fields={**FIELDS, **email}))

    running.put(stringified(recordId="r1", email="Mary@Example.com"))

    assert attached(running, profile_id) == 1


def test_a_deleted_key_finds_nothing(running: Running) -> None:
    """API reference, DeleteProfileKey: whichever way it came, and for objects alike."""
    profile_id = create(running, PhoneNumber="+12063457890")
    running.put(stringified(recordId="r1", phone="+12063457890", email="mary@example.com"))
    for key, value in [("_phone", "(206) 345-7890"), ("_email", "MARY@example.com")]:
        request = {"DomainName": DOMAIN, "ProfileId": profile_id, "KeyName": key, "Values": [value]}
        running.client.delete_profile_key(**request)
        assert found(running, key, value) == []
        assert refusal(running.client.delete_profile_key, **request)[0] == "ResourceNotFoundException"

    running.client.update_profile(DomainName=DOMAIN, ProfileId=profile_id, FirstName="Mary")
    running.put(stringified(recordId="r2", phone="+12063457890"))

    assert attached(running, profile_id) == 1
    assert read(running, profile_id)["PhoneNumber"] == "+12063457890"


def test_only_the_named_profile_loses_the_key(running: Running) -> None:
    """Which is how an operator ends an ambiguity."""
    first, second = create(running, PhoneNumber="+12063457890"), create(running, PhoneNumber="+12063457890")
    running.client.delete_profile_key(
        DomainName=DOMAIN, ProfileId=first, KeyName="_phone", Values=["+12063457890", "never there"]
    )

    running.put(stringified(recordId="r1", phone="+12063457890"))

    assert attached(running, second) == 1


@pytest.mark.parametrize("operation", ["add_profile_key", "delete_profile_key"])
@pytest.mark.parametrize(
    ("members", "code"),
    [
        ({"KeyName": "nobodysKey"}, "BadRequestException"),
        ({"Values": []}, "BadRequestException"),
        ({"ProfileId": "0" * 32}, "ResourceNotFoundException"),
        ({"ProfileId": "no id"}, "BadRequestException"),
    ],
)
def test_a_bad_key_is_refused(running: Running, operation: str, members: dict[str, Any], code: str) -> None:
    """Ids by the model; a name that means nothing in the domain and no values at all (unverified)."""
    request = {"DomainName": DOMAIN, "ProfileId": create(running), "KeyName": "_email", "Values": ["a@example.com"]}

    assert refusal(getattr(running.client, operation), **{**request, **members})[0] == code
