"""The call timeout in virtual time: a call that hangs costs the clock its time, and no test a second."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from engagement.errors import CallOutlastedError
from tests.fakes.clock import FakeClock

Result = TypeVar("Result")


class HangError(Exception):
    """What a fake service raises where the real one hangs, drips, or is not found by its name server."""


@dataclass(slots=True)
class FakeCallTimeout:
    """`engagement.call_timeout.CallTimeout`: calls are made in the caller's thread, and a `HangError` ends them.

    Attributes:
        clock: Moved by ``seconds`` with each call that hangs.
        seconds: That a call may take.
    """

    clock: FakeClock = field(default_factory=FakeClock)
    seconds: float = 6.0
    _count: int = 0

    def __call__(self, call: Callable[[], Result]) -> Result:
        """Return what ``call`` returns, or end it."""
        try:
            return call()
        except HangError:
            self._count += 1
            self.clock.advance(self.seconds)
            raise CallOutlastedError from None

    def take_count(self) -> int:
        """Return how many calls were ended since the last call of this method."""
        count, self._count = self._count, 0
        return count
