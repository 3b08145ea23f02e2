"""Seeds the profiles that a Connect campaign takes for granted.

A campaign names customers by Customer Profiles' own ids, which nobody can choose: a sample's ids exist in no domain.
So a profile is made for each customer that the domain does not know, from the event's own ``CustomerData``, and the
event is sent with the id that the domain gave.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from engagement.clock import Clock
from local.demo.events import Event
from local.demo.profiles import RATE
from ops.pace import Pace

if TYPE_CHECKING:
    from mypy_boto3_customer_profiles import CustomerProfilesClient

OBJECT_TYPE = "DemoCustomers"
ID = "demoId"
KEY = "demoCustomerId"
PROFILE_FIELDS = {
    "accountNumber": ("AccountNumber", "STRING"),
    "firstName": ("FirstName", "NAME"),
    "lastName": ("LastName", "NAME"),
    "emailAddress": ("EmailAddress", "EMAIL_ADDRESS"),
    "phoneNumber": ("PhoneNumber", "PHONE_NUMBER"),
}
LONGEST = 255
"""Characters in a value of a profile."""


def customers(event: Event) -> dict[str, dict[str, str]]:
    """Return what an event says of each profile that it names, by id; nothing if it is no Connect event."""
    return {
        profile["ProfileId"]: _known(profile)
        for profile in _profiles(event.members)
        if _is_value(profile.get("ProfileId"))
    }


def seed(client: "CustomerProfilesClient", domain: str, events: Iterable[Event], clock: Clock) -> dict[str, str]:
    """Make a profile for each customer of the events that the domain does not know.

    Returns:
        The domain's profile id for each such customer's id.
    """
    named = {profile_id: known for event in events for profile_id, known in customers(event).items()}
    pace = Pace(RATE, clock)
    unknown = {}
    for profile_id, known in named.items():
        pace.wait()
        found = client.search_profiles(DomainName=domain, KeyName="_profileId", Values=[profile_id])
        if not found["Items"]:
            unknown[profile_id] = known
    if unknown:
        client.put_profile_object_type(DomainName=domain, ObjectTypeName=OBJECT_TYPE, **_definition())
    return {profile_id: _make(client, domain, profile_id, known, pace) for profile_id, known in unknown.items()}


def renamed(event: Event, ids: Mapping[str, str]) -> Event:
    """Return the event with the domain's profile ids."""
    if not any(profile_id in ids for profile_id in customers(event)):
        return event
    members = json.loads(event.text)
    for profile in _profiles(members):
        old = profile.get("ProfileId")
        if not isinstance(old, str) or old not in ids:
            continue
        profile["ProfileId"] = ids[old]
        data = _data(profile)
        if data.get("profileId") == old:
            profile["CustomerData"] = json.dumps({**data, "profileId": ids[old]})
    return replace(event, text=json.dumps(members), members=members)


def _make(client: "CustomerProfilesClient", domain: str, profile_id: str, known: Mapping[str, str], pace: Pace) -> str:
    pace.wait()
    client.put_profile_object(
        DomainName=domain, ObjectTypeName=OBJECT_TYPE, Object=json.dumps({ID: profile_id, **known})
    )
    found = client.search_profiles(DomainName=domain, KeyName=KEY, Values=[profile_id])
    return found["Items"][0]["ProfileId"]


def _definition() -> dict[str, Any]:
    fields = {
        name: {"Source": f"_source.{name}", "Target": f"_profile.{target}", "ContentType": content}
        for name, (target, content) in PROFILE_FIELDS.items()
    }
    return {
        "Description": "Customers whom a sample campaign takes for granted",
        "AllowProfileCreation": True,
        "Fields": {
            ID: {"Source": f"_source.{ID}", "Target": f"_profile.Attributes.{KEY}", "ContentType": "STRING"},
            **fields,
        },
        "Keys": {KEY: [{"StandardIdentifiers": ["UNIQUE", "PROFILE"], "FieldNames": [ID]}]},
    }


def _known(profile: Mapping[str, Any]) -> dict[str, str]:
    data = _data(profile)
    return {name: data[name] for name in PROFILE_FIELDS if _is_value(data.get(name))}


def _data(profile: Mapping[str, Any]) -> dict[str, Any]:
    written = profile.get("CustomerData")
    try:
        data = json.loads(written) if isinstance(written, str) else {}
    except (ValueError, RecursionError):
        return {}
    return data if isinstance(data, dict) else {}


def _profiles(members: Mapping[str, Any]) -> list[dict[str, Any]]:
    items = members.get("Items")
    profiles = items.get("CustomerProfiles") if isinstance(items, dict) else None
    return [profile for profile in profiles if isinstance(profile, dict)] if isinstance(profiles, list) else []


def _is_value(value: object) -> bool:
    return isinstance(value, str) and 1 <= len(value) <= LONGEST and value.isprintable()
