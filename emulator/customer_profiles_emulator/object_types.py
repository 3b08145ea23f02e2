"""Object types: a definition, checked when it is put, and the compiled form that ingestion uses.

The rules themselves are in `names`, `targets`, `source_expression`, `field_rules` and `key_rules`, each with its page
of the guide; what several types of a domain keep together is in `domain_keys`. Lengths and enums are the model's and
are checked by `validation`.

(unverified): that a field must have a Source; that a MaxProfileObjectCount above a profile's 1,000 is refused.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from customer_profiles_emulator.errors import BadRequestError
from customer_profiles_emulator.field_rules import TIMESTAMP, check_fields
from customer_profiles_emulator.key_rules import check_keys
from customer_profiles_emulator.keys import Key, compile_keys
from customer_profiles_emulator.mapping import Field
from customer_profiles_emulator.names import check_object_type_name
from customer_profiles_emulator.source_expression import Reader, parse_source
from customer_profiles_emulator.targets import parse_target
from customer_profiles_emulator.timestamp_format import compile_format

MAX_OBJECT_TYPES = 100
MAX_PROFILE_OBJECTS = 1_000
LOWEST_PRIORITY = math.inf


@dataclass(frozen=True, slots=True)
class ObjectType:
    """An object type, compiled.

    Attributes:
        unique_key: the one key that identifies an object.
        allow_profile_creation: whether an object that matches no profile makes one.
        expiration_days: how long an object is kept; None for the domain's default.
        max_objects: most objects of this type on one profile; None for the profile's own limit alone.
        source_priority: 1 is the highest; `LOWEST_PRIORITY` where none is given.
    """

    name: str
    fields: Mapping[str, Field]
    keys: tuple[Key, ...]
    unique_key: Key
    allow_profile_creation: bool
    expiration_days: int | None
    max_objects: int | None
    source_priority: float


def parse_object_type(name: str, definition: Mapping[str, Any]) -> ObjectType:
    """Check a PutProfileObjectType input, already valid by the model, and compile it.

    Raises:
        BadRequestError: the first rule that the definition breaks.
    """
    check_object_type_name(name)
    compiled = compile_object_type(name, definition)
    check_fields(compiled.fields, definition)
    check_keys(compiled.keys, compiled.fields, allow_profile_creation=compiled.allow_profile_creation)
    if compiled.max_objects is not None and compiled.max_objects > MAX_PROFILE_OBJECTS:
        raise BadRequestError(f"MaxProfileObjectCount is at most {MAX_PROFILE_OBJECTS}")
    return compiled


def compile_object_type(name: str, definition: Mapping[str, Any]) -> ObjectType:
    """Compile a definition that was checked when it was put.

    Raises:
        BadRequestError: it cannot be compiled: a Source, a Target, a key's field or the UNIQUE key is not there.
    """
    fields = {field.name: field for field in _fields(definition)}
    keys = tuple(compile_keys(definition.get("Keys") or {}, fields))
    return ObjectType(
        name=name,
        fields=fields,
        keys=keys,
        unique_key=_unique_key(keys),
        allow_profile_creation=bool(definition.get("AllowProfileCreation", False)),
        expiration_days=definition.get("ExpirationDays"),
        max_objects=definition.get("MaxProfileObjectCount"),
        source_priority=definition.get("SourcePriority") or LOWEST_PRIORITY,
    )


def _fields(definition: Mapping[str, Any]) -> Iterator[Field]:
    for name, described in (definition.get("Fields") or {}).items():
        if not described.get("Source"):
            raise BadRequestError(f"Field {name}: Source is missing")
        read = parse_source(described["Source"], name)
        target = parse_target(described["Target"], name) if described.get("Target") else None
        if target == TIMESTAMP:
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


def _unique_key(keys: tuple[Key, ...]) -> Key:
    unique = [key for key in keys if key.has("UNIQUE")]
    if len(unique) != 1:
        raise BadRequestError(f"An object type has exactly one UNIQUE key, not {len(unique)}")
    return unique[0]
