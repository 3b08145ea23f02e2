"""The emulator's whole state: the tables, and what touches several of them at once."""

# ruff: noqa: S608 - names of tables and columns are constants of this module; values are always bound

from __future__ import annotations

from customer_profiles_emulator.catalogue import Catalogue
from customer_profiles_emulator.database import MEMORY, Database
from customer_profiles_emulator.dead_letter_table import DeadLetterTable
from customer_profiles_emulator.domain_size_table import DomainSizeTable
from customer_profiles_emulator.object_table import ObjectTable
from customer_profiles_emulator.profile_table import ProfileTable

_TABLES = ("object_types", "profiles", "profile_keys", "objects", "pending")


class Store:
    """Domains and object types, profiles, objects. Safe to use from many threads.

    Attributes:
        transaction: makes several steps one; see `Database.transaction`.
        watch: counts what a question costs; see `Database.watch`.
    """

    def __init__(self, path: str = MEMORY) -> None:
        """Open or create the database at `path`; `MEMORY` for one that ends with the process."""
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
        """Forget everything."""
        with self.transaction():
            for table in ("domains", *_TABLES, "dead_letters"):
                self._database.run(f"DELETE FROM {table}")

    def delete_domain(self, name: str) -> bool:
        """Delete a domain with all that is in it; whether there was one."""
        with self.transaction():
            for table in _TABLES:
                self._database.run(f"DELETE FROM {table} WHERE domain = ?", name)
            return self._database.run("DELETE FROM domains WHERE name = ?", name) > 0

    def delete_object_type(self, domain: str, name: str) -> bool:
        """Delete a type, its objects, and what they wrote to profiles and key index; whether there was one."""
        with self.transaction():
            self.profiles.scrub(domain, name)
            for table in ("objects", "pending"):
                self._database.run(f"DELETE FROM {table} WHERE domain = ? AND type_name = ?", domain, name)
            return self._database.run("DELETE FROM object_types WHERE domain = ? AND name = ?", domain, name) > 0
