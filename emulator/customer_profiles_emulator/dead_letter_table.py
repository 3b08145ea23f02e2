"""The table of dead letters that wait to be sent."""

from __future__ import annotations

from dataclasses import dataclass

from customer_profiles_emulator.database import Database
from customer_profiles_emulator.dead_letters import DeadLetter


@dataclass(frozen=True, slots=True)
class AddressedLetter:
    """A dead letter with the queue that it goes to; `seq` names it in the table."""

    seq: int
    queue_url: str
    letter: DeadLetter


class DeadLetterTable:
    """Dead letters in the order in which they came to be."""

    def __init__(self, database: Database) -> None:
        """Keep them in `database`."""
        self._database = database

    def add(self, queue_url: str, letter: DeadLetter) -> None:
        """Keep a letter until it is sent."""
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

    def waiting(self, limit: int) -> list[AddressedLetter]:
        """Up to `limit` letters, oldest first."""
        query = (
            "SELECT seq, queue_url, domain, type_name, text, accepted_at, reason FROM dead_letters ORDER BY seq LIMIT ?"
        )
        return [
            AddressedLetter(seq, url, DeadLetter(*letter)) for seq, url, *letter in self._database.all(query, limit)
        ]

    def delete(self, seq: int) -> None:
        """Forget a letter: it was sent, or could not be."""
        self._database.run("DELETE FROM dead_letters WHERE seq = ?", seq)

    def count(self) -> int:
        """How many letters wait."""
        return self._database.number("SELECT COUNT(*) FROM dead_letters")
