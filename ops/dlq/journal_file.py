"""The file of a journal: looked at before anything is done to it, and never touched where it is something else.

It begins with a line that says what it is, and of which queue. It is never empty: it gets its name only with that line
in it, and already locked. A journal of an earlier version has no such line; it is known by its other lines.
"""

import fcntl
import json
import os
import stat
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from ops.errors import OpsError, UsageError

KIND = "ops dlq redrive"
FIRST_LINE = 65_536
"""Bytes in which the first line must end: of a file that is something else no more is read."""
EVENTS = frozenset({"intend", "confirm", "withdraw", "done"})


@dataclass(frozen=True, slots=True)
class Line:
    """One step of a redrive.

    Attributes:
        at: When, in seconds since 1970.
        event: Which, of `EVENTS`.
        ids: Of the messages.
    """

    at: float
    event: str
    ids: frozenset[str]


class JournalFile:
    """An open and locked journal.

    Args:
        descriptor: Of the file.
        path: Its name.
        lines: What it holds.
        whole: Bytes of its whole lines: what follows them was torn off by the end of the process that wrote it.
    """

    def __init__(self, descriptor: int, path: Path, lines: list[Line], whole: int) -> None:
        self.descriptor = descriptor
        self.path = path
        self.lines = lines
        self._whole = whole

    def append(self, line: Mapping[str, object]) -> None:
        """Write a line, and return when the disk has it.

        Raises:
            OpsError: the disk did not take all of it.
        """
        written = _encoded(line)
        try:
            # what is torn was never acted upon; no line may follow on half of another
            if os.fstat(self.descriptor).st_size > self._whole:
                os.ftruncate(self.descriptor, self._whole)
            taken = os.write(self.descriptor, written)
            os.fsync(self.descriptor)
        except OSError as error:
            raise _unwritten(self.path, error) from error
        if taken < len(written):
            raise _unwritten(self.path, f"{taken} bytes of {len(written)} were taken")
        self._whole += len(written)

    def remove(self) -> None:
        """Remove the file, if its name is still that of this file."""
        with suppress(FileNotFoundError):
            if os.path.samestat(os.lstat(self.path), os.fstat(self.descriptor)):
                self.path.unlink()

    def close(self) -> None:
        """Close it, and so unlock it."""
        os.close(self.descriptor)


def look(path: Path, queue_url: str) -> list[Line]:
    """Return what a journal holds, and write nothing; no lines where there is no such file.

    Raises:
        UsageError: it is no journal, another queue's, cannot be read, or another redrive has it.
    """
    with suppress(FileNotFoundError):
        descriptor = _open(path, os.O_RDONLY)
        try:
            lines, _ = _locked(descriptor, path, queue_url, fcntl.LOCK_SH)
        finally:
            os.close(descriptor)
        return lines
    return []


def take(path: Path, queue_url: str) -> JournalFile:
    """Open a journal for writing, or begin one, and lock it.

    Raises:
        UsageError: what is there is no journal, another queue's, or cannot be used; or another redrive has it.
    """
    with suppress(FileNotFoundError):
        return _resumed(path, queue_url)
    with suppress(FileExistsError):
        return _begun(path, queue_url)
    return _resumed(path, queue_url)  # somebody else has begun it meanwhile: then it is locked, or was left so


def _resumed(path: Path, queue_url: str) -> JournalFile:
    descriptor = _open(path, os.O_RDWR | os.O_APPEND)
    try:
        lines, whole = _locked(descriptor, path, queue_url, fcntl.LOCK_EX)
    except BaseException:
        os.close(descriptor)
        raise
    return JournalFile(descriptor, path, lines, whole)


