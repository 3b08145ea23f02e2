"""The standard profile: its fields and what wrote them, manual updates, and the keys that its own fields are found by.

Sources: Connect admin guide, standard-profile-definition (the table of index names and fields: `_phone`, `_email`,
`_account`, `_profileId`, `_fullName`); API reference, UpdateProfile ("an empty string value means that any existing
value will be removed. Not specifying a string value means that any value already there will be kept").

(unverified), because no document says so: that an update is manual is decided for each string alone, so that an object
may fill the city of an address whose postal code an agent wrote; that a field is the objects' again once it was
cleared; that a name of two parts is indexed with one space between them; that a value is found as it stands, too, where
an object type declares the key's field a STRING; that `Gender` and `GenderString` are kept apart, and `PartyType` and
`PartyTypeString`; that EngagementPreferences are replaced as one.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import chain
from types import MappingProxyType
from typing import Any

from customer_profiles_emulator.object_types import PROFILE_ID_KEY, SOURCE_TIMESTAMP, index_value
from customer_profiles_emulator.wire.model import Shape

Fields = Mapping[str, tuple[str, str]]
"""Path under `_profile` to value and the object type that wrote it, or `MANUAL`."""

MANUAL = ""
"""Stands for the object type of a field or key that the API wrote: CreateProfile, UpdateProfile, AddProfileKey."""

OWN_FIELDS = "*"
"""Stands for the object type of a key that the profile has by its own fields; no type is named so."""

PLAIN = "STRING"
_FULL_NAME_KEY = "_fullName"
_NAME_PARTS = ("FirstName", "MiddleName", "LastName")
_FIELDS_BY_KEY: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "_phone": ("PhoneNumber", "MobilePhoneNumber", "HomePhoneNumber", "BusinessPhoneNumber"),
        "_email": ("EmailAddress", "PersonalEmailAddress", "BusinessEmailAddress"),
        "_account": ("AccountNumber",),
    }
)
_INDEXED_PATHS = (*_NAME_PARTS, *chain.from_iterable(_FIELDS_BY_KEY.values()))
CONTENT_TYPES: Mapping[str, str] = MappingProxyType(
    {
        "_phone": "PHONE_NUMBER",
        "_email": "EMAIL_ADDRESS",
        "_account": PLAIN,
        PROFILE_ID_KEY: PLAIN,
        _FULL_NAME_KEY: "NAME",
    }
)
"""The keys of the standard profile, each with the content type that decides what counts as equal."""

_ATTRIBUTES_PREFIX = "Attributes."
_PREFERENCES = "EngagementPreferences"  # the one member that holds lists: kept as JSON
_IDENTITY = frozenset({"DomainName", "ProfileId"})


def manual_updates(shape: Shape, request: Mapping[str, Any]) -> dict[str, str]:
    """What a CreateProfile or UpdateProfile request writes.

    Args:
        shape: the operation's input.
        request: its members, already valid.

    Returns:
        Path under `_profile` to value; an empty value is one to remove, and what the request leaves out is not there.
    """
    written: dict[str, str] = {}
    for name, member in shape.members.items():
        value = request.get(name)
        if value is not None and name not in _IDENTITY:
            written.update(_strings(name, member, value))
    return written


def _strings(name: str, shape: Shape, value: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - as JSON gave it
    if shape.kind == "string":
        yield name, value
    elif name == _PREFERENCES:
        yield name, json.dumps(value) if value else ""
    elif shape.kind == "map":
        yield from ((f"{name}.{key}", text) for key, text in value.items())
    else:
        yield from ((f"{name}.{part}", value[part]) for part in shape.members if value.get(part) is not None)


def changed(fields: Fields, written: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """The fields after a request: what it writes is manual, what it empties is gone, all else stays."""
    kept = {path: field for path, field in fields.items() if path not in written}
    return kept | {path: (value, MANUAL) for path, value in written.items() if value}


def described(profile_id: str, fields: Fields) -> dict[str, Any]:
    """The model's `Profile`."""
    document: dict[str, Any] = {"ProfileId": profile_id}
    for path, (value, _) in fields.items():
        if path == SOURCE_TIMESTAMP:
            continue
        if path.startswith(_ATTRIBUTES_PREFIX):
            document.setdefault("Attributes", {})[path.removeprefix(_ATTRIBUTES_PREFIX)] = value
            continue
        *parents, name = path.split(".")
        holder = document
        for parent in parents:
            holder = holder.setdefault(parent, {})
        holder[name] = json.loads(value) if path == _PREFERENCES else value
    return document


def indexed_values(fields: Fields) -> list[str | None]:
    """The values that the keys of a profile are made of: while they are the same, so are its keys."""
    return [fields[path][0] if path in fields else None for path in _INDEXED_PATHS]


def index_keys(profile_id: str, fields: Fields) -> set[tuple[str, str]]:
    """The keys that a profile has by its own fields: pairs of a key's name and an index value."""
    named = [(key, _value(fields, path)) for key, paths in _FIELDS_BY_KEY.items() for path in paths]
    named.append((PROFILE_ID_KEY, profile_id))
    named.append((_FULL_NAME_KEY, " ".join(filter(None, (_value(fields, part) for part in _NAME_PARTS)))))
    return {
        (key, index_value([value], [content_type]))
        for key, value in named
        if value
        for content_type in (CONTENT_TYPES[key], PLAIN)
    }


def _value(fields: Fields, path: str) -> str:
    return fields[path][0] if path in fields else ""
