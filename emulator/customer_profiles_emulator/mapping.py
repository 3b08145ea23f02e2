"""What an object's fields write to its profile, and the profile that stored values make.

Sources: Connect admin guide, "Field definitions in Customer Profiles object type mappings"
(mapping-field-definitions: a Target is optional; without a ContentType a field is a STRING), "Troubleshoot object
type mappings" (object-type-mapping-troubleshooting: a field whose Source resolves to empty is treated as absent) and
"Profile matching and inferred profiles" (profile-matching: which fields an inferred profile gets though no field
targets them).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from customer_profiles_emulator.errors import BadRequestError
from customer_profiles_emulator.source_expression import Reader
from customer_profiles_emulator.standard_objects import SOURCE_TIMESTAMP
from customer_profiles_emulator.targets import MAX_VALUE_LENGTH, Target, standard_targets

_ATTRIBUTES_PREFIX = "Attributes."
_INFERRED = {"EMAIL_ADDRESS": "EmailAddress", "PHONE_NUMBER": "PhoneNumber"}


@dataclass(frozen=True, slots=True)
class Field:
    """A field of an object type.

    Attributes:
        target: where it writes; None for a field that only keys use.
        content_type: STRING, NUMBER, PHONE_NUMBER, EMAIL_ADDRESS or NAME.
    """

    name: str
    read: Reader
    target: Target | None
    content_type: str


def profile_updates(fields: Mapping[str, Field], source: Mapping[str, Any]) -> dict[str, str]:
    """What an object writes to its profile: path under `_profile` to value; absent and empty fields write nothing.

    Raises:
        BadRequestError: a value is too long for its target, or no scalar. That the caller is told is (unverified).
    """
    updates: dict[str, str] = {}
    for field in fields.values():
        target = field.target
        if target is None:
            continue
        value = field.read(source, field.name)
        if not value or not target.on_profile:
            continue
        longest = standard_targets().get(target.path, MAX_VALUE_LENGTH)
        if len(value) > longest:
            raise BadRequestError(f"Field {field.name} must have at most {longest:.0f} characters for its target")
        updates[target.path] = value
    return updates


def inferred_updates(fields: Mapping[str, Field], source: Mapping[str, Any]) -> dict[str, str]:
    """What a profile that an object makes gets besides: its e-mail address and phone number, by content type.

    The first such field with a value counts (unverified), unless it is longer than a profile's field.
    """
    updates: dict[str, str] = {}
    for field in fields.values():
        path = _INFERRED.get(field.content_type)
        if path is None or path in updates:
            continue
        value = field.read(source, field.name)
        if value and len(value) <= MAX_VALUE_LENGTH:
            updates[path] = value
    return updates


def profile_document(profile_id: str, values: Mapping[str, str]) -> dict[str, Any]:
    """The `Profile` of the model that stored paths and values make."""
    document: dict[str, Any] = {"ProfileId": profile_id}
    for path, value in values.items():
        if path == SOURCE_TIMESTAMP:
            continue
        if path.startswith(_ATTRIBUTES_PREFIX):
            document.setdefault("Attributes", {})[path.removeprefix(_ATTRIBUTES_PREFIX)] = value
            continue
        *parents, name = path.split(".")
        holder = document
        for parent in parents:
            holder = holder.setdefault(parent, {})
        holder[name] = value
    return document
