"""Each operation, driven by boto3 over HTTP, and each answer held against the service's own model."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from customer_profiles_emulator.service_model import operations
from customer_profiles_emulator.wire.inputs import violations
from tests.contract.customer_profiles.conftest import Running
from tests.customer_profiles_samples import DOMAIN, KEYS, TYPE, definition, stringified

NAMED = {"DomainName": DOMAIN, "ObjectTypeName": TYPE}


def test_a_domain_is_created_described_changed_listed_and_deleted(running: Running) -> None:
    """The life of a domain."""
    client = running.client
    created = client.create_domain(DomainName="New", DefaultExpirationDays=30, DeadLetterQueueUrl="http://q")
    changed = client.update_domain(DomainName="New", DeadLetterQueueUrl="", DefaultExpirationDays=60)
    described = client.get_domain(DomainName="New")

    assert created["DeadLetterQueueUrl"] == "http://q"
    assert "DeadLetterQueueUrl" not in changed
    assert described["DefaultExpirationDays"] == 60
    assert described["Stats"]["ObjectCount"] == 0
    assert [item["DomainName"] for item in client.list_domains()["Items"]] == [DOMAIN, "New"]

    client.delete_domain(DomainName="New")

    with pytest.raises(client.exceptions.ResourceNotFoundException):
        client.get_domain(DomainName="New")


def test_a_domain_counts_what_it_holds(running: Running) -> None:
    """The bootstrap and the doctor read these."""
    running.put(stringified(recordId="r1", UserId="u1"))

    stats = running.client.get_domain(DomainName=DOMAIN)["Stats"]

    assert (stats["ProfileCount"], stats["ObjectCount"]) == (1, 1)
    assert stats["TotalSize"] == len(stringified(recordId="r1", UserId="u1"))


def test_an_object_type_is_put_described_and_listed(running: Running) -> None:
    """What was put comes back, or the bootstrap would see drift for ever."""
    described = running.client.get_profile_object_type(**NAMED)
    (listed,) = running.client.list_profile_object_types(DomainName=DOMAIN)["Items"]

    assert {name: described[name] for name in definition()} == definition()
    assert (listed["ObjectTypeName"], listed["Description"]) == (TYPE, "Offers")


def test_putting_a_type_again_changes_it_in_place(running: Running) -> None:
    """The API upserts: its creation time and its objects stay."""
    running.put(stringified(recordId="r1", UserId="u1"))
    before = running.client.get_profile_object_type(**NAMED)
    running.client.put_profile_object_type(**NAMED, **definition(Description="Changed"))
    after = running.client.get_profile_object_type(**NAMED)

    assert after["Description"] == "Changed"
    assert after["CreatedAt"] == before["CreatedAt"]
    assert after["LastUpdatedAt"] > before["LastUpdatedAt"]
    assert running.client.get_domain(DomainName=DOMAIN)["Stats"]["ObjectCount"] == 1


def test_deleting_a_type_deletes_its_objects_and_scrubs_the_profiles(running: Running) -> None:
    """Which is why the bootstrap never does it unless it is asked to."""
    running.put(stringified(recordId="r1", UserId="u1"))
    running.client.delete_profile_object_type(**NAMED)

    assert running.client.get_domain(DomainName=DOMAIN)["Stats"]["ObjectCount"] == 0
    assert running.search("_account", "u1") == []


def test_an_object_is_found_by_every_predefined_key(running: Running) -> None:
    """What an agent's screen does: search, then list what was offered."""
    text = stringified(recordId="r1", UserId="u1", email="Mary@Example.com", phone="+15551234567", offerName="Größe")
    key = running.put(text)["ProfileObjectUniqueKey"]

    for name, value in [("_account", "u1"), ("_email", "MARY@example.com"), ("_phone", "(555) 123-4567")]:
        (profile,) = running.search(name, value)
        assert profile["AccountNumber"] == "u1"
        assert profile["Attributes"] == {"offerName": "Größe", "journeyOfferRecordId": "r1"}
        assert profile["FoundByItems"] == [{"KeyName": name, "Values": [value]}]
        assert running.search("_profileId", profile["ProfileId"])[0]["ProfileId"] == profile["ProfileId"]

        listed = running.client.list_profile_objects(**NAMED, ProfileId=profile["ProfileId"])["Items"]
        assert listed == [{"ObjectTypeName": TYPE, "ProfileObjectUniqueKey": key, "Object": text}]


