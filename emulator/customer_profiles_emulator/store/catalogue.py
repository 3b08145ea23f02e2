"""The tables of domains and object types, both documents with a name and two times, and of how much a domain holds."""

# ruff: noqa: S608 - names of tables and columns are constants of this module; values are always bound

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from customer_profiles_emulator.store.database import Database, Row

_COLUMNS = "name, document, created_at, updated_at"
_UPDATE = "ON CONFLICT DO UPDATE SET document = excluded.document, updated_at = excluded.updated_at"


@dataclass(frozen=True, slots=True)
class Document:
    """A domain or an object type as it was put: the request's members, and when (seconds since the epoch)."""

    name: str
    members: dict[str, Any]
    created_at: float
    updated_at: float


class Catalogue:
    """Domains and object types by name."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put_domain(self, name: str, members: Mapping[str, Any], now: float) -> None:
        """Create or replace a domain; its creation time stays."""
        self._database.run(f"INSERT INTO domains VALUES (?1, ?2, ?3, ?3) {_UPDATE}", name, json.dumps(members), now)

    def domain(self, name: str) -> Document | None:
        """The domain, if it exists."""
        return self._first(f"SELECT {_COLUMNS} FROM domains WHERE name = ?", name)

    def domains(self, after: str, limit: int) -> list[Document]:
        """Up to `limit` domains by name, those after `after`."""
        return self._documents(f"SELECT {_COLUMNS} FROM domains WHERE name > ? ORDER BY name LIMIT ?", after, limit)

    def put_object_type(self, domain: str, name: str, members: Mapping[str, Any], now: float) -> None:
        """Create or replace an object type; its creation time stays."""
        statement = f"INSERT INTO object_types VALUES (?1, ?2, ?3, ?4, ?4) {_UPDATE}"
        self._database.run(statement, domain, name, json.dumps(members), now)

    def object_type(self, domain: str, name: str) -> Document | None:
        """The object type, if it exists."""
        return self._first(f"SELECT {_COLUMNS} FROM object_types WHERE domain = ? AND name = ?", domain, name)

    def object_types(self, domain: str, after: str = "", limit: int = -1) -> list[Document]:
        """Up to `limit` object types (-1 for all) by name, those after `after`."""
        query = f"SELECT {_COLUMNS} FROM object_types WHERE domain = ? AND name > ? ORDER BY name LIMIT ?"
        return self._documents(query, domain, after, limit)

    def _first(self, query: str, *values: object) -> Document | None:
        found = self._documents(query, *values)
        return found[0] if found else None

    def _documents(self, query: str, *values: object) -> list[Document]:
        return [_document(row) for row in self._database.all(query, *values)]


def _document(row: Row) -> Document:
    name, document, created_at, updated_at = row
    return Document(name, json.loads(document), created_at, updated_at)


@dataclass(frozen=True, slots=True)
class DomainSize:
    """How many profiles and objects a domain has, and how many characters its objects have in all."""

    profiles: int = 0
    objects: int = 0
    characters: int = 0


class DomainSizeTable:
    """Sizes by domain, read without counting."""

    def __init__(self, database: Database) -> None:
        """Read them from `database`; a file from a version without this table is counted once."""
        self._database = database
        database.run(
            "INSERT INTO domain_sizes"
            " SELECT domain, SUM(profiles), SUM(objects), SUM(characters) FROM ("
            "SELECT domain, 1 AS profiles, 0 AS objects, 0 AS characters FROM profiles"
            " UNION ALL SELECT domain, 0, 1, LENGTH(text) FROM objects"
            ") WHERE NOT EXISTS (SELECT 1 FROM domain_sizes) GROUP BY domain"
        )

    def of(self, domain: str) -> DomainSize:
        """The size of a domain."""
        query = "SELECT profiles, objects, characters FROM domain_sizes WHERE domain = ?"
        row = self._database.one(query, domain)
        return DomainSize() if row is None else DomainSize(*row)