def _begun(path: Path, queue_url: str) -> JournalFile:
    """Begin a journal under another name and give it its own when its first line is on the disk.

    Raises:
        FileExistsError: there is one by now.
    """
    partial = path.with_name(f".{path.name}.{uuid4().hex}")
    try:
        _make_folder(path.parent)
        descriptor = os.open(partial, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)
    except OSError as error:
        raise _unusable(path, error.strerror) from error
    begun = JournalFile(descriptor, path, [], 0)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        begun.append({"journal": KIND, "queue": queue_url})
        os.link(partial, path)  # fails where the name was taken meanwhile; a rename would overwrite it
    except BaseException as error:
        os.close(descriptor)
        if isinstance(error, OSError) and not isinstance(error, FileExistsError):
            raise _unusable(path, error.strerror) from error
        raise
    finally:
        partial.unlink(missing_ok=True)
    return begun


def _make_folder(folder: Path) -> None:
    """Make a folder and whatever of its parents is missing, each for its owner alone."""
    for one in reversed([folder, *folder.parents]):
        with suppress(FileExistsError):
            one.mkdir(mode=0o700)
    if not folder.is_dir():
        raise NotADirectoryError(f"{folder} is no folder")


def _open(path: Path, flags: int) -> int:
    """Open a file that is there, if it is one: no link, folder, pipe or device.

    Raises:
        FileNotFoundError: there is none.
        UsageError: it is something else, or cannot be opened.
    """
    try:
        # a link is refused, since it names another file; a pipe would wait for its other end
        descriptor = os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise _unusable(path, "it is a symbolic link" if path.is_symlink() else error.strerror) from error
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise _unusable(path, "it is no file")
    return descriptor


def _locked(descriptor: int, path: Path, queue_url: str, lock: int) -> tuple[list[Line], int]:
    """Lock a journal and return its lines, and their bytes."""
    _check_first_line(os.pread(descriptor, FIRST_LINE, 0), path, queue_url)
    try:
        fcntl.flock(descriptor, lock | fcntl.LOCK_NB)
        if os.fstat(descriptor).st_nlink == 0:
            raise BlockingIOError  # the run that had it ended between our opening and our locking it
    except OSError as error:
        raise UsageError(f"another redrive of this queue is going on here: {path} is in use") from error
    with os.fdopen(os.dup(descriptor), "rb") as file:
        file.seek(0)
        whole = file.read().rpartition(b"\n")[0] + b"\n"
    first, *rest = whole.splitlines()
    steps = rest if _heading(first) is not None else [first, *rest]
    return [_line(written, path) for written in steps], len(whole)


def _check_first_line(beginning: bytes, path: Path, queue_url: str) -> None:
    first, end, _ = beginning.partition(b"\n")
    heading = _heading(first) if end else None
    if heading is None:
        _line(first if end else b"", path)
    elif heading != queue_url:
        raise UsageError(f"{path} is the journal of another queue, {heading}; nothing was changed; give another name")


def _heading(line: bytes) -> str | None:
    """Return the queue that a journal's first line names; None where it is no such line."""
    members = _parsed(line)
    if not isinstance(members, dict) or members.keys() != {"journal", "queue"} or members["journal"] != KIND:
        return None
    return str(members["queue"])


def _line(written: bytes, path: Path) -> Line:
    members = _parsed(written)
    if isinstance(members, dict) and len(members) == len(("at", "event")):
        [event] = [name for name in members if name != "at"] if "at" in members else [""]
        at, ids = members.get("at"), members.get(event)
        is_time = isinstance(at, int | float) and not isinstance(at, bool)
        if is_time and event in EVENTS and isinstance(ids, list) and all(isinstance(one, str) for one in ids):
            return Line(float(str(at)), event, frozenset(ids))
    raise UsageError(f"{path} is no journal of a redrive, and was left as it is; give another name")


def _parsed(line: bytes) -> object:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None


def _encoded(line: Mapping[str, object]) -> bytes:
    return (json.dumps(line) + "\n").encode()


def _unusable(path: Path, why: str | None) -> UsageError:
    return UsageError(f"the journal {path} cannot be used: {why}; give --journal")


def _unwritten(path: Path, why: object) -> OpsError:
    return OpsError(f"the journal {path} could not be written, so nothing more is sent: {why}")
