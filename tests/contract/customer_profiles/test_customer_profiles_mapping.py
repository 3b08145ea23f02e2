"""What ingested objects write to profiles, and by which values they find them, as AWS's guide documents it."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.contract.customer_profiles.conftest import Running
from tests.customer_profiles_samples import DOMAIN, FIELDS, KEYS, TYPE, definition, stringified


@pytest.fixture
def unhurried(run: Callable[..., Running]) -> Running:
    """An emulator without quotas; types are put more than once a second here."""
    return run(rates={})


def put_type(running: Running, name: str = TYPE, **changes: Any) -> None:
    """Put the sample type with some members changed."""
    running.client.put_profile_object_type(DomainName=DOMAIN, ObjectTypeName=name, **definition(**changes))


def put(running: Running, type_name: str, **members: Any) -> None:
    """Put an object into a type."""
    running.put(stringified(**members), ObjectTypeName=type_name)


def test_an_empty_value_is_absent(unhurried: Running) -> None:
    """object-type-mapping-troubleshooting, "Empty source values": no refusal, and nothing is blanked out."""
    put_type(unhurried)
    put(unhurried, TYPE, recordId="r1", UserId="u", email="a@example.com", offerName="first")
    put(unhurried, TYPE, recordId="r2", UserId="u", email="", offerName="")

    (profile,) = unhurried.search("_account", "u")

    assert profile["EmailAddress"] == "a@example.com"
    assert profile["Attributes"]["offerName"] == "first"


@pytest.mark.parametrize(
    ("source", "value"),
    [
        (
            "{{#removeExtraSpace}}{{_source.first}} {{_source.middle}} {{_source.last}}{{/removeExtraSpace}}",
            "Mary Major",
        ),
        ("{{#if _source.middle}}{{_source.middle}}{{else}}none{{/if}}", "none"),
        ("{{#unless _source.optOut}}in{{/unless}}", "in"),
        ("{{#each _source.items}}{{sku}}{{#unless @last}},{{/unless}}{{/each}}", "A,B"),
        ("{{#with _source.address}}{{City}}/{{_source.last}}{{/with}}", "Ulm/Major"),
        ("{{_source.last}}, {{_source.first}}", "Major, Mary"),
        ("_source.items[1].sku", "B"),
    ],
)
def test_a_handlebars_source_is_rendered(unhurried: Running, source: str, value: str) -> None:
    """mapping-field-definitions, "Supported expressions"."""
    put_type(unhurried, Fields={**FIELDS, "x": {"Source": source, "Target": "_profile.Attributes.x"}})
    person = {"first": "Mary", "middle": "", "last": "Major", "address": {"City": "Ulm"}, "optOut": False}
    put(unhurried, TYPE, recordId="r", UserId="u", items=[{"sku": "A"}, {"sku": "B"}], **person)

    assert unhurried.search("_account", "u")[0]["Attributes"]["x"] == value


@pytest.mark.parametrize(
    ("priorities", "wins"),
    [((1, 2), "First"), ((2, 1), "Second"), ((None, 5), "Second"), ((5, None), "First"), ((None, None), "Second")],
)
def test_the_source_priority_decides_who_writes_a_field(
    unhurried: Running, priorities: tuple[int | None, int | None], wins: str
) -> None:
    """profile-matching, "Merging behavior and source priority": 1 is the highest, none is the lowest."""
    for name, priority in zip(("First", "Second"), priorities, strict=True):
        put_type(unhurried, name, **({} if priority is None else {"SourcePriority": priority}))
    put(unhurried, "First", recordId="r1", UserId="u", offerName="First", email="first@example.com")
    put(unhurried, "Second", recordId="r2", UserId="u", offerName="Second", phone="+15551234567")

    (profile,) = unhurried.search("_account", "u")

    assert profile["Attributes"]["offerName"] == wins
    # What only one of them has, it writes, whatever its priority.
    assert (profile["EmailAddress"], profile["PhoneNumber"]) == ("first@example.com", "+15551234567")


def test_a_type_overwrites_its_own_values(unhurried: Running) -> None:
    """profile-matching: priority ranks types, not an object against an older one of its type."""
    put_type(unhurried, SourcePriority=3)
    put(unhurried, TYPE, recordId="r1", UserId="u", offerName="old")
    put(unhurried, TYPE, recordId="r2", UserId="u", offerName="new")

    assert unhurried.search("_account", "u")[0]["Attributes"]["offerName"] == "new"


def without_targets() -> dict[str, dict[str, str]]:
    """The sample's fields, e-mail and phone without a target."""
    kept = {name: dict(field) for name, field in FIELDS.items()}
    for name in ("email", "phone"):
        del kept[name]["Target"]
    return kept


