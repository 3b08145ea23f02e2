"""Request quotas, as token buckets that hold one second's worth; that AWS's hold as much is (unverified)."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping

Clock = Callable[[], float]
"""Seconds from any start, never going back."""

# Ten times a hundredth of a second's refill must make a whole token, whatever floating point makes of it.
_ROUNDING = 1e-9


class TokenBucket:
    """Admits `rate` requests a second, and at most one second's worth at once (never less than one)."""

    def __init__(self, rate: float, clock: Clock) -> None:
        self._rate = rate
        self._clock = clock
        self._capacity = max(rate, 1.0)
        self._tokens = self._capacity
        self._filled_at = clock()
        self._lock = threading.Lock()

    def take(self, wanted: int = 1) -> int:
        """Take up to `wanted` tokens and return how many there were."""
        with self._lock:
            now = self._clock()
            self._tokens = min(self._capacity, self._tokens + (now - self._filled_at) * self._rate)
            self._filled_at = now
            granted = min(wanted, int(self._tokens + _ROUNDING))
            self._tokens -= granted
            return granted


class Quotas:
    """A bucket for each limited operation; operations without a rate are never refused."""

    def __init__(self, rates: Mapping[str, float], clock: Clock) -> None:
        """Start with full buckets.

        Args:
            rates: operation to requests a second; a rate of 0 lifts the quota.
            clock: what refills the buckets.
        """
        self.rates = dict(rates)
        self._clock = clock
        self.reset()

    def reset(self) -> None:
        """Fill every bucket."""
        self._buckets = {name: TokenBucket(rate, self._clock) for name, rate in self.rates.items() if rate > 0}

    def take(self, operation: str, wanted: int = 1) -> int:
        """Take up to `wanted` requests of the operation's quota and return how many it allows."""
        bucket = self._buckets.get(operation)
        return wanted if bucket is None else bucket.take(wanted)
