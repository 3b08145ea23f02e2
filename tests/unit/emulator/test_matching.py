"""Which profile an object belongs to, which keys are kept, and which source's value a field keeps."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from customer_profiles_emulator.matching import keys_to_keep, match_profile, merged
from customer_profiles_emulator.object_types import (
    LOWEST_PRIORITY,
    KeyValue,
    ObjectType,
    key_values,
    parse_object_type,
)
from customer_profiles_emulator.standard_profile import MANUAL
from tests.customer_profiles_samples import FIELDS, KEYS, TYPE, definition

SAMPLE = parse_object_type(TYPE, definition())


def keys_of(**source: Any) -> list[KeyValue]:
    """The keys of an object of the sample type."""
    return key_values(SAMPLE.keys, source)


def match(found: Mapping[str, Sequence[str]], **source: Any) -> str | None:
    """The profile of an object, given the profiles that each key finds."""
    return match_profile(keys_of(**source), lambda name, _: found.get(name, []))


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
    keys = key_values(object_type.keys, {"recordId": "r", "UserId": "u", "email": "e"})

    kept = [key.key.name for key in keys_to_keep(keys, created=created)]

    assert ("_email" in kept) == created


def writer(priority: int | None) -> ObjectType:
    """The sample type with a source priority."""
    return parse_object_type(TYPE, definition(**({} if priority is None else {"SourcePriority": priority})))


@pytest.mark.parametrize(
    ("ours", "theirs", "wins"),
    [(1, 2, True), (2, 1, False), (2, 2, True), (None, 9, False), (9, None, True), (None, None, True)],
)
def test_the_higher_priority_keeps_a_field(ours: int | None, theirs: int | None, *, wins: bool) -> None:
    """1 is the highest; among equals the last one wins."""
    holder = LOWEST_PRIORITY if theirs is None else float(theirs)

    fields = merged({"FirstName": ("old", "Other")}, {"FirstName": "new"}, writer(ours), lambda _: holder)

    assert fields == {"FirstName": ("new", TYPE) if wins else ("old", "Other")}


def test_fields_that_nobody_wrote_and_own_fields_are_written() -> None:
    """Priority decides between sources only."""
    before = {"FirstName": ("old", TYPE), "LastName": ("kept", "Other")}

    fields = merged(before, {"FirstName": "new", "BirthDate": "1990"}, writer(None), lambda _: 1.0)

    assert fields == {"FirstName": ("new", TYPE), "LastName": ("kept", "Other"), "BirthDate": ("1990", TYPE)}


@pytest.mark.parametrize(("priority", "value"), [(None, "manual"), (7, "ingested")])
def test_a_manual_value_yields_only_to_a_type_with_a_priority(priority: int | None, value: str) -> None:
    """The guide's example: an agent's "John" stays unless SourcePriority ranks the type above manual updates."""
    fields = merged({"FirstName": ("manual", MANUAL)}, {"FirstName": "ingested"}, writer(priority), lambda _: 1.0)

    assert fields["FirstName"][0] == value
