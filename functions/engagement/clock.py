"""Time as a port, so that no test has to wait for it."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """What the pipeline asks of time."""

    def now(self) -> datetime:
        """Return the wall-clock time, timezone-aware, UTC."""

    def monotonic(self) -> float:
        """Return seconds on a clock that never goes backwards."""

    def sleep(self, seconds: float) -> None:
        """Block the calling thread for ``seconds``."""


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """Return the wall-clock time, timezone-aware, UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Return seconds on a clock that never goes backwards."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Block the calling thread for ``seconds``."""
        time.sleep(seconds)


@dataclass(frozen=True, slots=True)
class Deadline:
    """A moment on a clock's monotonic scale after which no new call may start."""

    clock: Clock
    at: float

    @classmethod
    def after(cls, clock: Clock, seconds: float) -> "Deadline":
        """Return the deadline ``seconds`` from now; a negative number has already passed."""
        return cls(clock, clock.monotonic() + seconds)

    def remaining(self) -> float:
        """Return the seconds left, negative once passed."""
        return self.at - self.clock.monotonic()

    def passed(self) -> bool:
        """Return whether the moment has come."""
        return self.remaining() <= 0
