"""Profiles that agents and other systems make: created, changed, deleted and read by id."""

from collections.abc import Iterator
from typing import Any

import pytest

from customer_profiles_emulator.service_model import operations
from customer_profiles_emulator.wire.inputs import violations
from tests.contract.customer_profiles.conftest import Running, client_of
from tests.contract.customer_profiles.profile_calls import create, read, refusal
from tests.customer_profiles_samples import DOMAIN, TYPE, stringified

NAMED = {"DomainName": DOMAIN, "ObjectTypeName": TYPE}
UNKNOWN = "0" * 32
PREFERENCES = {"Email": [{"KeyName": "_email", "KeyValue": "mary@example.com", "ContactType": "EmailAddress"}]}
MARY: dict[str, Any] = {
    "AccountNumber": "u1",
    "AdditionalInformation": "x" * 1000,
    "PartyType": "INDIVIDUAL",
    "FirstName": "Mary",
    "LastName": "Major",
    "GenderString": "any",
    "PhoneNumber": "+12063457890",
    "EmailAddress": "mary@example.com",
    "Address": {"Address1": "1 Main St", "City": "Seattle"},
    "BillingAddress": {"PostalCode": "98101"},
    "Attributes": {"tier": "gold", "with.dots": "yes"},
    "ProfileType": "PROFILE",
    "EngagementPreferences": PREFERENCES,
}


@pytest.fixture
def unchecked(running: Running) -> Iterator[Any]:
    """A client that sends what the model forbids, as other SDKs do."""
    client = client_of(running.emulator.url, parameter_validation=False)
    yield client
    client.close()


def test_a_profile_has_every_field_that_it_was_created_with(running: Running) -> None:
    """API reference, CreateProfile: addresses and preferences are nested, attributes have any name."""
    profile_id = create(running, **MARY)

    assert read(running, profile_id) == {"ProfileId": profile_id, **MARY}
    assert running.search("_account", "u1")[0]["EngagementPreferences"] == PREFERENCES


def test_a_profile_may_be_created_empty(running: Running) -> None:
    """API reference, CreateProfile: nothing but the domain is required."""
    profile_id = create(running)

    assert read(running, profile_id) == {"ProfileId": profile_id}
    assert running.client.get_domain(DomainName=DOMAIN)["Stats"]["ProfileCount"] == 1


def test_two_profiles_may_have_the_same_number(running: Running) -> None:
    """CreateProfile is no upsert; duplicates are what identity resolution is for."""
    first, second = create(running, AccountNumber="u1"), create(running, AccountNumber="u1")

    assert [found["ProfileId"] for found in running.search("_account", "u1")] == [first, second]


@pytest.mark.parametrize(
    "fields",
    [
        {"FirstName": ""},
        {"FirstName": "x" * 256},
        {"AdditionalInformation": "x" * 1001},
        {"Gender": "OTHER"},
        {"Address": {"City": ""}},
        {"Attributes": {"tier": ""}},
        {"ProfileType": "ANY"},
    ],
)
def test_a_field_that_breaks_the_model_is_refused(unchecked: Any, fields: dict[str, Any]) -> None:
    """API reference, CreateProfile: 1 to 255 characters, or one of the values."""
    code, _ = refusal(unchecked.create_profile, DomainName=DOMAIN, **fields)

    assert code == "BadRequestException"


def test_an_update_changes_what_it_names_and_keeps_the_rest(running: Running) -> None:
    """API reference, UpdateProfile: "not specifying a string value means that any value already there will be kept"."""
    profile_id = create(running, **MARY)

    answer = running.client.update_profile(
        DomainName=DOMAIN,
        ProfileId=profile_id,
        FirstName="Marie",
        Address={"City": "Tacoma"},
        Attributes={"tier": "silver", "new": "1"},
    )

    assert answer["ProfileId"] == profile_id
    assert read(running, profile_id) == {
        "ProfileId": profile_id,
        **MARY,
        "FirstName": "Marie",
        "Address": {"Address1": "1 Main St", "City": "Tacoma"},
        "Attributes": {"tier": "silver", "with.dots": "yes", "new": "1"},
    }