@pytest.mark.parametrize(("identifiers", "accounts"), [(["UNIQUE"], []), (["UNIQUE", "SECONDARY", "PROFILE"], ["u1"])])
def test_a_key_that_only_names_objects_finds_no_profile(
    running: Running, identifiers: list[str], accounts: list[str]
) -> None:
    """standard-identifiers: UNIQUE fetches or updates an object; no page has it find a profile (unverified)."""
    keys = {**KEYS, "journeyOfferRecordId": [{"StandardIdentifiers": identifiers, "FieldNames": ["recordId"]}]}
    running.client.put_profile_object_type(**NAMED, **definition(Keys=keys))
    running.put(stringified(recordId="r1", UserId="u1"))

    assert [found["AccountNumber"] for found in running.search("journeyOfferRecordId", "r1")] == accounts


@pytest.mark.parametrize(
    ("operator", "accounts"), [("AND", ["both"]), ("OR", ["both", "only-account"]), (None, ["both", "only-account"])]
)
def test_several_keys_are_joined_by_the_operator(running: Running, operator: str | None, accounts: list[str]) -> None:
    """OR, unless LogicalOperator is AND."""
    running.put(stringified(recordId="r1", UserId="both", email="a@example.com"))
    running.put(stringified(recordId="r2", UserId="only-account"))
    more = {"LogicalOperator": operator} if operator else {}

    found = running.search(
        "_account",
        "both",
        "only-account",
        AdditionalSearchKeys=[{"KeyName": "_email", "Values": ["a@example.com"]}],
        **more,
    )

    assert [profile["AccountNumber"] for profile in found] == accounts


def pages(call: Callable[..., dict[str, Any]], **request: Any) -> list[list[dict[str, Any]]]:
    """The items of every page of a listing."""
    found = [call(**request)]
    while "NextToken" in found[-1]:
        found.append(call(**request, NextToken=found[-1]["NextToken"]))
    return [page["Items"] for page in found]


def test_domains_come_in_pages(running: Running) -> None:
    """By name, each once, and no page beyond the last."""
    names = sorted([DOMAIN, "a", "b", "c"])
    for name in {*names} - {DOMAIN}:
        running.client.create_domain(DomainName=name, DefaultExpirationDays=1)

    listed = pages(running.client.list_domains, MaxResults=2)

    assert [[domain["DomainName"] for domain in page] for page in listed] == [names[:2], names[2:]]


def test_profiles_come_in_pages(running: Running) -> None:
    """Every profile once, in a stable order, and no page beyond the last."""
    users = [f"u{number}" for number in range(5)]
    for user in users:
        running.put(stringified(recordId=user, UserId=user))

    found = pages(running.client.search_profiles, DomainName=DOMAIN, KeyName="_account", Values=users, MaxResults=2)

    assert [[profile["AccountNumber"] for profile in page] for page in found] == [["u0", "u1"], ["u2", "u3"], ["u4"]]


def test_objects_come_in_pages_filtered_or_not(running: Running) -> None:
    """A customer may have more offers than a page holds."""
    for number in range(5):
        running.put(stringified(recordId=f"r{number}", UserId="u1", email=f"r{number}@example.com"))
    (profile,) = running.search("_account", "u1")
    request = {**NAMED, "ProfileId": profile["ProfileId"], "MaxResults": 2}
    listing = running.client.list_profile_objects

    assert [len(page) for page in pages(listing, **request)] == [2, 2, 1]
    (only,) = pages(listing, **request, ObjectFilter={"KeyName": "_email", "Values": ["r3@example.com"]})
    assert [json.loads(item["Object"])["recordId"] for item in only] == ["r3"]
    assert pages(listing, **request, ObjectFilter={"KeyName": "journeyOfferRecordId", "Values": ["r3"]}) == [[]]


