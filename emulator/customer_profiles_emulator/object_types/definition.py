"""An object type: its definition, checked when it is put, and the compiled form that objects are read by.

Lengths, patterns and enums are the model's, and are checked before. Source of the names: Connect admin guide, "Object
type mapping requirements" with "Reference for standard objects" (standard-objects: names that begin with an underscore
are those of the service's own objects).

(unverified): that a MaxProfileObjectCount above a profile's 1,000 is refused.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from customer_profiles_emulator.object_types.fields import Field, check_fields, compile_fields
from customer_profiles_emulator.object_types.key_rules import check_keys
from customer_profiles_emulator.object_types.keys import Key, compile_keys
from customer_profiles_emulator.transport.errors import BadRequestError

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
        source_priority: 1 is the highest; `LOWEST_PRIORITY` if none is given.
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
    _check_name(name)
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
    fields = compile_fields(definition)
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


def _unique_key(keys: tuple[Key, ...]) -> Key:
    unique = [key for key in keys if key.has("UNIQUE")]
    if len(unique) != 1:
        raise BadRequestError(f"An object type has exactly one UNIQUE key, not {len(unique)}")
    return unique[0]


def _check_name(name: str) -> None:
    if name.startswith("_"):
        raise BadRequestError(
            f"Object type {name}: names that begin with an underscore are those of standard objects; give a plain name"
        )
