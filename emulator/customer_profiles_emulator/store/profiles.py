"""The tables of profiles and of the keys that find them."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from customer_profiles_emulator.standard_profile import OWN_FIELDS, index_keys, indexed_values
from customer_profiles_emulator.store.database import Database, Row


@dataclass(frozen=True, slots=True)
class StoredProfile:
    """A profile: path under `_profile` to value and what wrote it (`standard_profile`); `seq` orders by creation."""

    seq: int
    id: str
    fields: dict[str, tuple[str, str]]


class ProfileTable:
    """Profiles by id and by key."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, domain: str, profile_id: str) -> StoredProfile | None:
        """The profile, if it exists."""
        query = "SELECT seq, id, fields FROM profiles WHERE domain = ? AND id = ?"
        row = self._database.one(query, domain, profile_id)
        return None if row is None else _profile(row)

    def new_id(self) -> str:
        """An id for a profile to be created; ids sort by creation, so that an index by id lists the oldest first."""
        following = self._database.number("SELECT COALESCE(MAX(seq), 0) + 1 FROM profiles")
        return f"{following:012x}{uuid.uuid4().hex[12:]}"

    def write(self, domain: str, profile_id: str, fields: Mapping[str, tuple[str, str]]) -> None:
        """Create a profile or replace its fields, and with them the keys that it is found by through them."""
        existing = self.get(domain, profile_id)
        self._database.run(
            "INSERT INTO profiles (domain, id, fields) VALUES (?, ?, ?)"
            " ON CONFLICT DO UPDATE SET fields = excluded.fields",
            domain,
            profile_id,
            json.dumps(fields),
        )
        # Most writes change no key, and a key that DeleteProfileKey deleted does not come back until they do.
        if existing is None or indexed_values(existing.fields) != indexed_values(fields):
            before = set() if existing is None else index_keys(profile_id, existing.fields)
            self._index(domain, profile_id, before, index_keys(profile_id, fields))

    def _index(self, domain: str, profile_id: str, before: set[tuple[str, str]], after: set[tuple[str, str]]) -> None:
        for name, value in after - before:
            self.add_key(domain, name, value, profile_id, OWN_FIELDS)
        statement = (
            "DELETE FROM profile_keys WHERE domain = ? AND name = ? AND value = ? AND profile_id = ? AND type_name = ?"
        )
        for name, value in before - after:
            self._database.run(statement, domain, name, value, profile_id, OWN_FIELDS)

    def add_key(self, domain: str, name: str, value: str, profile_id: str, type_name: str) -> None:
        """Index a profile by a key; adding it twice changes nothing."""
        statement = "INSERT OR IGNORE INTO profile_keys VALUES (?, ?, ?, ?, ?)"
        self._database.run(statement, domain, name, value, profile_id, type_name)

    def remove_key(self, domain: str, name: str, value: str, profile_id: str) -> bool:
        """Remove a key of a profile, whatever added it; whether it had the key."""
        statement = "DELETE FROM profile_keys WHERE domain = ? AND name = ? AND value = ? AND profile_id = ?"
        return self._database.run(statement, domain, name, value, profile_id) > 0

    def by_key(self, domain: str, name: str, value: str, limit: int = -1, after: str = "") -> list[str]:
        """The ids of up to `limit` profiles (-1 for all) that have this key, in their order, those after `after`."""
        query = (
            "SELECT DISTINCT profile_id FROM profile_keys WHERE domain = ? AND name = ? AND value = ?"
            " AND profile_id > ? ORDER BY profile_id LIMIT ?"
        )
        return [str(row[0]) for row in self._database.all(query, domain, name, value, after, limit)]

    def has_key(self, domain: str, name: str, value: str, profile_id: str) -> bool:
        """Whether the profile is found by this key."""
        query = "SELECT 1 FROM profile_keys WHERE domain = ? AND name = ? AND value = ? AND profile_id = ? LIMIT 1"
        return self._database.one(query, domain, name, value, profile_id) is not None

    def scrub(self, domain: str, type_name: str) -> None:
        """Take from every profile of a domain the keys and fields that objects of a type wrote."""
        for row in self._database.all("SELECT seq, id, fields FROM profiles WHERE domain = ?", domain):
            profile = _profile(row)
            kept = {path: written for path, written in profile.fields.items() if written[1] != type_name}
            if kept != profile.fields:
                self.write(domain, profile.id, kept)
        self._database.run("DELETE FROM profile_keys WHERE domain = ? AND type_name = ?", domain, type_name)


def _profile(row: Row) -> StoredProfile:
    seq, profile_id, fields = row
    written = {path: (value, type_name) for path, (value, type_name) in json.loads(fields).items()}
    return StoredProfile(seq, profile_id, written)
