"""An object type as the pipeline registers it, and objects of it, for the tests of the Customer Profiles emulator."""

import json
from typing import Any

DOMAIN = "AnyCompanyDomain"
TYPE = "MarketingAssignedOffers"

FIELDS: dict[str, dict[str, str]] = {
    "recordId": {"Source": "_source.recordId", "Target": "_profile.Attributes.journeyOfferRecordId"},
    "UserId": {"Source": "_source.UserId", "Target": "_profile.AccountNumber"},
    "email": {"Source": "_source.email", "Target": "_profile.EmailAddress", "ContentType": "EMAIL_ADDRESS"},
    "phone": {"Source": "_source.phone", "Target": "_profile.PhoneNumber", "ContentType": "PHONE_NUMBER"},
    "profileId": {"Source": "_source.profileId", "Target": "_profile.Attributes.journeyOfferProfileId"},
    "offerName": {"Source": "_source.offerName", "Target": "_profile.Attributes.offerName"},
    "endpoint": {"Source": "_source.endpoint"},
}
KEYS: dict[str, list[dict[str, list[str]]]] = {
    "journeyOfferRecordId": [{"StandardIdentifiers": ["UNIQUE"], "FieldNames": ["recordId"]}],
    "_account": [{"StandardIdentifiers": ["PROFILE"], "FieldNames": ["UserId"]}],
    "_email": [{"StandardIdentifiers": ["PROFILE", "SECONDARY"], "FieldNames": ["email"]}],
    "_phone": [{"StandardIdentifiers": ["PROFILE", "SECONDARY"], "FieldNames": ["phone"]}],
    "_profileId": [{"StandardIdentifiers": ["PROFILE", "LOOKUP_ONLY"], "FieldNames": ["profileId"]}],
}


def definition(**changes: Any) -> dict[str, Any]:
    """The members of a PutProfileObjectType request for the sample type, some of them changed."""
    sample = {"Description": "Offers", "AllowProfileCreation": True, "Fields": FIELDS, "Keys": KEYS}
    return {**sample, **changes}


def stringified(**members: Any) -> str:
    """An object of the sample type, as PutProfileObject takes it."""
    return json.dumps(members)