def test_an_empty_string_removes_what_was_there(running: Running) -> None:
    """API reference, UpdateProfile: "an empty string value means that any existing value will be removed"."""
    profile_id = create(running, **MARY)

    running.client.update_profile(
        DomainName=DOMAIN,
        ProfileId=profile_id,
        FirstName="",
        MiddleName="",
        EmailAddress="",
        Address={"City": ""},
        BillingAddress={"PostalCode": ""},
        Attributes={"tier": ""},
        EngagementPreferences={},
    )

    profile = read(running, profile_id)
    gone = {"FirstName", "EmailAddress", "BillingAddress", "EngagementPreferences"}
    assert set(profile) == {"ProfileId", *MARY} - gone
    assert profile["Address"] == {"Address1": "1 Main St"}
    assert profile["Attributes"] == {"with.dots": "yes"}


def test_an_object_does_not_overwrite_what_was_written_by_hand(running: Running) -> None:
    """Guide, additional-properties-object-types: an agent's "John" stays John; an empty field is filled."""
    profile_id = create(running, AccountNumber="u1", EmailAddress="agent@example.com")
    running.client.update_profile(DomainName=DOMAIN, ProfileId=profile_id, Attributes={"offerName": "manual"})

    running.put(stringified(recordId="r1", UserId="u1", email="journey@x.org", phone="+49 30 1", offerName="30% Off"))

    profile = read(running, profile_id)
    assert profile["EmailAddress"] == "agent@example.com"
    assert profile["Attributes"]["offerName"] == "manual"
    assert profile["PhoneNumber"] == "+49 30 1"


def test_what_an_object_wrote_the_next_object_overwrites(running: Running) -> None:
    """Only manual updates are kept; an update of one field does not protect another."""
    running.put(stringified(recordId="r1", UserId="u1", offerName="first"))
    profile_id = running.search("_account", "u1")[0]["ProfileId"]
    running.client.update_profile(DomainName=DOMAIN, ProfileId=profile_id, FirstName="Mary")

    running.put(stringified(recordId="r2", UserId="u1", offerName="second"))

    assert read(running, profile_id)["Attributes"]["offerName"] == "second"


def test_a_field_that_was_cleared_by_hand_is_filled_by_the_next_object(running: Running) -> None:
    """(unverified): a field without a value was not "manually populated"."""
    profile_id = create(running, AccountNumber="u1", EmailAddress="agent@example.com")
    running.client.update_profile(DomainName=DOMAIN, ProfileId=profile_id, EmailAddress="")

    running.put(stringified(recordId="r1", UserId="u1", email="journey@example.com"))

    assert read(running, profile_id)["EmailAddress"] == "journey@example.com"


def test_deleting_an_object_type_leaves_what_was_written_by_hand(running: Running) -> None:
    """API reference, DeleteProfileObjectType: only what its objects wrote is scrubbed."""
    profile_id = create(running, AccountNumber="u1")
    running.put(stringified(recordId="r1", UserId="u1", email="journey@example.com"))

    running.client.delete_profile_object_type(**NAMED)

    assert read(running, profile_id) == {"ProfileId": profile_id, "AccountNumber": "u1"}
    assert [found["ProfileId"] for found in running.search("_account", "u1")] == [profile_id]
    assert running.search("_email", "journey@example.com") == []


def test_a_deleted_profile_is_gone_with_its_keys_and_objects(running: Running) -> None:
    """API reference, DeleteProfile: "the standard customer profile and all data pertaining to the profile"."""
    profile_id = create(running, AccountNumber="u1", EmailAddress="mary@example.com")
    running.put(stringified(recordId="r1", UserId="u1", phone="+12063457890"))
    other = create(running, AccountNumber="u2")
    running.put(stringified(recordId="r2", UserId="u2"))

    running.client.delete_profile(DomainName=DOMAIN, ProfileId=profile_id)

    for key, value in [
        ("_account", "u1"),
        ("_email", "mary@example.com"),
        ("_phone", "+12063457890"),
        ("_profileId", profile_id),
    ]:
        assert running.search(key, value) == []
    stats = running.client.get_domain(DomainName=DOMAIN)["Stats"]
    assert (stats["ProfileCount"], stats["ObjectCount"]) == (1, 1)
    assert len(running.client.list_profile_objects(**NAMED, ProfileId=other)["Items"]) == 1
    for call in (running.client.delete_profile, running.client.update_profile):
        assert refusal(call, DomainName=DOMAIN, ProfileId=profile_id)[0] == "ResourceNotFoundException"


