"""The steps of a redrive, on disk before each happens, so that no message is sent twice or lost.

A message is *in doubt* from before it is sent until its new place is sure to have it (then it is *sent*) or sure not to
(then it is forgotten); a message that was sent is forgotten when it is deleted from the dead-letter queue. However a
run ends, the next one knows of each message whether it was sent, was not, or may have been.

The journal is an SQLite database, there only while a message is in doubt or sent. SQLite makes each step durable, and
undoes a step that a kill has cut in half; its lock keeps a second redrive of the same queue out.
"""

import hashlib
import os
import re
import sqlite3
import stat
import struct
from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self
from uuid import uuid4

from ops.errors import OpsError, UsageError

APPLICATION_ID = int.from_bytes(b"jwbr")
VERSION = 1
"""Of the tables. A database's header says both."""
TABLES = (
    f"PRAGMA application_id = {APPLICATION_ID}",
    f"PRAGMA user_version = {VERSION}",
    "CREATE TABLE journal (queue TEXT NOT NULL, opened_at REAL NOT NULL)",
    "CREATE TABLE messages (message_id TEXT PRIMARY KEY, state TEXT NOT NULL, noted_at REAL NOT NULL)",
)
IN_DOUBT, SENT = "in doubt", "sent"
HEADER = struct.Struct(">16s44xI4xI")
"""A database's magic, version of the tables and application id (sqlite.org/fileformat2.html)."""
MAGIC = b"SQLite format 3\0"
JSON_LINES = re.compile(rb'\{"journal": "ops dlq redrive"|\{"at": [\d.]+, "(intend|confirm|withdraw|done)": \[')
"""How the journals of versions before 0.2 begin."""
LONGEST_RETENTION = timedelta(days=14)
"""SQS's own limit."""


class Journal:
    """One dead-letter queue's journal; a context manager, and one at a time on this machine.

    Args:
        path: The file.
        queue_url: The dead-letter queue.
        now: The time. Steps from longer ago than SQS keeps a message are forgotten.
        read_only: Whether this is a dry run, which creates no file and notes nothing.

    Attributes:
        sent: Messages that were sent and may still be in the dead-letter queue: they are only to be deleted.
        in_doubt: Messages that may have been sent.

    Raises:
        UsageError: another redrive of this queue is running, or the file is no journal of it, or cannot be used.
    """

    def __init__(self, path: Path, queue_url: str, now: datetime, *, read_only: bool = False) -> None:
        self.path = path
        self.sent: set[str] = set()
        self.in_doubt: set[str] = set()
        self._now = now.timestamp()
        self._connection: sqlite3.Connection | None = None
        if not os.path.lexists(path):
            if read_only:
                return
            _create(path, queue_url)
        self._inode = _checked(path)
        with _clear_errors(path):
            connection = _connect(path)
            try:
                self._load(connection, queue_url, read_only=read_only)
            except BaseException:
                connection.close()
                raise
        if read_only:
            connection.close()
        else:
            self._connection = connection

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._connection is None:
            return
        try:
            with _clear_errors(self.path):
                self._release(self._connection)
        finally:
            self._connection.close()

    def intend(self, message_ids: Collection[str]) -> None:
        """Note that messages are about to be sent."""
        self._note(message_ids, IN_DOUBT)
        self.in_doubt |= set(message_ids)

    def confirm(self, message_ids: Collection[str]) -> None:
        """Note that their new place has them."""
        self._note(message_ids, SENT)
        self.in_doubt -= set(message_ids)
        self.sent |= set(message_ids)

    def withdraw(self, message_ids: Collection[str]) -> None:
        """Note that they were not sent after all."""
        self._forget(message_ids)
        self.in_doubt -= set(message_ids)

    def done(self, message_ids: Collection[str]) -> None:
        """Note that they are deleted from the dead-letter queue."""
        self._forget(message_ids)
        self.sent -= set(message_ids)

    def _note(self, message_ids: Collection[str], state: str) -> None:
        rows = [(message_id, state, self._now) for message_id in message_ids]
        self._write("INSERT OR REPLACE INTO messages VALUES (?, ?, ?)", rows)

    def _forget(self, message_ids: Collection[str]) -> None:
        self._write("DELETE FROM messages WHERE message_id = ?", [(one,) for one in message_ids])

    def _write(self, statement: str, rows: Collection[tuple[object, ...]]) -> None:
        """Write all of a step or nothing of it, and return when the disk has it.

        Raises:
            OpsError: the disk did not take it.
        """
        if self._connection is None:
            raise RuntimeError("a dry run sends nothing, and so notes nothing")
        if not rows:
            return
        try:
            with self._connection:
                self._connection.execute("BEGIN IMMEDIATE")
                self._connection.executemany(statement, rows)
        except sqlite3.Error as error:
            raise OpsError(f"the journal {self.path} could not be written, so nothing more is sent: {error}") from error

    def _load(self, connection: sqlite3.Connection, queue_url: str, *, read_only: bool) -> None:
        # EXCLUSIVE keeps every other process out until the connection is closed, also between transactions
        connection.execute(f"PRAGMA locking_mode = {'NORMAL' if read_only else 'EXCLUSIVE'}")
        with connection:
            connection.execute("BEGIN" if read_only else "BEGIN EXCLUSIVE")
            [(queue,)] = connection.execute("SELECT queue FROM journal")
            if queue != queue_url:
                raise UsageError(
                    f"{self.path} is the journal of another queue, {queue}; nothing was changed; give another name"
                )
            if not _is_still(self.path, self._inode):
                raise _in_use(self.path)  # the run that had it has ended since, and removed it
            [(health,)] = connection.execute("PRAGMA quick_check(1)")
            if health != "ok":
                raise _damaged(self.path, health)
            oldest = self._now - LONGEST_RETENTION.total_seconds()
            if not read_only:
                # a write, so that a folder or disk that takes none is noticed before anything is sent
                connection.execute("UPDATE journal SET opened_at = ?", [self._now])
                connection.execute("DELETE FROM messages WHERE noted_at < ?", [oldest])
            for message_id, state in connection.execute(
                "SELECT message_id, state FROM messages WHERE noted_at >= ?", [oldest]
            ):
                (self.sent if state == SENT else self.in_doubt).add(message_id)

    def _release(self, connection: sqlite3.Connection) -> None:
        """Let the journal go, and remove it if nothing is open."""
        connection.execute("PRAGMA locking_mode = NORMAL")
        [(noted,)] = connection.execute("SELECT count(*) FROM messages")  # unlocks, and removes SQLite's own journal
        if noted:
            return
        with suppress(sqlite3.OperationalError):  # another redrive has locked it meanwhile: then it is theirs
            connection.execute("BEGIN EXCLUSIVE")
            if _is_still(self.path, self._inode):
                self.path.unlink()


