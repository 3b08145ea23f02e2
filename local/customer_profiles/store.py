"""The emulator's state, in SQLite.

SQLite because the state must survive a kill -9 in mid-write and be exact afterwards, which a write-ahead log gives
and a file of our own would have to earn; it also keeps keys indexed at hundreds of thousands of objects. One
connection behind one lock: a write takes tens of microseconds, so that writers wait for Python, not for each other.
`synchronous=NORMAL` outlives the process, not a power cut, which is all that a test instrument promises.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MEMORY = ":memory:"
_TABLES = ("domains", "object_types", "profiles", "profile_keys", "objects", "pending")


@dataclass(frozen=True, slots=True)
class Document:
    """A domain or an object type as it was put: the request's members, and when (seconds since the epoch)."""

    name: str
    members: dict[str, Any]
    created_at: float
    updated_at: float


@dataclass(frozen=True, slots=True)
class StoredProfile:
    """A profile: path under `_profile` to value and the object type that wrote it."""

    seq: int
    id: str
    fields: dict[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class StoredObject:
    """An object as it is kept; `seq` orders objects by when they were last written."""

    seq: int
    domain: str
    type_name: str
    unique_key: str
    unique_values: list[str]
    profile_id: str
    text: str
    ingested_at: float


@dataclass(frozen=True, slots=True)
class PendingObject:
    """An object that was accepted and waits to be processed."""

    seq: int
    domain: str
    type_name: str
    text: str
    accepted_at: float


class Store:
    """Domains, object types, profiles with their keys, and objects. Safe to use from many threads."""

    def __init__(self, path: str = MEMORY) -> None:
        """Open or create the database at `path`; `MEMORY` for one that ends with the process."""
        self._lock = threading.RLock()
        # Statements are ours and few: keep them all prepared.
        self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, cached_statements=256)
        self._run("PRAGMA journal_mode=WAL")
        self._run("PRAGMA synchronous=NORMAL")
        self._connection.executescript(Path(__file__).with_name("schema.sql").read_text())

    def close(self) -> None:
        """Close the database; the store is of no use afterwards."""
        with self._lock:
            self._connection.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Make all that is done inside one atomic step; nothing of it stays if it raises."""
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def clear(self) -> None:
        """Forget everything."""
        with self.transaction():
            for table in _TABLES:
                self._run(f"DELETE FROM {table}")  # noqa: S608 - the names are constants above

    # Domains and object types

    def put_domain(self, name: str, members: Mapping[str, Any], now: float) -> None:
        """Create or replace a domain; its creation time stays."""
        self._run(
            "INSERT INTO domains VALUES (?1, ?2, ?3, ?3)"
            " ON CONFLICT DO UPDATE SET document = excluded.document, updated_at = excluded.updated_at",
            name,
            json.dumps(members),
            now,
        )

    def domain(self, name: str) -> Document | None:
        """The domain, if it exists."""
        return _document(self._one("SELECT name, document, created_at, updated_at FROM domains WHERE name = ?", name))

    def domains(self, after: str, limit: int) -> list[Document]:
        """Up to `limit` domains by name, those after `after`."""
        query = "SELECT name, document, created_at, updated_at FROM domains WHERE name > ? ORDER BY name LIMIT ?"
        return _documents(self._all(query, after, limit))

    def delete_domain(self, name: str) -> bool:
        """Delete a domain with all that is in it; whether there was one."""
        with self.transaction():
            for table in _TABLES[1:]:
                self._run(f"DELETE FROM {table} WHERE domain = ?", name)  # noqa: S608 - the names are constants above
            return self._run("DELETE FROM domains WHERE name = ?", name) > 0

    def domain_counts(self, name: str) -> tuple[int, int, int]:
        """Profiles, objects and the objects' total size in characters."""
        profiles = self._one("SELECT COUNT(*) FROM profiles WHERE domain = ?", name)
        objects = self._one("SELECT COUNT(*), COALESCE(SUM(LENGTH(text)), 0) FROM objects WHERE domain = ?", name)
        return (profiles or (0,))[0], *(objects or (0, 0))

    def put_object_type(self, domain: str, name: str, members: Mapping[str, Any], now: float) -> None:
        """Create or replace an object type; its creation time stays."""
        self._run(
            "INSERT INTO object_types VALUES (?1, ?2, ?3, ?4, ?4)"
            " ON CONFLICT DO UPDATE SET document = excluded.document, updated_at = excluded.updated_at",
            domain,
            name,
            json.dumps(members),
            now,
        )

    def object_type(self, domain: str, name: str) -> Document | None:
        """The object type, if it exists."""
        query = "SELECT name, document, created_at, updated_at FROM object_types WHERE domain = ? AND name = ?"
        return _document(self._one(query, domain, name))

    def object_types(self, domain: str, after: str = "", limit: int = -1) -> list[Document]:
        """Up to `limit` object types (-1 for all) by name, those after `after`."""
        query = (
            "SELECT name, document, created_at, updated_at FROM object_types"
            " WHERE domain = ? AND name > ? ORDER BY name LIMIT ?"
        )
        return _documents(self._all(query, domain, after, limit))

    def delete_object_type(self, domain: str, name: str) -> bool:
        """Delete a type, its objects, and what they wrote to profiles and key index; whether there was one."""
        with self.transaction():
            for row in self._all(
                "SELECT seq, id, fields FROM profiles WHERE domain = ?1 AND id IN"
                " (SELECT profile_id FROM profile_keys WHERE domain = ?1 AND type_name = ?2"
                "  UNION SELECT profile_id FROM objects WHERE domain = ?1 AND type_name = ?2)",
                domain,
                name,
            ):
                profile = _profile(row)
                kept = {path: written for path, written in profile.fields.items() if written[1] != name}
                self.write_profile(domain, profile.id, kept)
            self._run("DELETE FROM objects WHERE domain = ? AND type_name = ?", domain, name)
            self._run("DELETE FROM profile_keys WHERE domain = ? AND type_name = ?", domain, name)
            self._run("DELETE FROM pending WHERE domain = ? AND type_name = ?", domain, name)
            return self._run("DELETE FROM object_types WHERE domain = ? AND name = ?", domain, name) > 0

    # Profiles and their keys

    def profile(self, domain: str, profile_id: str) -> StoredProfile | None:
        """The profile, if it exists."""
        row = self._one("SELECT seq, id, fields FROM profiles WHERE domain = ? AND id = ?", domain, profile_id)
        return None if row is None else _profile(row)

    def write_profile(self, domain: str, profile_id: str, fields: Mapping[str, tuple[str, str]]) -> None:
        """Create a profile or replace its fields."""
        self._run(
            "INSERT INTO profiles (domain, id, fields) VALUES (?, ?, ?)"
            " ON CONFLICT DO UPDATE SET fields = excluded.fields",
            domain,
            profile_id,
            json.dumps(fields),
        )

    def profiles_page(self, domain: str, ids: Collection[str], after: int, limit: int) -> list[StoredProfile]:
        """Up to `limit` of the named profiles, oldest first, those after the sequence number `after`."""
        query = (
            "SELECT seq, id, fields FROM profiles WHERE domain = ? AND seq > ?"
            " AND id IN (SELECT value FROM json_each(?)) ORDER BY seq LIMIT ?"
        )
        return [_profile(row) for row in self._all(query, domain, after, json.dumps(list(ids)), limit)]

    def add_profile_key(self, domain: str, name: str, value: str, profile_id: str, type_name: str) -> None:
        """Let the profile be found by a key; adding it twice changes nothing."""
        self._run(
            "INSERT OR IGNORE INTO profile_keys VALUES (?, ?, ?, ?, ?)", domain, name, value, profile_id, type_name
        )

    def profiles_by_key(self, domain: str, name: str, value: str, limit: int = -1) -> list[str]:
        """The ids of up to `limit` profiles (-1 for all) that have this key."""
        query = "SELECT DISTINCT profile_id FROM profile_keys WHERE domain = ? AND name = ? AND value = ? LIMIT ?"
        return [row[0] for row in self._all(query, domain, name, value, limit)]

    # Objects

    def object_profile(self, domain: str, type_name: str, unique_key: str) -> str | None:
        """The id of the profile that the object with this unique key belongs to."""
        query = "SELECT profile_id FROM objects WHERE domain = ? AND type_name = ? AND unique_key = ?"
        row = self._one(query, domain, type_name, unique_key)
        return None if row is None else row[0]

    def write_object(self, written: StoredObject, expires_at: float) -> None:
        """Store an object, wholly replacing the one with its unique key; `written.seq` is ignored."""
        self._run(
            "INSERT OR REPLACE INTO objects"
            " (domain, type_name, unique_key, unique_values, profile_id, text, ingested_at, expires_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            written.domain,
            written.type_name,
            written.unique_key,
            json.dumps(written.unique_values),
            written.profile_id,
            written.text,
            written.ingested_at,
            expires_at,
        )

    def evict(self, domain: str, profile_id: str, type_name: str | None, keep: int) -> int:
        """Delete a profile's oldest objects, of one type or of all, beyond `keep`; how many there were."""
        condition = "domain = ? AND profile_id = ?" + ("" if type_name is None else " AND type_name = ?")
        scope = (domain, profile_id) if type_name is None else (domain, profile_id, type_name)
        count = (self._one(f"SELECT COUNT(*) FROM objects WHERE {condition}", *scope) or (0,))[0]  # noqa: S608 - ours
        if count <= keep:
            return 0
        return self._run(
            f"DELETE FROM objects WHERE seq IN"  # noqa: S608 - the condition is ours
            f" (SELECT seq FROM objects WHERE {condition} ORDER BY seq LIMIT ?)",
            *scope,
            count - keep,
        )

    def delete_object(self, domain: str, type_name: str, unique_key: str, profile_id: str) -> bool:
        """Delete an object of a profile; whether there was one."""
        query = "DELETE FROM objects WHERE domain = ? AND type_name = ? AND unique_key = ? AND profile_id = ?"
        return self._run(query, domain, type_name, unique_key, profile_id) > 0

    def profile_objects(
        self, domain: str, profile_id: str, type_name: str, *, now: float, after: int = 0, limit: int = -1
    ) -> list[StoredObject]:
        """Up to `limit` objects (-1 for all) of a profile and type, oldest first, unexpired, those after `after`."""
        query = (
            f"SELECT {_OBJECT_COLUMNS} FROM objects WHERE domain = ? AND profile_id = ? AND type_name = ?"  # noqa: S608
            " AND seq > ? AND expires_at > ? ORDER BY seq LIMIT ?"
        )
        return [_object(row) for row in self._all(query, domain, profile_id, type_name, after, now, limit)]

    def objects_page(
        self, domain: str | None, type_name: str | None, *, now: float, after: int, limit: int
    ) -> list[StoredObject]:
        """Up to `limit` objects of a domain and type (None for any), oldest first, unexpired, those after `after`."""
        query = (
            f"SELECT {_OBJECT_COLUMNS} FROM objects WHERE (?1 IS NULL OR domain = ?1)"  # noqa: S608 - ours
            " AND (?2 IS NULL OR type_name = ?2) AND seq > ?3 AND expires_at > ?4 ORDER BY seq LIMIT ?5"
        )
        return [_object(row) for row in self._all(query, domain, type_name, after, now, limit)]

    # Objects accepted and not yet processed

    def add_pending(self, domain: str, type_name: str, text: str, accepted_at: float, due_at: float) -> None:
        """Keep an accepted object until it is due."""
        self._run(
            "INSERT INTO pending (domain, type_name, text, accepted_at, due_at) VALUES (?, ?, ?, ?, ?)",
            domain,
            type_name,
            text,
            accepted_at,
            due_at,
        )

    def due(self, now: float, limit: int) -> list[PendingObject]:
        """Up to `limit` pending objects that are due, in the order of their acceptance."""
        query = "SELECT seq, domain, type_name, text, accepted_at FROM pending WHERE due_at <= ? ORDER BY seq LIMIT ?"
        return [PendingObject(*row) for row in self._all(query, now, limit)]

    def delete_pending(self, seq: int) -> None:
        """Forget a pending object: it is processed."""
        self._run("DELETE FROM pending WHERE seq = ?", seq)

    def pending_count(self) -> int:
        """How many accepted objects wait."""
        return int((self._one("SELECT COUNT(*) FROM pending") or (0,))[0])

    def _run(self, statement: str, *values: Any) -> int:
        with self._lock:
            return self._connection.execute(statement, values).rowcount

    def _one(self, query: str, *values: Any) -> Sequence[Any] | None:
        with self._lock:
            row: Sequence[Any] | None = self._connection.execute(query, values).fetchone()
            return row

    def _all(self, query: str, *values: Any) -> list[Sequence[Any]]:
        with self._lock:
            return self._connection.execute(query, values).fetchall()


_OBJECT_COLUMNS = "seq, domain, type_name, unique_key, unique_values, profile_id, text, ingested_at"


def _document(row: Sequence[Any] | None) -> Document | None:
    return None if row is None else Document(row[0], json.loads(row[1]), row[2], row[3])


def _documents(rows: Sequence[Sequence[Any]]) -> list[Document]:
    return [Document(row[0], json.loads(row[1]), row[2], row[3]) for row in rows]


def _profile(row: Sequence[Any]) -> StoredProfile:
    fields = {path: (value, type_name) for path, (value, type_name) in json.loads(row[2]).items()}
    return StoredProfile(row[0], row[1], fields)


def _object(row: Sequence[Any]) -> StoredObject:
    return StoredObject(row[0], row[1], row[2], row[3], json.loads(row[4]), *row[5:])