def test_domains_and_types_come_in_pages(run: Callable[..., Running]) -> None:
    """Both listings go by name."""
    running = run(rates={})
    for name in ("A", "B", "C"):
        running.client.create_domain(DomainName=name, DefaultExpirationDays=1)
        running.client.put_profile_object_type(DomainName=DOMAIN, ObjectTypeName=name, **definition())

    assert [len(page) for page in pages(running.client.list_domains, MaxResults=3)] == [3, 1]
    listing = running.client.list_profile_object_types
    assert [len(page) for page in pages(listing, DomainName=DOMAIN, MaxResults=2)] == [2, 1]


def test_an_object_is_deleted(running: Running) -> None:
    """The doctor removes its canary with this."""
    key = running.put(stringified(recordId="r1", UserId="u1"))["ProfileObjectUniqueKey"]
    (profile,) = running.search("_account", "u1")
    request = {**NAMED, "ProfileId": profile["ProfileId"], "ProfileObjectUniqueKey": key}
    running.client.delete_profile_object(**request)

    assert running.client.list_profile_objects(**NAMED, ProfileId=profile["ProfileId"])["Items"] == []
    with pytest.raises(running.client.exceptions.ResourceNotFoundException):
        running.client.delete_profile_object(**request)


def test_a_batch_succeeds_and_fails_item_by_item(running: Running) -> None:
    """One bad record must not cost its neighbours."""
    items = [
        {"Id": "good", "Object": stringified(recordId="r1", UserId="u1")},
        {"Id": "bad", "Object": "[]"},
        {"Id": "fine", "Object": stringified(recordId="r2", UserId="u1")},
    ]

    answer = running.client.batch_put_profile_object(**NAMED, Items=items)

    assert [item["Id"] for item in answer["Successful"]] == ["good", "fine"]
    assert [(item["Id"], item["Code"]) for item in answer["Failed"]] == [("bad", 400)]


def test_an_object_without_a_profile_reaches_the_domains_queue(running: Running) -> None:
    """A 200 is no promise: this is where the rest of it goes."""
    running.client.update_domain(DomainName=DOMAIN, DeadLetterQueueUrl="http://queue")
    running.client.put_profile_object_type(**NAMED, **definition(AllowProfileCreation=False))

    running.put(stringified(recordId="r1", UserId="u1"))

    assert [(url, letter.reason) for url, letter in running.dead_letters.sent] == [
        ("http://queue", "No profile matches the object and its type does not allow profile creation")
    ]


def test_every_answer_fits_the_services_model(running: Running) -> None:
    """An SDK with typed results must be able to read each of them."""
    text = stringified(recordId="r1", UserId="u1", email="a@example.com")
    client = running.client
    answers = {
        "GetDomain": client.get_domain(DomainName=DOMAIN),
        "ListDomains": client.list_domains(),
        "GetProfileObjectType": client.get_profile_object_type(**NAMED),
        "ListProfileObjectTypes": client.list_profile_object_types(DomainName=DOMAIN),
        "PutProfileObject": running.put(text),
        "BatchPutProfileObject": client.batch_put_profile_object(**NAMED, Items=[{"Id": "a", "Object": text}]),
    }
    answers["SearchProfiles"] = client.search_profiles(DomainName=DOMAIN, KeyName="_account", Values=["u1"])
    profile_id = answers["SearchProfiles"]["Items"][0]["ProfileId"]
    answers["ListProfileObjects"] = client.list_profile_objects(**NAMED, ProfileId=profile_id)

    for name, answer in answers.items():
        output = operations()[name].output
        assert output is not None
        # boto3 has turned times into datetimes by now; what the model says of them is "a number".
        failures = [failure for failure in violations(output, answer) if "At'" not in failure]
        assert failures == [], name


def test_a_key_may_have_several_fields(running: Running) -> None:
    """All its values name it, in the order of its fields."""
    both = [{"StandardIdentifiers": [], "FieldNames": ["UserId", "email"]}]
    running.client.put_profile_object_type(**NAMED, **definition(Keys={**KEYS, "userAndMail": both}))
    running.put(stringified(recordId="r1", UserId="u1", email="a@example.com"))

    assert len(running.search("userAndMail", "u1", "A@example.com")) == 1
    assert running.search("userAndMail", "a@example.com", "u1") == []
    assert running.search("userAndMail", "u1") == []
