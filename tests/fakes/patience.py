"""Patience in virtual time: a call that hangs costs the clock its time, and no test a second."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from engagement.errors import CallOutlastedError
from tests.fakes.clock import FakeClock

Result = TypeVar("Result")


class HangError(Exception):
    """What a fake service raises where the real one hangs, drips, or is not found by its name server."""


@dataclass(slots=True)
class FakePatience:
    """`engagement.patience.Patience`: calls are made where they are asked for, and a `HangError` ends them.

    Attributes:
        clock: Moved by ``seconds`` with each call that hangs.
        seconds: That a call may take.
    """

    clock: FakeClock = field(default_factory=FakeClock)
    seconds: float = 6.0
    _taken: int = 0

    def __call__(self, call: Callable[[], Result]) -> Result:
        """Return what ``call`` returns, or end it."""
        try:
            return call()
        except HangError:
            self._taken += 1
            self.clock.advance(self.seconds)
            raise CallOutlastedError from None

    def taken(self) -> int:
        """Return how many calls were ended since this was last asked."""
        taken, self._taken = self._taken, 0
        return taken
