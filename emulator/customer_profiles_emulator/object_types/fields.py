"""An object type's fields: checked and compiled, and what they write to a profile.

Sources: Connect admin guide, "Field definitions in Customer Profiles object type mappings" (mapping-field-definitions:
a name starts with a letter and is not `Tags`; a Target is optional; without a ContentType a field is a STRING; the
number of fields, targets that exclude each other, the timestamp), "Troubleshoot object type mappings"
(object-type-mapping-troubleshooting: a field whose Source resolves to empty is treated as absent) and "Profile matching
and inferred profiles" (profile-matching: which fields an inferred profile gets though no field targets them).

(unverified): that a field must have a Source; the texts of the refusals.
"""

from __future__ import annotations

import string
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from customer_profiles_emulator.object_types.sources import Reader, parse_source
from customer_profiles_emulator.object_types.standard_objects import PROFILE, SOURCE_TIMESTAMP
from customer_profiles_emulator.object_types.targets import MAX_VALUE_LENGTH, Target, parse_target, standard_targets
from customer_profiles_emulator.object_types.timestamp_format import EPOCH_MILLI, compile_format
from customer_profiles_emulator.transport.errors import BadRequestError

MAX_FIELDS = 250
_TIMESTAMP = Target(PROFILE, SOURCE_TIMESTAMP)
_EXCLUSIVE = (("Gender", "GenderString"), ("PartyType", "PartyTypeString"))
_LETTERS = frozenset(string.ascii_letters)
_RESERVED = frozenset({"Tags", "tags"})
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


def compile_fields(definition: Mapping[str, Any]) -> dict[str, Field]:
    """The fields of a definition, by name.

    Raises:
        BadRequestError: a Source is missing, or a Source or Target names nothing.
    """
    return {field.name: field for field in _fields(definition)}


def _fields(definition: Mapping[str, Any]) -> Iterator[Field]:
    for name, described in (definition.get("Fields") or {}).items():
        if not described.get("Source"):
            raise BadRequestError(f"Field {name}: Source is missing")
        read = parse_source(described["Source"], name)
        target = parse_target(described["Target"], name) if described.get("Target") else None
        if target == _TIMESTAMP:
            read = _reading_a_timestamp(read, definition.get("SourceLastUpdatedTimestampFormat"))
        yield Field(name=name, read=read, target=target, content_type=described.get("ContentType") or "STRING")


def _reading_a_timestamp(read: Reader, timestamp_format: str | None) -> Reader:
    follows = compile_format(timestamp_format) if timestamp_format else None
    if follows is None:
        return read

    def read_timestamp(source: Mapping[str, Any], field_name: str) -> str | None:
        value = read(source, field_name)
        if value and not follows(value):
            raise BadRequestError(f"Field {field_name} does not follow SourceLastUpdatedTimestampFormat")
        return value

    return read_timestamp


def check_fields(fields: Mapping[str, Field], definition: Mapping[str, Any]) -> None:
    """Raise `BadRequestError` for the first rule that the fields break."""
    if len(fields) > MAX_FIELDS:
        raise BadRequestError(f"An object type has at most {MAX_FIELDS} fields, not {len(fields)}")
    for name in fields:
        check_name("Field", name)
    targets = {field.target for field in fields.values()}
    for pair in _EXCLUSIVE:
        if all(Target(PROFILE, path) in targets for path in pair):
            raise BadRequestError(f"Fields target both _profile.{pair[0]} and _profile.{pair[1]}: choose one")
    _check_timestamp_format(definition.get("SourceLastUpdatedTimestampFormat"), needed=_TIMESTAMP in targets)


def check_name(kind: str, name: str) -> None:
    """Raise `BadRequestError` for a name that no field, and no key that is not predefined, may have."""
    if name[0] not in _LETTERS:
        raise BadRequestError(f"{kind} {name}: a {kind.lower()}'s name starts with a letter")
    if name in _RESERVED:
        raise BadRequestError(f"{kind} {name}: this name is reserved")


def _check_timestamp_format(text: str | None, *, needed: bool) -> None:
    if text is None:
        if needed:
            raise BadRequestError(
                f"A field targets _profile.{SOURCE_TIMESTAMP}: SourceLastUpdatedTimestampFormat is missing"
            )
    elif compile_format(text) is None:
        raise BadRequestError(
            f"SourceLastUpdatedTimestampFormat must be {EPOCH_MILLI} or a pattern of SimpleDateFormat,"
            " as yyyy-MM-dd'T'HH:mm:ss"
        )


def profile_updates(fields: Mapping[str, Field], source: Mapping[str, Any]) -> dict[str, str]:
    """What an object writes to its profile: path under `_profile` to value; absent and empty fields write nothing.

    Raises:
        BadRequestError: a value is too long for its target, or no scalar; that this is an error is (unverified).
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
    """What a profile that an object makes gets as well: its e-mail address and phone number, by content type.

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
