import json
import re
from dataclasses import replace

import pytest

from bootstrap.object_type import FIELDS, KEYS, Definition, Field, Key, definition, differences
from bootstrap.properties import ObjectTypeId, Properties
from tests.samples import engagement_record
from writer.profile_object import profile_object

PROPERTIES = Properties(
    ObjectTypeId("AnyCompanyDomain", "Offers"), expiration_days=1000, max_object_count=100, delete_with_stack=False
)
WANTED = definition(PROPERTIES)


def test_the_record_id_alone_is_unique() -> None:
    """A UNIQUE key of the customer's id would keep one offer for each customer."""
    unique = {name: keys for name, keys in KEYS.items() if any("UNIQUE" in key.identifiers for key in keys)}
    assert unique == {"journeyOfferRecordId": (Key(("recordId",), frozenset({"UNIQUE"})),)}


PREDEFINED = {"_account", "_email", "_phone", "_fullName", "_profileId"}
"""Of those that the API reference of SearchProfiles lists."""


def test_a_key_of_our_own_has_a_name_of_our_own() -> None:
    """A name with an underscore in front must be one of the service's, or the whole type is refused."""
    assert [name for name in KEYS if name not in PREDEFINED and not re.fullmatch(r"[a-zA-Z][a-zA-Z0-9_-]*", name)] == []
    assert [name for name in KEYS if name not in PREDEFINED and not name.startswith("journeyOffer")] == []


def test_every_field_of_a_key_goes_onto_the_profile() -> None:
    """A project that tried the service found that it asks for a target, in spite of the guide."""
    named = {field for keys in KEYS.values() for key in keys for field in key.fields}
    assert [name for name in named if FIELDS[name].target is None] == []


def test_the_account_is_tried_before_email_and_phone() -> None:
    """Families share addresses; account numbers are one person's."""
    identifiers = {name: set(keys[0].identifiers) for name, keys in KEYS.items()}
    assert identifiers["_account"] == {"PROFILE"}
    assert identifiers["_email"] == identifiers["_phone"] == {"PROFILE", "SECONDARY"}


def test_a_profile_id_is_looked_up_and_never_stored() -> None:
    """Storing Customer Profiles' own id as a search key would outlive a merge of profiles."""
    assert KEYS["_profileId"] == (Key(("profileId",), frozenset({"PROFILE", "LOOKUP_ONLY"})),)


def test_a_profile_gets_what_identifies_the_customer_and_the_last_offer() -> None:
    """Agents' screens show these fields without knowing this project; the two ids are there for their keys."""
    targets = {name: field.target for name, field in FIELDS.items() if field.target is not None}
    assert targets == {
        "UserId": "_profile.AccountNumber",
        "email": "_profile.EmailAddress",
        "phone": "_profile.PhoneNumber",
        "offerName": "_profile.Attributes.offerName",
        "offerViewed": "_profile.Attributes.offerViewed",
        "recordId": "_profile.Attributes.journeyOfferRecordId",
        "profileId": "_profile.Attributes.journeyOfferProfileId",
    }


def test_addresses_are_matched_as_what_they_are() -> None:
    """Only these content types match an address regardless of its case or separators."""
    types = {name: field.content_type for name, field in FIELDS.items() if field.content_type != "STRING"}
    assert types == {"email": "EMAIL_ADDRESS", "phone": "PHONE_NUMBER"}


def test_every_scalar_of_the_written_object_is_a_field() -> None:
    """What the writer writes and the type does not declare could not be used by segments."""
    record = engagement_record()
    members = set(json.loads(profile_object(record))) - {"endpoint"}
    assert members <= set(FIELDS)
    assert {field.source for field in FIELDS.values()} == {f"_source.{name}" for name in FIELDS}


def test_the_definition_follows_the_properties() -> None:
    """Retention and the number of offers kept are the operator's to choose."""
    assert (WANTED.expiration_days, WANTED.max_object_count) == (1000, 100)
    assert (WANTED.description, WANTED.allow_profile_creation) == ("Marketing Managed Offers", True)


