"""What a redrive has begun and not ended, on disk before it happens, so that no message is sent twice or lost.

For each message: ``intend`` before it is sent, ``confirm`` when its new place is sure to have it (or ``withdraw`` when
it is sure not to), ``done`` when it is gone from the dead-letter queue. Whatever ends the process, the next one knows
of each message whether it was sent, was not, or may have been.
"""

import hashlib
import os
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

from ops.dlq.journal_file import Line, look, take

LONGEST_RETENTION = timedelta(days=14)
"""SQS's own limit."""


class Journal:
    """One dead-letter queue's journal; a context manager, and one at a time on this machine.

    Args:
        path: The file; it is there only while something is open.
        queue_url: The dead-letter queue.
        now: What is older than SQS keeps any message is forgotten: there is nothing left that it could be about.
        only_look: Whether to write nothing, and not to begin a file either: a dry run.

    Attributes:
        sent: Messages that were sent and are not known to be gone from the dead-letter queue: only to be deleted.
        in_doubt: Messages of which nobody knows whether they were sent.

    Raises:
        UsageError: another redrive of this queue is going on, or the file is no journal of it, or cannot be used.
    """

    def __init__(self, path: Path, queue_url: str, now: datetime, *, only_look: bool = False) -> None:
        self.path = path
        self._now = now
        self.sent: set[str] = set()
        self.in_doubt: set[str] = set()
        self._file = None if only_look else take(path, queue_url)
        self._load(look(path, queue_url) if self._file is None else self._file.lines)

    def __enter__(self) -> Self:
        """Start."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Close the file; where nothing is open any more it goes."""
        if self._file is None:
            return
        if not self.sent and not self.in_doubt:
            self._file.remove()
        self._file.close()

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
        if ids and self._file is not None:
            self._file.append({"at": self._now.timestamp(), event: ids})

    def _load(self, lines: Iterable[Line]) -> None:
        """Take over what an earlier run left."""
        oldest = (self._now - LONGEST_RETENTION).timestamp()
        effects = {
            "intend": self._intended,
            "confirm": self._confirmed,
            "withdraw": self._withdrawn,
            "done": self._gone,
        }
        for line in lines:
            if line.at >= oldest:
                effects[line.event](set(line.ids))

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
