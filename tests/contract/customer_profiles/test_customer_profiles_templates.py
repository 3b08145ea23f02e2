"""Object types that a template of the service defines, by TemplateId or by their name alone."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.contract.customer_profiles.conftest import Running
from tests.customer_profiles_samples import DOMAIN, FIELDS, KEYS

CTR = {"DomainName": DOMAIN, "ObjectTypeName": "CTR"}


def contact(contact_id: str, phone: str = "+15551234567") -> str:
    """A contact record, as far as the templates read it."""
    return json.dumps({"ContactId": contact_id, "CustomerEndpoint": {"Address": phone, "Type": "TELEPHONE_NUMBER"}})


def refusal(running: Running, **members: Any) -> str:
    """The message that PutProfileObjectType is refused with."""
    running.clock.advance(1)
    with pytest.raises(ClientError) as caught:
        running.client.put_profile_object_type(DomainName=DOMAIN, ObjectTypeName="T", Description="d", **members)
    assert caught.value.response["Error"]["Code"] == "BadRequestException"
    return str(caught.value.response["Error"]["Message"])


@pytest.mark.parametrize(
    ("template", "creates", "falls_back"),
    [("CTR", True, False), ("CTR-NoInferred", True, True), ("CTR-AutoAssociateOnly", False, True)],
)
def test_a_contact_record_template_decides_how_contacts_find_profiles(
    running: Running, template: str, *, creates: bool, falls_back: bool
) -> None:
    """ctr-contact-record-template and API PutProfileObjectType, example 2: a TemplateId without Fields and Keys."""
    put = running.client.put_profile_object_type(**CTR, Description="CTR", TemplateId=template)
    known = {"Phone": {"Source": "_source.phone", "ContentType": "PHONE_NUMBER"}}
    keys = {**KEYS, "_phone": [{"FieldNames": ["Phone"]}]}
    running.clock.advance(1)
    running.client.put_profile_object_type(
        DomainName=DOMAIN,
        ObjectTypeName="Known",
        Description="d",
        AllowProfileCreation=True,
        Fields={**FIELDS, **known},
        Keys=keys,
    )
    running.put(json.dumps({"recordId": "r", "UserId": "u", "phone": "+15551234567"}), ObjectTypeName="Known")
    (profile,) = running.search("_account", "u")

    running.client.put_profile_object(**CTR, Object=contact("known"))
    running.client.put_profile_object(**CTR, Object=contact("unknown", "+4930123456"))

    assert (put["TemplateId"], put["AllowProfileCreation"]) == (template, creates)
    assert set(put["Keys"]) == {"_ctrContactId", "_phone"}
    found = running.client.list_profile_objects(**CTR, ProfileId=profile["ProfileId"])["Items"]
    assert len(found) == falls_back
    assert len(running.search("_ctrContactId", "unknown")) == creates


def test_a_type_named_as_a_template_needs_no_definition(running: Running) -> None:
    """implicit-profile-object-types: the type matches the template; an explicit one replaces it; it can be deleted."""
    described = running.client.get_profile_object_type(**CTR)
    running.client.put_profile_object(**CTR, Object=contact("c1"))

    assert described["TemplateId"] == "CTR"
    assert running.search("_ctrContactId", "c1")[0]["PhoneNumber"] == "+15551234567"
    assert "CTR" in [
        item["ObjectTypeName"] for item in running.client.list_profile_object_types(DomainName=DOMAIN)["Items"]
    ]

    running.client.put_profile_object_type(**CTR, Description="ours", TemplateId="CTR-NoInferred")
    assert running.client.get_profile_object_type(**CTR)["TemplateId"] == "CTR-NoInferred"

    running.clock.advance(1)
    running.client.delete_profile_object_type(**CTR)
    assert running.search("_ctrContactId", "c1") == []


def test_a_type_of_no_template_is_not_implicit(running: Running) -> None:
    """implicit-profile-object-types: only names that templates have, and only in a domain that exists."""
    missing = running.client.exceptions.ResourceNotFoundException
    with pytest.raises(missing):
        running.client.get_profile_object_type(DomainName=DOMAIN, ObjectTypeName="Ctr")
    with pytest.raises(missing):
        running.client.put_profile_object(DomainName="Nowhere", ObjectTypeName="CTR", Object=contact("c1"))
    with pytest.raises(missing):
        running.client.delete_profile_object_type(DomainName="Nowhere", ObjectTypeName="CTR")


@pytest.mark.parametrize(
    "said",
    [
        {"Fields": FIELDS, "Keys": KEYS},
        {"Fields": FIELDS},
        {"AllowProfileCreation": True},
        {"SourceLastUpdatedTimestampFormat": "EpochMilli"},
    ],
)
def test_a_template_decides_alone(running: Running, said: dict[str, Any]) -> None:
    """API PutProfileObjectType: "You can't include all three"; profile-matching: it decides AllowProfileCreation."""
    message = refusal(running, TemplateId="CTR", **said)

    assert message.startswith(f"TemplateId decides {', '.join(said)}")


@pytest.mark.parametrize("said", [{}, {"Fields": FIELDS}, {"Keys": KEYS}])
def test_without_a_template_both_fields_and_keys_are_needed(running: Running, said: dict[str, Any]) -> None:
    """API PutProfileObjectType, example 1: "You must either specify both Fields and Keys, or TemplateId"."""
    assert refusal(running, **said) == "Give both Fields and Keys, or a TemplateId"


def test_a_template_that_is_not_emulated_says_so(running: Running) -> None:
    """The guide describes the objects of the other templates, but not their definitions."""
    message = refusal(running, TemplateId="Salesforce-Account")

    assert message.startswith("Template Salesforce-Account is not emulated: of the service's templates there are CTR")


def test_the_templates_are_listed_in_pages_and_described(running: Running) -> None:
    """API ListProfileObjectTypeTemplates and GetProfileObjectTypeTemplate; a type can be put by what they answer."""
    listing = running.client.list_profile_object_type_templates
    first = listing(MaxResults=2)
    second = listing(MaxResults=2, NextToken=first["NextToken"])
    described = running.client.get_profile_object_type_template(TemplateId="CTR-NoInferred")

    assert [item["TemplateId"] for item in first["Items"] + second["Items"]] == [
        "CTR",
        "CTR-AutoAssociateOnly",
        "CTR-NoInferred",
    ]
    assert "NextToken" not in second
    running.client.put_profile_object_type(
        DomainName=DOMAIN,
        ObjectTypeName="Ours",
        Description="d",
        **{member: described[member] for member in ("AllowProfileCreation", "Fields", "Keys")},
    )
    with pytest.raises(running.client.exceptions.ResourceNotFoundException):
        running.client.get_profile_object_type_template(TemplateId="Nothing")
