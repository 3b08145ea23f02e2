"""The rules of object types that AWS's guide documents: what it refuses is refused, what it allows is accepted."""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.contract.customer_profiles.conftest import Running
from tests.customer_profiles_samples import DOMAIN, FIELDS, KEYS, TYPE, definition, stringified

UNIQUE = {"StandardIdentifiers": ["UNIQUE"], "FieldNames": ["recordId"]}
PROFILE = {"StandardIdentifiers": ["PROFILE"], "FieldNames": ["UserId"]}
OWN_KEYS = {"offerId": [UNIQUE], "customerId": [PROFILE]}


def entry(*identifiers: str, field: str = "email") -> dict[str, list[str]]:
    """A key's entry on one field."""
    return {"StandardIdentifiers": list(identifiers), "FieldNames": [field]}


@pytest.fixture
def unhurried(run: Callable[..., Running]) -> Running:
    """An emulator without quotas; types are put more than once a second here."""
    return run(rates={})


def put_type(running: Running, name: str = TYPE, **changes: Any) -> None:
    """Put the sample type with some members changed."""
    running.client.put_profile_object_type(DomainName=DOMAIN, ObjectTypeName=name, **definition(**changes))


def refusal(call: Callable[..., Any], *arguments: Any, **members: Any) -> str:
    """The message of the 400 that a call is refused with."""
    with pytest.raises(ClientError) as caught:
        call(*arguments, **members)
    answer = caught.value.response
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 400, answer
    return str(answer["Error"]["Message"])


@pytest.mark.parametrize("name", ["_recordId", "_account2", "_Email", "_"])
def test_an_underscore_name_that_is_not_predefined_is_no_key(unhurried: Running, name: str) -> None:
    """mapping-key-definitions: underscore-prefixed names must already be domain keys, as _recordId is not."""
    message = refusal(put_type, unhurried, Keys={**KEYS, name: [entry()]})

    assert message.startswith(f"Key {name}: names that begin with an underscore are those of predefined keys")


@pytest.mark.parametrize("name", ["_account", "_fullName", "_ctrContactId", "_serialNumber", "_loyaltyMembershipId"])
def test_a_predefined_key_may_be_used(unhurried: Running, name: str) -> None:
    """API SearchProfiles and the index tables of the standard objects' pages (standard-asset-definition, ...)."""
    put_type(unhurried, Keys={**OWN_KEYS, name: [entry()]})


@pytest.mark.parametrize(
    ("name", "reason"), [("1st", "starts with a letter"), ("-a", "starts with a letter"), ("Tags", "reserved")]
)
def test_a_keys_name_starts_with_a_letter_and_is_not_reserved(unhurried: Running, name: str, reason: str) -> None:
    """mapping-key-definitions, "Key naming and structural rules"."""
    assert reason in refusal(put_type, unhurried, Keys={**OWN_KEYS, name: [entry()]})


@pytest.mark.parametrize(
    ("name", "reason"),
    [("1st", "starts with a letter"), (".a", "starts with a letter"), ("_a", "letter"), ("tags", "reserved")],
)
def test_a_fields_name_starts_with_a_letter_and_is_not_reserved(unhurried: Running, name: str, reason: str) -> None:
    """mapping-field-definitions, "Field naming and structural rules"."""
    assert reason in refusal(put_type, unhurried, Fields={**FIELDS, name: {"Source": "_source.a"}})


def test_an_object_type_has_at_most_250_fields(unhurried: Running) -> None:
    """mapping-field-definitions; the last that fits is accepted."""
    more = {f"f{number}": {"Source": "_source.a"} for number in range(250 - len(FIELDS))}
    put_type(unhurried, Fields={**FIELDS, **more})

    message = refusal(put_type, unhurried, Fields={**FIELDS, **more, "last": {"Source": "_source.a"}})

    assert message == "An object type has at most 250 fields, not 251"


@pytest.mark.parametrize("pair", [("Gender", "GenderString"), ("PartyType", "PartyTypeString")])
def test_targets_that_exclude_each_other_are_refused_together_only(unhurried: Running, pair: tuple[str, str]) -> None:
    """mapping-field-definitions, "Targets that are not allowed"."""
    both = {name: {"Source": "_source.a", "Target": f"_profile.{name}"} for name in pair}
    for name, field in both.items():
        put_type(unhurried, Fields={**FIELDS, name: field})

    assert "choose one" in refusal(put_type, unhurried, Fields={**FIELDS, **both})


@pytest.mark.parametrize(
    "target",
    [
        "_profile.ProfileId",
        "_profile.ImportIds",
        "_profile.FoundByItems[]",
        "_profile.BusinessEmail",
        "_asset.AssetId",
        "_asset.Colour",
        "_asset.Attributes",
        "_airBooking.Price.Total",
        "_communicationRecord.CommunicationRecordId",
        "_hotelPreference.PreferenceId",
        "_loyalty.",
        "_unknown.Name",
        "_asset",
    ],
)
def test_a_target_that_no_mapping_may_write_is_refused(unhurried: Running, target: str) -> None:
    """mapping-field-definitions and examples-object-type-mappings: a real field, and no system-managed id."""
    keys = {**OWN_KEYS, "everything": [entry("ASSET", "AIR_BOOKING", "LOYALTY", "HOTEL_PREFERENCE")]}

    assert "Target" in refusal(
        put_type, unhurried, Fields={**FIELDS, "x": {"Source": "_source.x", "Target": target}}, Keys=keys
    )


