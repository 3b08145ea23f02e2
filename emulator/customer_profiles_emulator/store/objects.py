"""The tables of objects: those attached to profiles, those accepted that wait to be, and dead letters to send."""

# ruff: noqa: S608 - names of tables and columns are constants of this module; values are always bound

from __future__ import annotations

import json
from dataclasses import dataclass

from customer_profiles_emulator.dead_letters import DeadLetter
from customer_profiles_emulator.store.database import Database, Row


@dataclass(frozen=True, slots=True)
class ObjectKey:
    """What names an object: its domain, its type and its ProfileObjectUniqueKey."""

    domain: str
    type_name: str
    unique_key: str


@dataclass(frozen=True, slots=True)
class StoredObject:
    """An object as it is kept.

    Attributes:
        unique_values: the values of the UNIQUE key's fields.
        text: the object as it came.
        ingested_at: when it was accepted, in seconds since the epoch.
        expires_at: until when it is kept, likewise.
        seq: orders objects by when they were last written; the table gives it.
    """

    key: ObjectKey
    unique_values: list[str]
    profile_id: str
    text: str
    ingested_at: float
    expires_at: float
    seq: int = 0


@dataclass(frozen=True, slots=True)
class PendingObject:
    """An object that was accepted (`accepted_at`, seconds since the epoch) and waits to be processed."""

    domain: str
    type_name: str
    text: str
    accepted_at: float
    seq: int = 0


@dataclass(frozen=True, slots=True)
class Scope:
    """Which objects a query is about; None for any."""

    domain: str | None = None
    profile_id: str | None = None
    type_name: str | None = None


_COLUMNS = "domain, type_name, unique_key, unique_values, profile_id, text, ingested_at, expires_at"
_BY_KEY = "domain = ? AND type_name = ? AND unique_key = ?"


class ObjectTable:
    """Objects by key and by profile, in the order in which they were last written."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def profile_of(self, key: ObjectKey) -> str | None:
        """The id of the profile that an object belongs to; None when there is no such object."""
        query = f"SELECT profile_id FROM objects WHERE {_BY_KEY}"
        row = self._database.one(query, key.domain, key.type_name, key.unique_key)
        return None if row is None else str(row[0])

    def write(self, written: StoredObject) -> None:
        """Store an object as the newest, in place of the one with its key; call it within a transaction."""
        # Not INSERT OR REPLACE: see the schema on domain_sizes.
        key = written.key
        self._database.run(f"DELETE FROM objects WHERE {_BY_KEY}", key.domain, key.type_name, key.unique_key)
        self._database.run(
            f"INSERT INTO objects ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            written.key.domain,
            written.key.type_name,
            written.key.unique_key,
            json.dumps(written.unique_values),
            written.profile_id,
            written.text,
            written.ingested_at,
            written.expires_at,
        )

    def delete(self, key: ObjectKey, profile_id: str) -> bool:
        """Delete an object of a profile; whether there was one."""
        statement = f"DELETE FROM objects WHERE {_BY_KEY} AND profile_id = ?"
        return self._database.run(statement, key.domain, key.type_name, key.unique_key, profile_id) > 0

    def evict(self, scope: Scope, keep: int) -> int:
        """Delete the oldest objects beyond `keep`; how many there were."""
        condition, values = _condition(scope)
        beyond = self._database.number(f"SELECT COUNT(*) FROM objects WHERE {condition}", *values) - keep
        if beyond <= 0:
            return 0
        oldest = f"SELECT seq FROM objects WHERE {condition} ORDER BY seq LIMIT ?"
        return self._database.run(f"DELETE FROM objects WHERE seq IN ({oldest})", *values, beyond)

    def page(self, scope: Scope, *, now: float, after: int = 0, limit: int = -1) -> list[StoredObject]:
        """Up to `limit` unexpired objects (-1 for all), oldest first, those after the sequence number `after`."""
        condition, values = _condition(scope)
        query = (
            f"SELECT {_COLUMNS}, seq FROM objects WHERE {condition} AND seq > ? AND expires_at > ? ORDER BY seq LIMIT ?"
        )
        return [_object(row) for row in self._database.all(query, *values, after, now, limit)]

    def expire(self, now: float) -> int:
        """Delete the expired objects of all domains; how many there were."""
        return self._database.run("DELETE FROM objects WHERE expires_at <= ?", now)

    def add_pending(self, pending: PendingObject) -> None:
        """Keep an accepted object until it is processed; its `seq` is ignored."""
        self._database.run(
            "INSERT INTO pending (domain, type_name, text, accepted_at) VALUES (?, ?, ?, ?)",
            pending.domain,
            pending.type_name,
            pending.text,
            pending.accepted_at,
        )

    def pending(self, accepted_until: float, limit: int) -> list[PendingObject]:
        """Up to `limit` pending objects accepted until then, in the order of their acceptance."""
        query = (
            "SELECT domain, type_name, text, accepted_at, seq FROM pending WHERE accepted_at <= ? ORDER BY seq LIMIT ?"
        )
        return [PendingObject(*row) for row in self._database.all(query, accepted_until, limit)]

    def delete_pending(self, seq: int) -> None:
        """Delete a pending object: it is processed."""
        self._database.run("DELETE FROM pending WHERE seq = ?", seq)

    def count_pending(self) -> int:
        """How many accepted objects wait."""
        return self._database.number("SELECT COUNT(*) FROM pending")


def _condition(scope: Scope) -> tuple[str, list[str]]:
    named = {"domain": scope.domain, "profile_id": scope.profile_id, "type_name": scope.type_name}
    given = {column: value for column, value in named.items() if value is not None}
    # Without a profile no index has the order of a listing. A plus keeps SQLite from using one nevertheless and
    # sorting the whole domain for each page: it reads the table in its own order instead, once for all pages.
    plus = "+" if scope.profile_id is None else ""
    return " AND ".join(["1", *(f"{plus}{column} = ?" for column in given)]), list(given.values())


def _object(row: Row) -> StoredObject:
    domain, type_name, unique_key, unique_values, profile_id, text, ingested_at, expires_at, seq = row
    key = ObjectKey(domain, type_name, unique_key)
    return StoredObject(key, json.loads(unique_values), profile_id, text, ingested_at, expires_at, seq)


@dataclass(frozen=True, slots=True)
class QueuedDeadLetter:
    """A dead letter with the queue that it is to be sent to; `seq` names it in the table."""

    seq: int
    queue_url: str
    letter: DeadLetter


class DeadLetterTable:
    """Dead letters that wait to be sent, oldest first."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, queue_url: str, letter: DeadLetter) -> None:
        """Keep a dead letter until it is sent."""
        self._database.run(
            "INSERT INTO dead_letters (queue_url, domain, type_name, text, accepted_at, reason)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            queue_url,
            letter.domain,
            letter.type_name,
            letter.text,
            letter.accepted_at,
            letter.reason,
        )

    def waiting(self, limit: int) -> list[QueuedDeadLetter]:
        """Up to `limit` dead letters, oldest first."""
        query = (
            "SELECT seq, queue_url, domain, type_name, text, accepted_at, reason FROM dead_letters ORDER BY seq LIMIT ?"
        )
        return [
            QueuedDeadLetter(seq, url, DeadLetter(*letter)) for seq, url, *letter in self._database.all(query, limit)
        ]

    def delete(self, seq: int) -> None:
        """Delete a dead letter: it was sent, or could not be."""
        self._database.run("DELETE FROM dead_letters WHERE seq = ?", seq)

    def count(self) -> int:
        """How many dead letters wait."""
        return self._database.number("SELECT COUNT(*) FROM dead_letters")
