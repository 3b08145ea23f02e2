"""An object type's keys, compiled, and the values by which they find profiles and objects.

Sources: Connect admin guide, "Field definitions" (content types decide equality: a phone number matches in any format,
an e-mail address in any case) and "Examples of object type mappings" (names match in any case, with repeated blanks as
one).

(unverified): that of a phone number only its digits count, without a leading 1 of eleven (from the guide's examples:
"+15551234567" matches "(555)-123-4567", "+1 (206) 345-7890" matches "2063457890"); that a NUMBER matches as it is
written.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from customer_profiles_emulator.object_types.fields import Field
from customer_profiles_emulator.transport.errors import BadRequestError

_NANP_LENGTH = 11
_BLANKS = re.compile(r"\s+")


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
        """Whether profiles and objects are found by it: not if it is UNIQUE and nothing else (unverified)."""
        return self.identifiers != {"UNIQUE"}

    def has(self, identifier: str) -> bool:
        """Whether the key carries a standard identifier."""
        return identifier in self.identifiers


def compile_keys(definitions: Mapping[str, Any], fields: Mapping[str, Field]) -> Iterator[Key]:
    """Yield a key for each entry of each key's list.

    Raises:
        BadRequestError: an entry names no field, or one that is not defined.
    """
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
    return Key(name, tuple(fields[field] for field in field_names), identifiers)


@dataclass(frozen=True, slots=True)
class KeyValue:
    """A key of an object with the value it is indexed by."""

    key: Key
    index_value: str


def index_value(values: Sequence[str], content_types: Sequence[str]) -> str:
    """The text that equal key values share."""
    pairs = zip(values, content_types, strict=True)
    return json.dumps([_normalised(value, content_type) for value, content_type in pairs], ensure_ascii=False)


def _normalised(value: str, content_type: str) -> str:
    if content_type == "EMAIL_ADDRESS":
        return value.lower()
    if content_type == "NAME":
        return _BLANKS.sub(" ", value).lower()
    if content_type == "PHONE_NUMBER":
        digits = "".join(filter(str.isdecimal, value))
        is_nanp = len(digits) == _NANP_LENGTH and digits.startswith("1")
        return digits[1:] if is_nanp else digits or value
    return value


def key_values(keys: Iterable[Key], source: Mapping[str, Any]) -> list[KeyValue]:
    """Those of an object type's keys that an object has a value for: at least one of the key's fields is not empty.

    Raises:
        BadRequestError: a key's field holds a list or a map.
    """
    found = []
    for key in keys:
        values = [field.read(source, field.name) or "" for field in key.fields]
        if not any(values):
            continue
        found.append(KeyValue(key, index_value(values, key.content_types)))
    return found


def search_values(values: Sequence[str], content_types: Iterable[tuple[str, ...]]) -> set[str]:
    """The index values that a search names: any of its values for a key of one field, all together for several.

    Args:
        values: as the caller gave them.
        content_types: those of each definition that the key has in the domain.
    """
    found: set[str] = set()
    for types in content_types:
        if len(types) == 1:
            found.update(index_value([value], types) for value in values)
        elif len(types) == len(values):
            found.add(index_value(values, types))
    return found
