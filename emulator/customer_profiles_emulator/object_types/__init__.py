"""Object types: a customer's definition in, and out what reads an object: its fields, its keys, what it writes.

`definition` puts it together of `fields` (with `sources`, `targets` and `timestamp_format`) and `keys` (with
`key_rules`); `standard_objects` and `templates` hold what the service itself defines.
"""

from __future__ import annotations

from customer_profiles_emulator.object_types.definition import (
    LOWEST_PRIORITY,
    MAX_OBJECT_TYPES,
    MAX_PROFILE_OBJECTS,
    ObjectType,
    compile_object_type,
    parse_object_type,
)
from customer_profiles_emulator.object_types.fields import inferred_updates, profile_updates
from customer_profiles_emulator.object_types.key_rules import check_content_types
from customer_profiles_emulator.object_types.keys import Key, KeyValue, index_value, key_values, search_values
from customer_profiles_emulator.object_types.standard_objects import (
    PROFILE_ID_KEY,
    SOURCE_TIMESTAMP,
    is_standard,
    predefined_keys,
)

__all__ = [
    "LOWEST_PRIORITY",
    "MAX_OBJECT_TYPES",
    "MAX_PROFILE_OBJECTS",
    "PROFILE_ID_KEY",
    "SOURCE_TIMESTAMP",
    "Key",
    "KeyValue",
    "ObjectType",
    "check_content_types",
    "compile_object_type",
    "index_value",
    "inferred_updates",
    "is_standard",
    "key_values",
    "parse_object_type",
    "predefined_keys",
    "profile_updates",
    "search_values",
]
