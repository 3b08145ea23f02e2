"""The table of how much is in each domain; triggers of the schema keep it."""

from __future__ import annotations

from dataclasses import dataclass

from customer_profiles_emulator.database import Database


@dataclass(frozen=True, slots=True)
class DomainSize:
    """How many profiles and objects a domain has, and the objects' characters altogether."""

    profiles: int = 0
    objects: int = 0
    characters: int = 0


class DomainSizeTable:
    """Sizes by domain, read without counting."""

    def __init__(self, database: Database) -> None:
        """Read them from `database`; a file from before there was this table is counted once."""
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
