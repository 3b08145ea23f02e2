"""Object types: the rules a definition must keep, and the compiled form that ingestion uses.

Sources of the rules: Connect admin guide, "Object type mapping requirements" (at least one key that maps to a
profile, one that identifies the object; one key may be both), "Key definitions in Customer Profiles object type
mappings", "Standard identifiers for setting attributes on the key" and "Customer Profiles service quotas" (100 object
types a domain, 10 keys a type, 1,000 objects a profile); API reference, ObjectTypeKey ("only 1 UNIQUE key but
multiple PROFILE keys"). Names, lengths and enums are the model's and are checked by `validation`.

(unverified), because no document says how the service answers: the texts of the refusals; that a field must have a
Source; that SECONDARY, LOOKUP_ONLY and NEW_ONLY are refused on a key that ties to nothing; that a `_profileId` key
must be LOOKUP_ONLY with one field (guides only ever show it so); that a MaxProfileObjectCount above the profile's
1,000 is refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from customer_profiles_emulator.errors import BadRequestError
from customer_profiles_emulator.mapping import SOURCE_TIMESTAMP_TARGET, Field, parse_source, parse_target

MAX_OBJECT_TYPES = 100
MAX_KEYS = 10
MAX_PROFILE_OBJECTS = 1_000
PROFILE_ID_KEY = "_profileId"

_MODIFIERS = frozenset({"SECONDARY", "LOOKUP_ONLY", "NEW_ONLY"})


@dataclass(frozen=True, slots=True)
class Key:
    """A key of an object type: its name, unique in meaning over the whole domain, its fields and identifiers."""

    name: str
    fields: tuple[Field, ...]
    identifiers: frozenset[str]

    @property
    def content_types(self) -> tuple[str, ...]:
        """The content type of each field, which decides what counts as equal."""
        return tuple(field.content_type for field in self.fields)

    @property
    def is_searchable(self) -> bool:
        """Whether profiles and objects are found by it: not where it is UNIQUE and nothing else (unverified)."""
        return self.identifiers != {"UNIQUE"}

    def has(self, identifier: str) -> bool:
        """Whether the key carries a standard identifier."""
        return identifier in self.identifiers


@dataclass(frozen=True, slots=True)
class ObjectType:
    """A checked object type.

    Attributes:
        unique_key: the one key that identifies an object.
        allow_profile_creation: whether an object that matches no profile makes one.
        expiration_days: how long an object is kept; None for the domain's default.
        max_objects: most objects of this type on one profile; None for the profile's own limit alone.
    """

    name: str
    fields: Mapping[str, Field]
    keys: tuple[Key, ...]
    unique_key: Key
    allow_profile_creation: bool
    expiration_days: int | None
    max_objects: int | None


def parse_object_type(name: str, definition: Mapping[str, Any]) -> ObjectType:
    """Check a PutProfileObjectType input, already valid by the model, and compile it.

    Raises:
        BadRequestError: the first rule of this module that the definition breaks.
    """
    if definition.get("TemplateId") and not definition.get("Keys"):
        raise BadRequestError("Templates are not emulated: give Fields and Keys")
    fields = {field.name: field for field in _fields(definition.get("Fields") or {})}
    keys = tuple(_keys(definition.get("Keys") or {}, fields))
    _check_timestamp(fields, definition)
    max_objects = definition.get("MaxProfileObjectCount")
    if max_objects is not None and max_objects > MAX_PROFILE_OBJECTS:
        raise BadRequestError(f"MaxProfileObjectCount is at most {MAX_PROFILE_OBJECTS}")
    return ObjectType(
        name=name,
        fields=fields,
        keys=keys,
        unique_key=_check_keys(keys),
        allow_profile_creation=bool(definition.get("AllowProfileCreation", False)),
        expiration_days=definition.get("ExpirationDays"),
        max_objects=max_objects,
    )


def _fields(definitions: Mapping[str, Any]) -> Iterator[Field]:
    for name, definition in definitions.items():
        if not definition.get("Source"):
            raise BadRequestError(f"Field {name}: Source is missing")
        target = definition.get("Target")
        yield Field(
            name=name,
            read=parse_source(definition["Source"], name),
            target=parse_target(target, name) if target else None,
            content_type=definition.get("ContentType") or "STRING",
        )


def _keys(definitions: Mapping[str, Any], fields: Mapping[str, Field]) -> Iterator[Key]:
    for name, entries in definitions.items():
        for entry in entries:
            yield _key(name, entry, fields)


def _key(name: str, entry: Mapping[str, Any], fields: Mapping[str, Field]) -> Key:
    field_names = entry.get("FieldNames") or []
    if not field_names:
        raise BadRequestError(f"Key {name}: FieldNames is empty")
    undeclared = [field for field in field_names if field not in fields]
    if undeclared:
        raise BadRequestError(f"Key {name} names fields that are not defined: {', '.join(undeclared)}")
    identifiers = frozenset(entry.get("StandardIdentifiers") or [])
    if identifiers & _MODIFIERS and not identifiers - _MODIFIERS - {"UNIQUE"}:
        raise BadRequestError(f"Key {name}: SECONDARY, LOOKUP_ONLY and NEW_ONLY need PROFILE beside them")
    if name == PROFILE_ID_KEY and ("LOOKUP_ONLY" not in identifiers or len(field_names) != 1):
        raise BadRequestError(f"Key {name} must be LOOKUP_ONLY and have one field")
    return Key(name, tuple(fields[field] for field in field_names), identifiers)


def _check_timestamp(fields: Mapping[str, Field], definition: Mapping[str, Any]) -> None:
    mapped = any(field.target == SOURCE_TIMESTAMP_TARGET for field in fields.values())
    if mapped and not definition.get("SourceLastUpdatedTimestampFormat"):
        raise BadRequestError(
            f"A field targets _profile.{SOURCE_TIMESTAMP_TARGET}: SourceLastUpdatedTimestampFormat is missing"
        )


def _check_keys(keys: tuple[Key, ...]) -> Key:
    if len(keys) > MAX_KEYS:
        raise BadRequestError(f"An object type has at most {MAX_KEYS} keys")
    unique = [key for key in keys if key.has("UNIQUE")]
    if len(unique) != 1:
        raise BadRequestError(f"An object type has exactly one UNIQUE key, not {len(unique)}")
    profile = [key for key in keys if key.has("PROFILE")]
    if not profile:
        raise BadRequestError("An object type needs at least one PROFILE key")
    if not any(key.identifiers.isdisjoint({"LOOKUP_ONLY", "NEW_ONLY"}) for key in profile):
        raise BadRequestError("At least one PROFILE key must be neither LOOKUP_ONLY nor NEW_ONLY")
    return unique[0]
