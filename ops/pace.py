"""Spreads work in time, so that a rate is never exceeded."""

from dataclasses import dataclass

from engagement.clock import Clock


@dataclass(slots=True)
class Pace:
    """At most ``rate`` items a second; what was not used is not made up for later.

    Attributes:
        rate: Items a second.
        clock: The time.
    """

    rate: float
    clock: Clock
    _next: float = float("-inf")

    def wait(self, items: int = 1) -> None:
        """Return when so many items may follow."""
        now = self.clock.monotonic()
        if self._next > now:
            self.clock.sleep(self._next - now)
        self._next = max(self._next, now) + items / self.rate
