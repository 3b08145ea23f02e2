"""An object finds its profile by its keys."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from customer_profiles_emulator.matching import KeyValue, index_value, key_values, keys_to_keep, match_profile
from customer_profiles_emulator.object_types import parse_object_type
from tests.customer_profiles_samples import FIELDS, KEYS, TYPE, definition

SAMPLE = parse_object_type(TYPE, definition())


def keys_of(**source: Any) -> list[KeyValue]:
    """The keys of an object of the sample type."""
    return key_values(SAMPLE, source)


def match(found: Mapping[str, Sequence[str]], **source: Any) -> str | None:
    """The profile of an object, given the profiles that each key finds."""
    return match_profile(keys_of(**source), lambda name, _: found.get(name, []))


@pytest.mark.parametrize(
    ("left", "right", "content_type", "equal"),
    [
        ("Mary@Example.com", "mary@example.COM", "EMAIL_ADDRESS", True),
        ("gruesse@x.de", "grüße@x.de", "EMAIL_ADDRESS", False),
        ("mary@example.com", "mary@example.com ", "EMAIL_ADDRESS", False),
        ("+15551234567", "(555)-123-4567", "PHONE_NUMBER", True),
        ("+4915112345678", "+49 151 12345678", "PHONE_NUMBER", True),
        ("+15551234567", "+15551234568", "PHONE_NUMBER", False),
        ("unknown", "withheld", "PHONE_NUMBER", False),
        ("Mary Major", "MARY MAJOR", "NAME", True),
        ("User1", "user1", "STRING", False),
        ("1", "1.0", "NUMBER", False),
    ],
)
def test_the_content_type_decides_what_is_equal(left: str, right: str, content_type: str, equal: bool) -> None:  # noqa: FBT001
    """The guide: e-mail in any case, phone numbers in any format; the rest exactly."""
    assert (index_value([left], [content_type]) == index_value([right], [content_type])) == equal


def test_values_of_several_fields_do_not_run_together() -> None:
    """("ab", "c") and ("a", "bc") are two customers."""
    types = ["STRING", "STRING"]

    assert index_value(["ab", "c"], types) != index_value(["a", "bc"], types)


def test_empty_keys_are_left_out() -> None:
    """An absent phone number must not match every other absent one."""
    assert [key.key.name for key in keys_of(recordId="r", UserId="u", email="", phone=None)] == [
        "journeyOfferRecordId",
        "_account",
    ]


def test_a_primary_key_is_tried_before_a_secondary_one() -> None:
    """Two people may share an e-mail address; the account number tells them apart."""
    assert match({"_account": ["by-account"], "_email": ["by-email"]}, UserId="u", email="e") == "by-account"


def test_the_profile_id_comes_before_any_other_key() -> None:
    """A Connect campaign names the profile: the object belongs to it, whatever else it says."""
    found = {"_account": ["by-account"], "_profileId": ["named"]}

    assert match(found, UserId="u", profileId="named") == "named"


def test_an_ambiguous_key_is_dropped_and_the_next_one_tried() -> None:
    """The guide: a match with more than one profile is rejected."""
    assert match({"_account": ["a", "b"], "_email": ["c"]}, UserId="u", email="e") == "c"


def test_no_unambiguous_key_matches_nothing() -> None:
    """Guessing between two customers would show one the other's offers."""
    assert match({"_account": ["a", "b"], "_email": []}, UserId="u", email="e") is None


def test_a_unique_key_alone_never_matches() -> None:
    """It names the object, not the customer."""
    assert match({"journeyOfferRecordId": ["p"]}, recordId="r") is None


def test_a_lookup_only_key_is_never_kept() -> None:
    """It may only find a profile, not become a way to find it."""
    assert "_profileId" not in [key.key.name for key in keys_to_keep(keys_of(UserId="u", profileId="p"), created=True)]


@pytest.mark.parametrize("created", [True, False])
def test_a_new_only_key_is_kept_only_when_the_object_made_its_profile(created: bool) -> None:  # noqa: FBT001
    """Later objects may match by it, but not add to it."""
    new_only = [{"StandardIdentifiers": ["PROFILE", "NEW_ONLY"], "FieldNames": ["email"]}]
    object_type = parse_object_type(TYPE, definition(Fields=FIELDS, Keys={**KEYS, "_email": new_only}))
    keys = key_values(object_type, {"recordId": "r", "UserId": "u", "email": "e"})

    kept = [key.key.name for key in keys_to_keep(keys, created=created)]

    assert ("_email" in kept) == created
