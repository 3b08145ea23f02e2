"""The service's own object type templates, those that its guide describes: the three for contact records.

Sources: Connect admin guide, "Contact record templates" (ctr-contact-record-template: which keys each one tries and
whether it creates profiles), "Implicit profile object types" (implicit-profile-object-types: a type that has a
template's name needs no definition) and "Profile matching" (profile-matching: AllowProfileCreation is the
template's); API reference, PutProfileObjectType ("You must either specify both Fields and Keys, or you can specify
TemplateId").

(unverified): the names of the templates' fields, of their source and its object, and that a contact record's fields
are `ContactId` and `CustomerEndpoint.Address` (as in the contact record's data model); that the CTR template's
`_phone` is for searching only.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from customer_profiles_emulator.transport.errors import BadRequestError

_FIELDS = {
    "contactId": {"Source": "_source.ContactId", "ContentType": "STRING"},
    "phoneNumber": {"Source": "_source.CustomerEndpoint.Address", "ContentType": "PHONE_NUMBER"},
}
_SOURCE = {"SourceName": "Amazon-Connect", "SourceObject": "CTR"}
_CONTACT_KEY = {"StandardIdentifiers": ["PROFILE", "UNIQUE"], "FieldNames": ["contactId"]}
# What a request may not say as well: the template says it.
_MEMBERS_OF_TEMPLATES = ("Fields", "Keys", "AllowProfileCreation", "SourceLastUpdatedTimestampFormat")


def _contact_records(phone_identifiers: list[str], *, allow_profile_creation: bool) -> Mapping[str, Any]:
    phone_key = {"StandardIdentifiers": phone_identifiers, "FieldNames": ["phoneNumber"]}
    return {
        "AllowProfileCreation": allow_profile_creation,
        "Fields": _FIELDS,
        "Keys": {"_ctrContactId": [_CONTACT_KEY], "_phone": [phone_key]},
    }


TEMPLATES: Mapping[str, Mapping[str, Any]] = {
    "CTR": _contact_records([], allow_profile_creation=True),
    "CTR-NoInferred": _contact_records(["PROFILE", "SECONDARY"], allow_profile_creation=True),
    "CTR-AutoAssociateOnly": _contact_records(["PROFILE", "SECONDARY"], allow_profile_creation=False),
}


def expanded(members: Mapping[str, Any]) -> dict[str, Any]:
    """The members of a type as it is kept, with what its template gives it.

    Raises:
        BadRequestError: a template is named together with what it decides, or is none of these; or there is neither a
            template nor both Fields and Keys.
    """
    template_id = members.get("TemplateId")
    if template_id is None:
        if not (members.get("Fields") and members.get("Keys")):
            raise BadRequestError("Give both Fields and Keys, or a TemplateId")
        return {"AllowProfileCreation": False, **members}
    said = [member for member in _MEMBERS_OF_TEMPLATES if members.get(member)]
    if said:
        raise BadRequestError(f"TemplateId decides {', '.join(said)}: leave them out, or leave out TemplateId")
    if template_id not in TEMPLATES:
        raise BadRequestError(
            f"Template {template_id} is not emulated: of the service's templates there are {', '.join(TEMPLATES)};"
            " give Fields and Keys instead"
        )
    return {**members, **TEMPLATES[template_id]}


def described(template_id: str) -> dict[str, Any] | None:
    """A template as GetProfileObjectTypeTemplate answers it; None when it is not one of these."""
    template = TEMPLATES.get(template_id)
    return None if template is None else {"TemplateId": template_id, **_SOURCE, **template}


def listed() -> list[dict[str, str]]:
    """The templates as ListProfileObjectTypeTemplates lists them, by name."""
    return [{"TemplateId": template_id, **_SOURCE} for template_id in sorted(TEMPLATES)]


def implicit_definition(name: str) -> dict[str, Any] | None:
    """The definition of a type that has a template's name and was never put; None when no template has it."""
    template = TEMPLATES.get(name)
    return None if template is None else {"Description": name, "TemplateId": name, **template}
