"""The connection to SQLite that the tables share.

SQLite because the state must survive a kill -9 in mid-write and be exact afterwards, which a write-ahead log gives
and a file of our own would have to earn; it also keeps keys indexed at hundreds of thousands of objects. One
connection behind one lock: a write takes tens of microseconds, so that writers wait for Python, not for each other.
`synchronous=NORMAL` outlives the process, not a power cut, which is all that a test instrument promises.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

MEMORY = ":memory:"

Row = Sequence[Any]
"""A row's columns, of the types that the schema gives them."""


class Database:
    """Runs statements, each atomic by itself or several in a `transaction`. Safe to use from many threads."""

    def __init__(self, path: str = MEMORY) -> None:
        """Open or create the database at `path`; `MEMORY` for one that ends with the process."""
        self._lock = threading.RLock()
        # The statements are ours and few: all stay prepared.
        self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, cached_statements=256)
        self.run("PRAGMA journal_mode=WAL")
        self.run("PRAGMA synchronous=NORMAL")
        self._connection.executescript(Path(__file__).with_name("schema.sql").read_text(encoding="utf-8"))

    def close(self) -> None:
        """Close the database; it is of no use afterwards."""
        with self._lock:
            self._connection.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Make all that this thread does inside one atomic step; nothing of it stays if it raises."""
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def run(self, statement: str, *values: object) -> int:
        """Run a statement; how many rows it changed."""
        with self._lock:
            return self._connection.execute(statement, values).rowcount

    def one(self, query: str, *values: object) -> Row | None:
        """The first row of a query."""
        with self._lock:
            row: Row | None = self._connection.execute(query, values).fetchone()
            return row

    def all(self, query: str, *values: object) -> list[Row]:
        """Every row of a query."""
        with self._lock:
            return self._connection.execute(query, values).fetchall()

    def number(self, query: str, *values: object) -> int:
        """The one number that a query gives."""
        with self._lock:
            return int(self._connection.execute(query, values).fetchone()[0])