def test_an_inferred_profile_gets_its_contact_data_by_content_type(unhurried: Running) -> None:
    """profile-matching, "What gets populated on an inferred profile": even when the field defines no Target."""
    put_type(unhurried, Fields=without_targets())
    put(unhurried, TYPE, recordId="r1", UserId="u", email="a@example.com", phone="+15551234567")

    (profile,) = unhurried.search("_account", "u")

    assert (profile["EmailAddress"], profile["PhoneNumber"]) == ("a@example.com", "+15551234567")


def test_a_content_type_writes_nothing_to_a_profile_that_exists(unhurried: Running) -> None:
    """profile-matching, the note on inferred profiles: only fields with a Target update it."""
    put_type(unhurried, Fields=without_targets())
    put(unhurried, TYPE, recordId="r1", UserId="u")
    put(unhurried, TYPE, recordId="r2", UserId="u", email="a@example.com")

    assert "EmailAddress" not in unhurried.search("_account", "u")[0]


def test_a_target_goes_before_a_content_type(unhurried: Running) -> None:
    """profile-matching: fields that define a Target are populated as usual."""
    work = {"Source": "_source.work", "ContentType": "EMAIL_ADDRESS"}
    put_type(unhurried, Fields={"work": work, **FIELDS})
    put(unhurried, TYPE, recordId="r", UserId="u", work="work@example.com", email="home@example.com")

    assert unhurried.search("_account", "u")[0]["EmailAddress"] == "home@example.com"


@pytest.mark.parametrize("searched", ["john smith", "JOHN  SMITH", "John   Smith"])
def test_a_name_matches_in_any_case_and_with_any_blanks(unhurried: Running, searched: str) -> None:
    """examples-object-type-mappings, example 2: NAME is case-insensitive and collapses repeated spaces."""
    full_name = {"Source": "_source.fullName", "ContentType": "NAME"}
    put_type(
        unhurried, Fields={**FIELDS, "fullName": full_name}, Keys={**KEYS, "_fullName": [{"FieldNames": ["fullName"]}]}
    )
    put(unhurried, TYPE, recordId="r", UserId="u", fullName="John  SMITH")

    assert len(unhurried.search("_fullName", searched)) == 1


def test_a_field_of_another_standard_object_leaves_the_profile_alone(unhurried: Running) -> None:
    """standard-objects: its value belongs to that object; the object itself is kept whole."""
    serial = {"Source": "_source.serial", "Target": "_asset.SerialNumber"}
    asset = [{"StandardIdentifiers": ["ASSET"], "FieldNames": ["serial"]}]
    put_type(unhurried, Fields={**FIELDS, "serial": serial}, Keys={**KEYS, "productSerialNumber": asset})
    put(unhurried, TYPE, recordId="r", UserId="u", serial="SN-1")

    (profile,) = unhurried.search("productSerialNumber", "SN-1")
    (kept,) = unhurried.client.list_profile_objects(
        DomainName=DOMAIN, ObjectTypeName=TYPE, ProfileId=profile["ProfileId"]
    )["Items"]

    assert "SerialNumber" not in profile
    assert json.loads(kept["Object"])["serial"] == "SN-1"