def test_everything_differs_from_nothing() -> None:
    """A type that is not there must be created."""
    assert differences(None, WANTED) == ("everything",)


def test_nothing_differs_from_itself() -> None:
    """A repeated deployment must put nothing."""
    assert differences(definition(PROPERTIES), WANTED) == ()


def test_fields_that_the_service_added_make_no_difference() -> None:
    """Else every deployment would put the type again."""
    current = replace(WANTED, fields={**FIELDS, "_internal": Field("_source._internal")})
    assert differences(current, WANTED) == ()


SAMPLE_KEYS = {
    "_account": (Key(("UserId",), frozenset({"PROFILE", "UNIQUE"})),),
    **{n: KEYS[n] for n in ("_email", "_phone", "_profileId")},
}


@pytest.mark.parametrize(
    ("current", "changed"),
    [
        (replace(WANTED, description="Offers"), ("description",)),
        (replace(WANTED, expiration_days=None), ("expiration_days",)),
        (replace(WANTED, max_object_count=50), ("max_object_count",)),
        (replace(WANTED, allow_profile_creation=False), ("allow_profile_creation",)),
        (
            replace(WANTED, fields={**FIELDS, "email": Field("_source.mail", "_profile.EmailAddress")}),
            ("field email",),
        ),
        (
            replace(WANTED, fields={name: field for name, field in FIELDS.items() if name != "recordId"}),
            ("field recordId",),
        ),
        (replace(WANTED, keys=SAMPLE_KEYS), ("key _account", "key journeyOfferRecordId")),
        (
            replace(WANTED, keys={**KEYS, "_fullName": (Key(("offerName",), frozenset({"PROFILE"})),)}),
            ("key _fullName",),
        ),
    ],
)
def test_what_differs_is_named(current: Definition, changed: tuple[str, ...]) -> None:
    """The log line of a deployment says what it changed; the published sample's own type is changed in place."""
    assert differences(current, WANTED) == changed


FOREIGN = Field("_source.consent", "_profile.Attributes.consent", others={"Masked": True})
LOYALTY = Key(("consent",), frozenset({"PROFILE", "SECONDARY"}), {"Weight": 1})


def test_what_others_gave_the_type_is_kept() -> None:
    """A put replaces the whole type: what is left out is lost, and segments may be built on it."""
    current = replace(
        WANTED,
        expiration_days=30,
        fields={**FIELDS, "consent": FOREIGN, "email": Field("_source.mail", others={"Masked": True})},
        keys={**KEYS, "loyalty": (LOYALTY,)},
        tags={"cost-centre": "42"},
        others={"EncryptionKey": "key-1", "SourcePriority": 3, "TemplateId": "t", "NotYetInvented": [1]},
    )
    kept = WANTED.keeping(current, {"stack": "s"})
    assert kept.fields["consent"] == FOREIGN
    assert kept.fields["email"] == replace(FIELDS["email"], others={"Masked": True})
    assert kept.keys == current.keys
    assert kept.tags == {"cost-centre": "42", "stack": "s"}
    assert kept.others == current.others
    assert kept.expiration_days == 1000


def test_nothing_else_is_there_to_keep_of_a_type_that_is_not() -> None:
    """A new type is ours alone."""
    assert WANTED.keeping(None) == WANTED
    assert WANTED.keeping(None, {"stack": "s"}) == replace(WANTED, tags={"stack": "s"})


def test_another_unique_key_makes_room_for_ours() -> None:
    """A type has one; what else the key was for, it stays."""
    current = replace(
        WANTED,
        keys={
            **SAMPLE_KEYS,
            "_recordId": (Key(("recordId",), frozenset({"UNIQUE"})),),
            "loyalty": (Key(("consent",), frozenset({"UNIQUE", "PROFILE"})), LOYALTY),
        },
    )
    assert WANTED.keeping(current).keys == {
        **KEYS,
        "loyalty": (Key(("consent",), frozenset({"PROFILE"})), LOYALTY),
    }
    assert differences(current, WANTED.keeping(current)) == (
        "key _account",
        "key _recordId",
        "key journeyOfferRecordId",
        "key loyalty",
    )
