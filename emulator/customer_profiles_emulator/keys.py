"""The compiled form of an object type's keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from customer_profiles_emulator.errors import BadRequestError
from customer_profiles_emulator.mapping import Field


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