@pytest.mark.parametrize(
    ("target", "identifier"),
    [
        ("_asset.SerialNumber", "ASSET"),
        ("_case.Title", "CASE"),
        ("_order.ShippingAddress.City", "ORDER"),
        ("_order.OrderItems[].Title", "ORDER"),
        ("_airPreference.Seat.Location", "AIR_PREFERENCE"),
        ("_hotelPreference.Smoking", "HOTEL_PREFERENCE"),
        ("_airBooking.Price.TotalPrice", "AIR_BOOKING"),
        ("_airSegment.Origin", "AIR_SEGMENT"),
        ("_hotelReservation.Room.Number", "HOTEL_RESERVATION"),
        ("_hotelStayRevenue.Amount", "HOTEL_STAY_REVENUE"),
        ("_loyalty.Points.Balance", "LOYALTY"),
        ("_loyaltyTransaction.Amount", "LOYALTY_TRANSACTION"),
        ("_loyaltyPromotion.Usage.UsageTarget", "LOYALTY_PROMOTION"),
        ("_device.Model", "DEVICE"),
        ("_webAnalytics.Page.Title", "WEB_ANALYTICS"),
        ("_asset.SourceLastUpdatedTimestamp", "ASSET"),
    ],
)
def test_a_targeted_standard_object_needs_its_identifier_on_a_key(
    unhurried: Running, target: str, identifier: str
) -> None:
    """standard-identifiers, "Combination rules", with the targets of mapping-field-definitions."""
    fields = {**FIELDS, "x": {"Source": "_source.x", "Target": target}}
    put_type(unhurried, Fields=fields, Keys={**OWN_KEYS, "thing": [entry(identifier, field="x")]})

    assert identifier in refusal(put_type, unhurried, Fields=fields, Keys=OWN_KEYS)


def test_a_communication_record_needs_no_key(unhurried: Running) -> None:
    """standard-objects: its table names no identifier."""
    target = "_communicationRecord.Events.EmailOpen.Attributes.Subject"

    put_type(unhurried, Fields={**FIELDS, "x": {"Source": "_source.x", "Target": target}})


@pytest.mark.parametrize(
    ("identifiers", "reason"),
    [
        (["PROFILE", "UNIQUE", "LOOKUP_ONLY"], "UNIQUE cannot be combined"),
        (["UNIQUE", "NEW_ONLY"], "UNIQUE cannot be combined"),
        (["SECONDARY"], "SECONDARY needs PROFILE"),
        (["SECONDARY", "ASSET"], "SECONDARY needs PROFILE"),
    ],
)
def test_wrongly_combined_identifiers_are_refused(unhurried: Running, identifiers: list[str], reason: str) -> None:
    """standard-identifiers, "Combination rules" and the reference of each identifier."""
    unique = {} if "UNIQUE" in identifiers else {"offerId": [UNIQUE]}
    keys = {**unique, "customerId": [PROFILE], "wrong": [entry(*identifiers)]}

    assert reason in refusal(put_type, unhurried, Keys=keys)


@pytest.mark.parametrize("name", ["_profileId", "_orderId", "_caseId", "_assetId"])
def test_a_reserved_key_must_be_lookup_only(unhurried: Running, name: str) -> None:
    """standard-identifiers, "Combination rules"."""
    identifier = {"_orderId": "ORDER", "_caseId": "CASE", "_assetId": "ASSET"}.get(name, "PROFILE")
    put_type(unhurried, Keys={**OWN_KEYS, name: [entry(identifier, "LOOKUP_ONLY")]})

    assert "must be LOOKUP_ONLY" in refusal(put_type, unhurried, Keys={**OWN_KEYS, name: [entry(identifier)]})


@pytest.mark.parametrize("modifier", ["LOOKUP_ONLY", "NEW_ONLY"])
def test_a_durable_profile_key_is_needed_only_where_profiles_are_created(unhurried: Running, modifier: str) -> None:
    """examples-object-type-mappings, "Before you submit": waived when AllowProfileCreation is false."""
    keys = {"offerId": [UNIQUE], "customerId": [entry("PROFILE", modifier)]}
    put_type(unhurried, Keys=keys, AllowProfileCreation=False)

    assert "neither LOOKUP_ONLY nor NEW_ONLY" in refusal(put_type, unhurried, Keys=keys, AllowProfileCreation=True)


def test_the_profile_id_may_be_the_only_profile_key(unhurried: Running) -> None:
    """standard-identifiers: the _profileId key is exempt from the need of a durable one."""
    put_type(unhurried, Keys={"offerId": [UNIQUE], "_profileId": [entry("PROFILE", "LOOKUP_ONLY", field="profileId")]})