def default_path(queue_url: str) -> Path:
    """Return where a queue's journal is: under XDG_STATE_HOME, the same for every run on this machine.

    Raises:
        UsageError: a redrive of an earlier version has left its own there.
    """
    state = Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state")
    name = f"redrive-{hashlib.sha256(queue_url.encode()).hexdigest()[:16]}"
    older = state / "journeys-that-write-back" / f"{name}.jsonl"
    if older.exists():
        raise _of_earlier_version(older)
    return older.with_suffix(".sqlite3")


def _create(path: Path, queue_url: str) -> None:
    """Create a journal under another name, and give it its own when its tables are on the disk.

    Raises:
        UsageError: it cannot be created.
    """
    partial = path.with_name(f".{path.name}.{uuid4().hex}")
    try:
        _make_folder(path.parent)
        os.close(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        with _clear_errors(path), closing(_connect(partial)) as connection, connection:
            connection.execute("BEGIN EXCLUSIVE")
            for statement in TABLES:
                connection.execute(statement)
            connection.execute("INSERT INTO journal VALUES (?, 0)", [queue_url])
        with suppress(FileExistsError):  # another redrive has begun one meanwhile
            os.link(partial, path)  # a rename would overwrite it
    except OSError as error:
        raise _unusable(path, error.strerror) from error
    finally:
        with suppress(OSError):
            partial.unlink()


def _make_folder(folder: Path) -> None:
    """Make a folder, and its parents that are missing, each for its owner alone."""
    for one in reversed([folder, *folder.parents]):
        with suppress(FileExistsError):
            one.mkdir(mode=0o700)
    if not folder.is_dir():
        raise NotADirectoryError(0, f"{folder} is no folder")


def _checked(path: Path) -> os.stat_result:
    """Return which file has this name, once it is sure to be a journal: SQLite may change any database that it opens.

    Raises:
        UsageError: it is something else, or cannot be read.
    """
    try:
        # a link is refused, since it names another file; a pipe would wait for its other end
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError as error:
        raise _in_use(path) from error  # the run that had it has ended since, and removed it
    except OSError as error:
        raise _unusable(path, "it is a symbolic link" if path.is_symlink() else error.strerror) from error
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise _unusable(path, "it is no file")
        beginning = os.pread(descriptor, HEADER.size, 0)
    finally:
        os.close(descriptor)
    if JSON_LINES.match(beginning):
        raise _of_earlier_version(path)
    magic, version, application_id = HEADER.unpack(beginning.ljust(HEADER.size, b"\0"))
    if (magic, application_id) != (MAGIC, APPLICATION_ID):
        raise UsageError(f"{path} is no journal of a redrive, and was left as it is; give another name")
    if version != VERSION:
        raise UsageError(f"{path} is a journal of version {version}, and this version of ops reads {VERSION} alone")
    return status


def _connect(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=0, isolation_level=None)


@contextmanager
def _clear_errors(path: Path) -> Iterator[None]:
    """Turn SQLite's errors into lines that say what to do."""
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorname", "")
        if code.startswith("SQLITE_BUSY"):
            raise _in_use(path) from error
        is_damaged = code.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB"))
        raise (_damaged(path, error) if is_damaged else _unusable(path, error)) from error


def _is_still(path: Path, inode: os.stat_result) -> bool:
    try:
        return os.path.samestat(path.lstat(), inode)
    except FileNotFoundError:
        return False


def _in_use(path: Path) -> UsageError:
    return UsageError(f"another redrive of this queue is running on this machine: {path} is in use")


def _unusable(path: Path, why: object) -> UsageError:
    return UsageError(f"the journal {path} cannot be used: {why}; give --journal")


def _damaged(path: Path, why: object) -> UsageError:
    return UsageError(
        f"the journal {path} is damaged ({why}), so that it is unknown which messages an interrupted redrive has sent;"
        " move it away, and redrive without --skip-profile-check: a record that its profile shows is held back"
    )


def _of_earlier_version(path: Path) -> UsageError:
    return UsageError(
        f"{path} is the journal of a redrive that a version before 0.2 has left unfinished, and was left as it is:"
        " finish it with that version, or move the file away, and messages that it has in doubt may be sent again"
    )
