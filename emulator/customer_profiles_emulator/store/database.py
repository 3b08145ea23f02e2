"""The connection to SQLite that the tables share.

SQLite because the state must survive a kill -9 in mid-write and be exact afterwards, which a write-ahead log gives
and a file of our own would have to earn; it also keeps keys indexed at hundreds of thousands of objects. One
connection behind one lock: a write takes tens of microseconds, so that writers wait for Python, not for each other.
`synchronous=NORMAL` outlives the process, not a power cut, which is all that a test instrument promises.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

MEMORY = ":memory:"

Row = Sequence[Any]
"""A row's columns, of the types that the schema gives them."""


class DataFileInUseError(RuntimeError):
    """Another process has the data file open; the message names it."""


class Database:
    """Runs statements, each atomic by itself or several in a `transaction`. Safe to use from many threads."""

    def __init__(self, path: str = MEMORY) -> None:
        """Open or create the database at `path`; `MEMORY` for one that ends with the process.

        Raises:
            DataFileInUseError: another process has it open.
            sqlite3.Error: it cannot be opened, or is no database.
        """
        self._lock = threading.RLock()
        # The statements are ours and few: all stay prepared. No time-out: only another process can hold a lock.
        self._connection = sqlite3.connect(
            path, timeout=0, isolation_level=None, check_same_thread=False, cached_statements=256
        )
        try:
            self._set_up()
        except sqlite3.OperationalError as error:
            self._connection.close()
            if error.sqlite_errorcode == sqlite3.SQLITE_BUSY:
                raise DataFileInUseError(
                    f"{path} is in use by another process: give each emulator a data file of its own"
                ) from error
            raise

    def _set_up(self) -> None:
        # Exclusive before the file is read: the lock is kept until the connection closes or the process
        # dies. Two emulators on one file would each use remembered types that the other has replaced.
        self.run("PRAGMA locking_mode=EXCLUSIVE")
        self.run("PRAGMA journal_mode=WAL")
        self.run("PRAGMA synchronous=NORMAL")
        self._connection.executescript(Path(__file__).with_name("schema.sql").read_text(encoding="utf-8"))

    def watch(self, step: Callable[[], None] | None) -> None:
        """Call `step` after each step of SQLite's virtual machine: tests count what a query costs, on any computer."""
        self._connection.set_progress_handler(step, 1)

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
