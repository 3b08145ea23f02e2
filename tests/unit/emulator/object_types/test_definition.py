"""The rules that an object type's definition must keep."""

from typing import Any

import pytest

from customer_profiles_emulator.object_types import parse_object_type
from customer_profiles_emulator.transport.errors import BadRequestError
from tests.customer_profiles_samples import FIELDS, KEYS, TYPE, definition

UNIQUE = {"StandardIdentifiers": ["UNIQUE"], "FieldNames": ["recordId"]}
PROFILE = {"StandardIdentifiers": ["PROFILE"], "FieldNames": ["UserId"]}
LOOKUP = {"StandardIdentifiers": ["PROFILE", "LOOKUP_ONLY"], "FieldNames": ["UserId"]}
NEW = {"StandardIdentifiers": ["PROFILE", "NEW_ONLY"], "FieldNames": ["UserId"]}


def test_the_pipelines_own_definition_is_accepted() -> None:
    """What the bootstrap registers must pass, or nothing runs locally."""
    parsed = parse_object_type(TYPE, definition(MaxProfileObjectCount=100))

    assert parsed.unique_key.name == "journeyOfferRecordId"
    assert [key.name for key in parsed.keys] == list(KEYS)
    assert parsed.max_objects == 100


def test_one_key_may_be_unique_and_profile() -> None:
    """The guide allows it, and the published sample does it."""
    both = {"StandardIdentifiers": ["PROFILE", "UNIQUE"], "FieldNames": ["UserId"]}

    assert parse_object_type(TYPE, definition(Keys={"_account": [both]})).unique_key.name == "_account"


@pytest.mark.parametrize(
    ("keys", "reason"),
    [
        ({}, "exactly one UNIQUE key, not 0"),
        ({"_account": [PROFILE]}, "exactly one UNIQUE key, not 0"),
        ({"a": [UNIQUE], "b": [UNIQUE], "_account": [PROFILE]}, "exactly one UNIQUE key, not 2"),
        ({"a": [UNIQUE, UNIQUE], "_account": [PROFILE]}, "exactly one UNIQUE key, not 2"),
        ({"a": [UNIQUE]}, "at least one PROFILE key"),
        ({"a": [UNIQUE], "b": [LOOKUP]}, "neither LOOKUP_ONLY nor NEW_ONLY where AllowProfileCreation"),
        ({"a": [UNIQUE], "b": [LOOKUP], "c": [NEW]}, "neither LOOKUP_ONLY nor NEW_ONLY where AllowProfileCreation"),
        (
            {"a": [UNIQUE], "b": [PROFILE, {"StandardIdentifiers": ["SECONDARY"], "FieldNames": ["email"]}]},
            "SECONDARY needs",
        ),
        (
            {"a": [UNIQUE], "b": [PROFILE, {"StandardIdentifiers": ["LOOKUP_ONLY"], "FieldNames": ["email"]}]},
            "need PROFILE",
        ),
        (
            {"a": [{"StandardIdentifiers": ["UNIQUE"], "FieldNames": ["nothing"]}]},
            "fields that are not defined: nothing",
        ),
        ({"a": [{"StandardIdentifiers": ["UNIQUE"], "FieldNames": []}]}, "FieldNames is empty"),
        ({"a": [{"StandardIdentifiers": ["UNIQUE"]}]}, "FieldNames is empty"),
        ({**KEYS, "_profileId": [PROFILE]}, "must be LOOKUP_ONLY"),
        ({"a": [UNIQUE], "b": [PROFILE], **{f"k{i}": [PROFILE] for i in range(9)}}, "at most 10 keys"),
    ],
)
def test_keys_that_break_a_rule_are_refused_with_the_rule(keys: dict[str, Any], reason: str) -> None:
    """The bootstrap shows this text to the operator who deploys."""
    with pytest.raises(BadRequestError, match=reason):
        parse_object_type(TYPE, definition(Keys=keys))


@pytest.mark.parametrize(
    ("field", "reason"),
    [
        ({}, "Source is missing"),
        ({"Source": "UserId"}, "Source must be _source.NAME"),
        ({"Source": "_source."}, "Source must be _source.NAME"),
        ({"Source": "_profile.X"}, "Source must be _source.NAME"),
        ({"Source": "{{#if _source.a}}x"}, "Source is not valid Handlebars: its #if is never closed"),
        ({"Source": "constant"}, "Source must be _source.NAME"),
        ({"Source": "_source.x", "Target": "_profile.Nothing"}, "names no field of _profile"),
        ({"Source": "_source.x", "Target": "_profile.Attributes."}, "names no field of _profile"),
        ({"Source": "_source.x", "Target": "_profile.Address"}, "names no field of _profile"),
        ({"Source": "_source.x", "Target": "AccountNumber"}, "Target must be _profile.NAME"),
        ({"Source": "_source.x", "Target": "_profile.ProfileId"}, "names no field of _profile"),
        ({"Source": "_source.x", "Target": "_profile.SourceLastUpdatedTimestamp"}, "TimestampFormat is missing"),
    ],
)
def test_a_field_that_breaks_a_rule_is_refused_with_the_rule(field: dict[str, str], reason: str) -> None:
    """A mapping that quietly maps nothing is the hardest mistake to find."""
    with pytest.raises(BadRequestError, match=reason):
        parse_object_type(TYPE, definition(Fields={**FIELDS, "x": field}))


@pytest.mark.parametrize(
    "field",
    [
        {"Source": "_source.a.b", "Target": "_profile.Address.PostalCode"},
        {"Source": "{{_source.first}} {{ _source.last }}", "Target": "_profile.FirstName", "ContentType": "NAME"},
        {"Source": "_source.x", "Target": "_profile.Attributes.any name"},
    ],
)
def test_every_documented_form_of_a_field_is_accepted(field: dict[str, str]) -> None:
    """Nested sources, interpolation, nested targets and attributes are all in the guide."""
    assert "x" in parse_object_type(TYPE, definition(Fields={**FIELDS, "x": field})).fields


def test_a_source_timestamp_with_its_format_is_accepted() -> None:
    """The pipeline may map when the engagement happened."""
    field = {"Source": "_source.at", "Target": "_profile.SourceLastUpdatedTimestamp"}
    changed = definition(Fields={**FIELDS, "at": field}, SourceLastUpdatedTimestampFormat="EpochMilli")

    assert "at" in parse_object_type(TYPE, changed).fields


def test_more_objects_than_a_profile_holds_are_refused() -> None:
    """A profile has room for a thousand."""
    with pytest.raises(BadRequestError, match="at most 1000"):
        parse_object_type(TYPE, definition(MaxProfileObjectCount=1001))
