"""A pause between calls, for an operation that the service lets happen once a second."""

from engagement.clock import Clock


class Pace:
    """Lets its user pass every ``seconds`` at most; kept for as long as the function's environment lives."""

    def __init__(self, clock: Clock, seconds: float) -> None:
        self._clock = clock
        self._seconds = seconds
        self._next = clock.monotonic()

    def wait(self) -> None:
        """Sleep until ``seconds`` after the last turn."""
        self._clock.sleep(max(0.0, self._next - self._clock.monotonic()))
        self._next = self._clock.monotonic() + self._seconds
