"""A thread that does what is due: attaches accepted objects, or sends dead letters."""

from __future__ import annotations

import threading
import traceback
from collections.abc import Callable

_STOP_SECONDS = 5.0


class Worker:
    """Calls `work` until `stop`; when there was nothing to do, pauses `pause` seconds or until `due` is set."""

    def __init__(
        self, work: Callable[[], int], pause: float, due: threading.Event | None = None, name: str = "indexing"
    ) -> None:
        self._work = work
        self._pause = pause
        self._due = threading.Event() if due is None else due
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Start working, in a thread of its own."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread after the work that it is doing."""
        self._stopping.set()
        self._due.set()
        self._thread.join(_STOP_SECONDS)

    def _run(self) -> None:
        while not self._stopping.is_set():
            if self._attempt() == 0:
                self._due.wait(self._pause)
                self._due.clear()

    def _attempt(self) -> int:
        try:
            return self._work()
        except Exception as error:  # noqa: BLE001 - a defect must be seen, and must not end all later work
            traceback.print_exception(error)
            return 0
