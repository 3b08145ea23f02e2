"""The thread that attaches accepted objects when an indexing delay is set."""

from __future__ import annotations

import threading
from collections.abc import Callable

_PATIENCE_SECONDS = 5.0


class Worker:
    """Calls `work` until told to stop, pausing `pause` seconds whenever there was nothing to do."""

    def __init__(self, work: Callable[[], int], pause: float) -> None:
        self._work = work
        self._pause = pause
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="indexing", daemon=True)

    def start(self) -> None:
        """Start working, in a thread of its own."""
        self._thread.start()

    def stop(self) -> None:
        """Finish the work in hand and end the thread."""
        self._stopping.set()
        self._thread.join(_PATIENCE_SECONDS)

    def _run(self) -> None:
        while not self._stopping.is_set():
            if self._work() == 0:
                self._stopping.wait(self._pause)
