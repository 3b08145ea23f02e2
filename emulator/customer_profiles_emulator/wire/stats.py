"""Counts of what happened, for tests and soaks to verify against."""

from __future__ import annotations

import threading
from collections import Counter
from typing import Any


class Stats:
    """Counters of operations by outcome, and of a service's own events by name. Safe to use from many threads.

    An outcome is `ok`, an error's code, or `drop_before_write`, `drop_after_write`, `foreign` or `hang`.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._operations: dict[str, Counter[str]] = {}
        self._events: Counter[str] = Counter()
        self._callers: dict[str, set[str]] = {}

    def operation(self, name: str, outcome: str) -> None:
        """Count one request."""
        with self._lock:
            self._operations.setdefault(name, Counter())[outcome] += 1

    def event(self, name: str, times: int = 1) -> None:
        """Count an event of the service's own."""
        with self._lock:
            self._events[name] += times

    def caller(self, access_key: str, operation: str) -> None:
        """Note that a key called an operation, allowed or not."""
        with self._lock:
            self._callers.setdefault(access_key, set()).add(operation)

    def reset(self) -> None:
        """Start from zero."""
        with self._lock:
            self._operations.clear()
            self._events.clear()
            self._callers.clear()

    def snapshot(self) -> dict[str, Any]:
        """What was counted: `operations` {name: {outcome: count}}, `events` {name: count}, `callers` {key: [name]}."""
        with self._lock:
            return {
                "operations": {name: dict(outcomes) for name, outcomes in self._operations.items()},
                "events": dict(self._events),
                "callers": {key: sorted(names) for key, names in self._callers.items()},
            }
