"""Time that passes when a test says so: retention, indexing delays and quotas without waiting."""

from __future__ import annotations

import threading

_START = 1_750_000_000.0  # an arbitrary moment of 2025, so that dates look like dates


class VirtualClock:
    """A clock that stands still until it is advanced. Safe to use from many threads.

    Args:
        start: seconds since the epoch.
    """

    def __init__(self, start: float = _START) -> None:
        self._lock = threading.Lock()
        self._now = start

    def now(self) -> float:
        """Seconds since the epoch."""
        with self._lock:
            return self._now

    def advance(self, seconds: float) -> None:
        """Let time pass.

        Raises:
            ValueError: it would go back.
        """
        if seconds < 0:
            raise ValueError(f"time does not go back: {seconds}")
        with self._lock:
            self._now += seconds