def test_an_object_of_a_deleted_profile_can_be_written_again(running: Running) -> None:
    """A record that is redriven after its customer was deleted is a new customer's, and is there once."""
    profile_id = create(running, AccountNumber="u1")
    text = stringified(recordId="r1", UserId="u1")
    running.put(text)
    running.client.delete_profile(DomainName=DOMAIN, ProfileId=profile_id)

    running.put(text)

    (profile,) = running.search("_account", "u1")
    assert profile["ProfileId"] != profile_id
    assert len(running.client.list_profile_objects(**NAMED, ProfileId=profile["ProfileId"])["Items"]) == 1


def test_a_batch_of_profiles_tells_which_are_missing(running: Running) -> None:
    """API reference, BatchGetProfile: each id has a profile or an error of its own."""
    first, second = create(running, FirstName="Ann"), create(running, FirstName="Bob")

    answer = running.client.batch_get_profile(DomainName=DOMAIN, ProfileIds=[second, UNKNOWN, first, second])

    assert [profile["FirstName"] for profile in answer["Profiles"]] == ["Bob", "Ann"]
    assert [(error["ProfileId"], error["Code"]) for error in answer["Errors"]] == [(UNKNOWN, "404")]


@pytest.mark.parametrize(("count", "accepted"), [(0, False), (1, True), (20, True), (21, False)])
def test_a_batch_holds_one_to_twenty_ids(unchecked: Any, count: int, accepted: bool) -> None:  # noqa: FBT001
    """API reference, BatchGetProfile."""
    request = {"DomainName": DOMAIN, "ProfileIds": [f"{number:032x}" for number in range(count)]}

    if accepted:
        assert len(unchecked.batch_get_profile(**request)["Errors"]) == count
    else:
        assert refusal(unchecked.batch_get_profile, **request)[0] == "BadRequestException"


@pytest.mark.parametrize(
    ("operation", "members"),
    [
        ("create_profile", {}),
        ("update_profile", {"ProfileId": UNKNOWN}),
        ("delete_profile", {"ProfileId": UNKNOWN}),
        ("batch_get_profile", {"ProfileIds": [UNKNOWN]}),
        ("add_profile_key", {"ProfileId": UNKNOWN, "KeyName": "_email", "Values": ["a@example.com"]}),
        ("delete_profile_key", {"ProfileId": UNKNOWN, "KeyName": "_email", "Values": ["a@example.com"]}),
        ("merge_profiles", {"MainProfileId": UNKNOWN, "ProfileIdsToBeMerged": ["1" * 32]}),
    ],
)
def test_a_domain_that_is_not_there_is_not_found(running: Running, operation: str, members: dict[str, Any]) -> None:
    """The model's ResourceNotFoundException, the domain's own sentence."""
    code, message = refusal(getattr(running.client, operation), DomainName="Nothing", **members)

    assert (code, message) == ("ResourceNotFoundException", "The domain does not exist, or access was denied")


def test_every_answer_about_profiles_fits_the_services_model(running: Running) -> None:
    """An SDK with typed results must be able to read each of them."""
    client = running.client
    created = client.create_profile(DomainName=DOMAIN, **MARY)
    named = {"DomainName": DOMAIN, "ProfileId": created["ProfileId"]}
    key = {**named, "KeyName": "_ctrContactId", "Values": ["c1"]}
    answers = {
        "CreateProfile": created,
        "UpdateProfile": client.update_profile(**named, FirstName="M"),
        "BatchGetProfile": client.batch_get_profile(DomainName=DOMAIN, ProfileIds=[created["ProfileId"], UNKNOWN]),
        "AddProfileKey": client.add_profile_key(**key),
        "DeleteProfileKey": client.delete_profile_key(**key),
        "MergeProfiles": client.merge_profiles(
            DomainName=DOMAIN, MainProfileId=create(running), ProfileIdsToBeMerged=[created["ProfileId"]]
        ),
        "DeleteProfile": client.delete_profile(DomainName=DOMAIN, ProfileId=create(running)),
    }

    for name, answer in answers.items():
        output = operations()[name].output
        assert output is not None
        assert list(violations(output, answer)) == [], name
