"""The emulator's whole state, in SQLite: the tables, and what changes several of them at once.

`database` runs statements; `catalogue`, `profiles` and `objects` are the tables; `schema.sql` describes them.
"""

# ruff: noqa: S608 - names of tables and columns are constants of this module; values are always bound

from __future__ import annotations

from customer_profiles_emulator.object_types import PROFILE_ID_KEY
from customer_profiles_emulator.standard_profile import MANUAL, OWN_FIELDS
from customer_profiles_emulator.store.catalogue import Catalogue, DomainSizeTable
from customer_profiles_emulator.store.database import MEMORY, Database
from customer_profiles_emulator.store.objects import DeadLetterTable, ObjectTable
from customer_profiles_emulator.store.profiles import ProfileTable

_TABLES = ("object_types", "profiles", "profile_keys", "objects", "pending")


class Store:
    """Domains and object types, profiles, objects. Safe to use from many threads.

    Attributes:
        transaction: makes several steps one; see `Database.transaction`.
        watch: counts what a query costs; see `Database.watch`.

    Args:
        path: of the database, which is created if there is none; `MEMORY` for one that ends with the process.
    """

    def __init__(self, path: str = MEMORY) -> None:
        self._database = Database(path)
        self.catalogue = Catalogue(self._database)
        self.profiles = ProfileTable(self._database)
        self.objects = ObjectTable(self._database)
        self.dead_letters = DeadLetterTable(self._database)
        self.sizes = DomainSizeTable(self._database)
        self.transaction = self._database.transaction
        self.watch = self._database.watch
        self.close = self._database.close

    def clear(self) -> None:
        """Delete everything."""
        with self.transaction():
            for table in ("domains", *_TABLES, "dead_letters"):
                self._database.run(f"DELETE FROM {table}")

    def delete_domain(self, name: str) -> bool:
        """Delete a domain with all that is in it; whether there was one."""
        with self.transaction():
            for table in _TABLES:
                self._database.run(f"DELETE FROM {table} WHERE domain = ?", name)
            return self._database.run("DELETE FROM domains WHERE name = ?", name) > 0

    def delete_profile(self, domain: str, profile_id: str) -> None:
        """Delete a profile, its keys and its objects; call it within a transaction."""
        for table, column in (("profiles", "id"), ("profile_keys", "profile_id"), ("objects", "profile_id")):
            self._database.run(f"DELETE FROM {table} WHERE domain = ? AND {column} = ?", domain, profile_id)

    def move_profile(self, domain: str, source_id: str, target_id: str) -> None:
        """Give a profile's objects and keys, all but its id, to another and delete it; call it within a transaction.

        The keys of its own fields become keys that the API wrote: the target's own fields do not have them.
        """
        objects = "UPDATE objects SET profile_id = ? WHERE domain = ? AND profile_id = ?"
        self._database.run(objects, target_id, domain, source_id)
        keys = (
            "INSERT OR IGNORE INTO profile_keys"
            " SELECT domain, name, value, ?1, CASE type_name WHEN ?2 THEN ?3 ELSE type_name END"
            " FROM profile_keys WHERE domain = ?4 AND profile_id = ?5 AND (name <> ?6 OR type_name <> ?2)"
        )
        self._database.run(keys, target_id, OWN_FIELDS, MANUAL, domain, source_id, PROFILE_ID_KEY)
        self.delete_profile(domain, source_id)

    def delete_object_type(self, domain: str, name: str) -> bool:
        """Delete a type, its objects, and what they wrote to profiles and key index; whether there was one."""
        with self.transaction():
            self.profiles.scrub(domain, name)
            for table in ("objects", "pending"):
                self._database.run(f"DELETE FROM {table} WHERE domain = ? AND type_name = ?", domain, name)
            return self._database.run("DELETE FROM object_types WHERE domain = ? AND name = ?", domain, name) > 0