def test_a_key_name_has_the_same_content_types_in_the_whole_domain(unhurried: Running) -> None:
    """mapping-key-definitions and update-and-validate-mapping, "Key consistency"."""
    put_type(unhurried, "First", Keys={**OWN_KEYS, "contact": [entry(field="email")]})
    put_type(unhurried, "Second", Keys={**OWN_KEYS, "contact": [entry(field="email")]})
    with_phone = {**OWN_KEYS, "contact": [entry(field="phone")]}

    for name in ("Third", "Second"):
        message = refusal(put_type, unhurried, name, Keys=with_phone)
        assert message.startswith("Key contact exists in the domain with fields of content type EMAIL_ADDRESS")
    within = {**OWN_KEYS, "other": [entry(field="email"), entry(field="phone")]}
    assert "Key other" in refusal(put_type, unhurried, "Third", Keys=within)


def test_a_key_that_no_type_references_any_more_is_free_again(unhurried: Running) -> None:
    """update-and-validate-mapping, "Unused keys"."""
    put_type(unhurried, Keys={**OWN_KEYS, "contact": [entry(field="email")]})
    put_type(unhurried, Keys=OWN_KEYS)

    put_type(unhurried, Keys={**OWN_KEYS, "contact": [entry(field="phone")]})


@pytest.mark.parametrize("name", ["_profile", "_asset", "_mine"])
def test_no_type_may_be_named_as_a_standard_object(unhurried: Running, name: str) -> None:
    """standard-objects: names that begin with an underscore are the service's."""
    assert "names that begin with an underscore" in refusal(put_type, unhurried, name)


@pytest.mark.parametrize("name", ["_profile", "_asset", "_order", "_webAnalytics"])
def test_nothing_is_put_into_a_standard_object(unhurried: Running, name: str) -> None:
    """object-type-mapping-troubleshooting, "Standard object type rejected at ingestion"."""
    put = unhurried.client.put_profile_object

    message = refusal(put, DomainName=DOMAIN, ObjectTypeName=name, Object=stringified(recordId="r"))

    assert "is a standard object" in message


@pytest.mark.parametrize("text", ["EpochMilli", "yyyy-MM-dd'T'HH:mm:ss.SSSXXX", "EEE, d MMM yyyy", "yyyyMMdd''HH"])
def test_a_timestamp_format_of_the_service_is_accepted(unhurried: Running, text: str) -> None:
    """mapping-field-definitions: the literal EpochMilli or a SimpleDateFormat pattern, whether needed or not."""
    put_type(unhurried, SourceLastUpdatedTimestampFormat=text)


@pytest.mark.parametrize("text", ["epochmilli", "ISO8601", "yyyy-MM-ddTHH:mm", "yyyy'T", "XXXX", "%b %d"])
def test_another_timestamp_format_is_refused(unhurried: Running, text: str) -> None:
    """mapping-field-definitions; Java throws for a letter that it does not know."""
    assert "SimpleDateFormat" in refusal(put_type, unhurried, SourceLastUpdatedTimestampFormat=text)


def test_a_timestamp_must_follow_its_format(unhurried: Running) -> None:
    """object-type-mapping-troubleshooting, "Object rejected as invalid"."""
    at = {"Source": "_source.at", "Target": "_profile.SourceLastUpdatedTimestamp"}
    put_type(unhurried, Fields={**FIELDS, "at": at}, SourceLastUpdatedTimestampFormat="yyyy-MM-dd HH:mm")
    unhurried.put(stringified(recordId="r", UserId="u", at="2026-11-25 14:00"))
    unhurried.put(stringified(recordId="r", UserId="u", at=""))

    message = refusal(unhurried.put, stringified(recordId="r", UserId="u", at="yesterday"))

    assert message == "Field at does not follow SourceLastUpdatedTimestampFormat"


@pytest.mark.parametrize(
    "source",
    [
        "_source.a.b",
        "_source.items[0].name",
        "{{_source.first}} {{_source.last}}",
        "{{#if _source.a}}x{{else if _source.b}}y{{else}}z{{/if}}",
        "{{#unless _source.a}}x{{/unless}}",
        "{{#each _source.items}}{{this.name}}{{/each}}",
        "{{#with _source.address}}{{City}}{{/with}}",
        "{{#removeExtraSpace}}{{_source.first}} {{_source.last}}{{/removeExtraSpace}}",
    ],
)
def test_every_documented_form_of_a_source_is_accepted(unhurried: Running, source: str) -> None:
    """mapping-field-definitions, "Supported expressions"."""
    put_type(unhurried, Fields={**FIELDS, "x": {"Source": source}})


@pytest.mark.parametrize(
    "source", ["{{#if _source.a}}x", "{{_source.a", "{{/if}}", "{{#loop _source.a}}{{/loop}}", "{{name}}", "name"]
)
def test_a_source_that_is_no_valid_expression_is_refused(unhurried: Running, source: str) -> None:
    """mapping-field-definitions: rejected when the object type is created; only `_source` is supported."""
    assert "Field x: Source" in refusal(put_type, unhurried, Fields={**FIELDS, "x": {"Source": source}})
