"""The rate budget: this environment's share of the writes a second that the account may make.

A token bucket whose rate follows additive increase, multiplicative decrease: a throttle halves it, quiet seconds give
it back. Sharing needs no coordination: MaximumConcurrency caps the environments, and each takes an equal share.

The constants are chosen by simulation (tests/unit/writer/test_budget_simulation.py): 2, 5 and 10 environments at 80
of 100 writes a second.
"""

from threading import Lock

from engagement.clock import Clock, Deadline
from engagement.errors import OutOfTimeError

DECREASE = 0.5
"""What a throttle leaves of the rate."""
INCREASE = 0.05
"""Share of the ceiling that a second without a throttle gives back.

With 40 of the 100 taken by others, 10 environments have 2.4 % of their calls throttled; at 0.1 it is 5.3 %. What the
others leave is used up at either. Back at the whole budget after 10 s from one throttle, after 18 s from the floor.
"""
FLOOR = 0.1
"""Share of the ceiling below which the rate never falls: some calls must show that the service is back."""
BURST = 0.5
"""Seconds of the rate that may be saved up between two batches.

It bridges gaps of 0.4 s at 97 % of the budget; at 0.25 it is 85 %, and more would be too much at once for a quota
that holds less than a second's worth.
"""
HOLD = 1.0
"""Seconds within which several throttles count as one: they have the same excess as their cause."""


class Budget:
    """The rate that all threads of one environment keep together.

    Args:
        writes_per_second: The most that this environment may make.
        clock: Where waits are slept.
    """

    def __init__(self, writes_per_second: float, clock: Clock) -> None:
        self._ceiling = writes_per_second
        self._rate = writes_per_second
        self._clock = clock
        self._lock = Lock()
        self._tokens = 0.0
        self._filled_at = clock.monotonic()
        self._throttled_at = float("-inf")

    @property
    def rate(self) -> float:
        """The present rate, in writes a second."""
        return self._rate

    def spend(self, deadline: Deadline) -> None:
        """Wait for the right to make one call.

        Raises:
            OutOfTimeError: the wait would end after ``deadline``; nothing was spent.
        """
        wait = self.reserve(deadline.remaining())
        if wait > 0:
            self._clock.sleep(wait)

    def reserve(self, within: float) -> float:
        """Take the right to make one call, and return the seconds after which it may start.

        Raises:
            OutOfTimeError: it could not start ``within`` so many seconds; nothing was taken.
        """
        with self._lock:
            self._fill()
            wait = max(0.0, (1.0 - self._tokens) / self._rate)
            if wait >= within:
                raise OutOfTimeError("BudgetSpent")
            # The token is taken in advance, so that threads queue up behind one another instead of racing.
            self._tokens -= 1.0
            return wait

    def throttled(self) -> None:
        """Slow down: the service found us too fast."""
        with self._lock:
            self._fill()
            if self._filled_at - self._throttled_at < HOLD:
                return
            self._throttled_at = self._filled_at
            self._rate = max(self._ceiling * FLOOR, self._rate * DECREASE)

    def _fill(self) -> None:
        now = self._clock.monotonic()
        elapsed = now - self._filled_at
        self._filled_at = now
        self._rate = min(self._ceiling, self._rate + self._ceiling * INCREASE * elapsed)
        self._tokens = min(max(1.0, self._rate * BURST), self._tokens + self._rate * elapsed)
