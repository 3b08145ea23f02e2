"""What the API writes to a profile, and the keys that its fields give it."""

from typing import Any

import pytest

from customer_profiles_emulator.object_types import index_value
from customer_profiles_emulator.service_model import operations
from customer_profiles_emulator.standard_profile import (
    MANUAL,
    changed,
    described,
    index_keys,
    manual_updates,
)

CREATE = operations()["CreateProfile"].input


@pytest.mark.parametrize(
    ("request_members", "written"),
    [
        ({"DomainName": "D", "ProfileId": "p"}, {}),
        ({"FirstName": "Mary", "Unknown": "x"}, {"FirstName": "Mary"}),
        ({"FirstName": None, "Address": {"City": None, "State": "WA"}}, {"Address.State": "WA"}),
        ({"Address": {"City": "Ulm", "Unknown": "x"}}, {"Address.City": "Ulm"}),
        ({"Attributes": {"a.b": "1", "c": ""}}, {"Attributes.a.b": "1", "Attributes.c": ""}),
        ({"EngagementPreferences": {}}, {"EngagementPreferences": ""}),
    ],
)
def test_a_request_is_read_by_the_model(request_members: dict[str, Any], written: dict[str, str]) -> None:
    """What newer clients send and the model does not know is ignored; null is as good as absent."""
    assert manual_updates(CREATE, request_members) == written


def test_what_is_written_is_manual_and_what_is_emptied_is_gone() -> None:
    """Whatever wrote it before."""
    before = {"FirstName": ("Mary", "T"), "LastName": ("Major", "T"), "Gender": ("FEMALE", MANUAL)}

    fields = changed(before, {"FirstName": "Mary", "Gender": "", "MiddleName": ""})

    assert fields == {"FirstName": ("Mary", MANUAL), "LastName": ("Major", "T")}


def test_preferences_survive_the_way_into_the_store_and_back() -> None:
    """They are the one member of a profile that holds lists."""
    preferences = {"Phone": [{"KeyName": "_phone", "KeyValue": "1"}]}
    fields = changed({}, manual_updates(CREATE, {"EngagementPreferences": preferences}))

    assert described("p", fields) == {"ProfileId": "p", "EngagementPreferences": preferences}


@pytest.mark.parametrize(
    ("names", "indexed"),
    [
        ({}, []),
        ({"LastName": "Major"}, ["Major"]),
        ({"FirstName": "Mary", "LastName": "Major"}, ["Mary Major"]),
        ({"FirstName": "Mary", "MiddleName": "Q", "LastName": "Major"}, ["Mary Q Major"]),
    ],
)
def test_a_full_name_is_made_of_the_parts_that_there_are(names: dict[str, str], indexed: list[str]) -> None:
    """Guide, standard-profile-definition: "FirstName MiddleName LastName"; no space stands for a missing part."""
    keys = index_keys("p", {path: (value, MANUAL) for path, value in names.items()})

    expected = {index_value([name], [content]) for name in indexed for content in ("NAME", "STRING")}
    assert {value for key, value in keys if key == "_fullName"} == expected


def test_an_empty_profile_is_found_by_its_id_alone() -> None:
    """Nothing must match it by an absent number."""
    assert index_keys("p", {}) == {("_profileId", index_value(["p"], ["STRING"]))}


def test_stored_paths_become_the_models_profile() -> None:
    """Attributes and addresses are nested, the source's timestamp is not part of a profile."""
    stored = {"AccountNumber": "u", "Attributes.a.b": "1", "Address.City": "Ulm", "SourceLastUpdatedTimestamp": "1"}

    document = described("p", {path: (value, "T") for path, value in stored.items()})

    assert document == {"ProfileId": "p", "AccountNumber": "u", "Attributes": {"a.b": "1"}, "Address": {"City": "Ulm"}}
