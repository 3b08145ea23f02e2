"""What a redrive has begun and not ended, on disk before it happens, so that no message is sent twice or lost.

For each message: ``intend`` before it is sent, ``confirm`` when its new place is sure to have it (or ``withdraw`` when
it is sure not to), ``done`` when it is gone from the dead-letter queue. Whatever ends the process, the next one knows
of each message whether it was sent, was not, or may have been.
"""

import fcntl
import hashlib
import json
import os
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

from ops.errors import OpsError, UsageError

LONGEST_RETENTION = timedelta(days=14)
"""SQS's own limit."""


class Journal:
    """One dead-letter queue's journal; a context manager, and one at a time on this machine.

    Args:
        path: The file; it is there only while something is open.
        now: What is older than SQS keeps any message is forgotten: there is nothing left that it could be about.

    Attributes:
        sent: Messages that were sent and are not known to be gone from the dead-letter queue: only to be deleted.
        in_doubt: Messages of which nobody knows whether they were sent.

    Raises:
        UsageError: another redrive of this queue is going on, or the file cannot be used.
    """

    def __init__(self, path: Path, now: datetime) -> None:
        self.path = path
        self._now = now
        self.sent: set[str] = set()
        self.in_doubt: set[str] = set()
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        except OSError as error:
            raise UsageError(f"the journal {path} cannot be used: {error.strerror}; give --journal") from error
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if os.fstat(self._file).st_nlink == 0:
                raise BlockingIOError  # the run that had it ended between our opening and our locking it
        except OSError as error:
            os.close(self._file)
            raise UsageError(f"another redrive of this queue is going on here: {path} is in use") from error
        self._load()

    def __enter__(self) -> Self:
        """Start."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Close the file; where nothing is open any more it goes."""
        if not self.sent and not self.in_doubt:
            self.path.unlink(missing_ok=True)
        os.close(self._file)

    def intend(self, message_ids: Collection[str]) -> None:
        """Note that messages are about to be sent."""
        self.in_doubt |= set(message_ids)
        self._write("intend", message_ids)

    def confirm(self, message_ids: Collection[str]) -> None:
        """Note that their new place has them."""
        self.in_doubt -= set(message_ids)
        self.sent |= set(message_ids)
        self._write("confirm", message_ids)

    def withdraw(self, message_ids: Collection[str]) -> None:
        """Note that they were not sent after all."""
        self.in_doubt -= set(message_ids)
        self._write("withdraw", message_ids)

    def done(self, message_ids: Collection[str]) -> None:
        """Note that they are gone from the dead-letter queue."""
        self.sent -= set(message_ids)
        self._write("done", message_ids)

    def _write(self, event: str, message_ids: Iterable[str]) -> None:
        ids = sorted(message_ids)
        if not ids:
            return
        try:
            os.write(self._file, (json.dumps({"at": self._now.timestamp(), event: ids}) + "\n").encode())
            os.fsync(self._file)
        except OSError as error:
            raise OpsError(f"the journal {self.path} could not be written, so nothing more is sent: {error}") from error

    def _load(self) -> None:
        """Read what an earlier run left. A last line that is not whole was never acted upon."""
        whole, _, torn = self.path.read_bytes().rpartition(b"\n")
        if torn:
            os.ftruncate(self._file, len(whole) + bool(whole))
        oldest = (self._now - LONGEST_RETENTION).timestamp()
        for line in whole.splitlines():
            try:
                (_, at), (event, ids) = json.loads(line).items()
                if at < oldest:
                    continue
                effect = {"intend": self._intended, "confirm": self._confirmed, "withdraw": self._withdrawn}
                effect.get(event, self._gone)(set(ids))
            except (ValueError, AttributeError, TypeError) as error:
                raise UsageError(f"{self.path} is no journal of a redrive") from error

    def _intended(self, ids: set[str]) -> None:
        self.in_doubt |= ids

    def _confirmed(self, ids: set[str]) -> None:
        self.in_doubt -= ids
        self.sent |= ids

    def _withdrawn(self, ids: set[str]) -> None:
        self.in_doubt -= ids

    def _gone(self, ids: set[str]) -> None:
        self.sent -= ids


def default_path(queue_url: str) -> Path:
    """Return where a queue's journal is: under XDG_STATE_HOME, the same for every run on this machine."""
    state = Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state")
    return state / "journeys-that-write-back" / f"redrive-{hashlib.sha256(queue_url.encode()).hexdigest()[:16]}.jsonl"
