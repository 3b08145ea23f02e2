"""How a profile's turn is waited for, on a clock of the test's."""

from collections.abc import Callable, Mapping

import pytest

from benchmarks.command import StalledError
from benchmarks.soak.caller import CallerResult
from benchmarks.soak.phase import PATIENCE, QUIET, Progress, await_rest, take_turn
from ops.queues import Depth
from tests.fakes.clock import FakeClock


class Sent:
    """A sender that needs some seconds."""

    def __init__(self, clock: FakeClock, seconds: float, failed_with: Exception | None = None) -> None:
        self.result = CallerResult()
        self.failed_with = failed_with
        self._clock = clock
        self._seconds = seconds
        self.stopped = False

    def start(self) -> None:
        self._until = self._clock.elapsed + self._seconds

    def is_alive(self) -> bool:
        return self._clock.elapsed < self._until

    def stop(self) -> None:
        self.stopped = True

    def join(self) -> None: ...


class Window:
    """A fault that is over after some seconds."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._elapsed = 0.0
        self.ended = False

    def begin(self) -> None: ...

    def tick(self, elapsed: float) -> None:
        self._elapsed = elapsed

    def is_over(self) -> bool:
        return self._elapsed >= self._seconds

    def end(self) -> None:
        self.ended = True

    def injected(self) -> Mapping[str, int]:
        return {"faults": 3}


def held(visible: int, total: int) -> Depth:
    """Return a queue's depth."""
    return Depth(visible, total - visible, 0)


def progress(clock: FakeClock, depth: Callable[[float], Depth]) -> Progress:
    """Return what waiting is done by, with a queue whose depth follows from the time."""
    return Progress(lambda: depth(clock.elapsed), lambda: 0, clock)


def test_a_turn_lasts_until_the_queue_is_empty() -> None:
    """Throughput is measured to the last record, not to the last event."""
    clock = FakeClock()
    fault = Window(1)
    turn = take_turn(Sent(clock, 2), [fault], progress(clock, lambda now: held(0, 5 if 1 < now < 9 else 0)))
    assert 8.5 <= turn.seconds <= 9.5
    assert turn.left == 0
    assert turn.injected == {"faults": 3}
    assert fault.ended


def test_a_turn_lasts_as_long_as_its_fault() -> None:
    """An outage that ended with the traffic would be none."""
    clock = FakeClock()
    take_turn(Sent(clock, 1), [Window(30)], progress(clock, lambda _: held(0, 0)))
    assert clock.elapsed >= 30


def test_what_stays_hidden_does_not_hold_up_the_turns_that_follow() -> None:
    """A killed function's batch is invisible for the queue's whole visibility timeout."""
    clock = FakeClock()
    turn = take_turn(Sent(clock, 1), [], progress(clock, lambda now: held(0, 40 if now > 0.5 else 0)))
    assert turn.left == 40
    assert QUIET < clock.elapsed < QUIET + 5
    assert turn.seconds < 2


def test_hidden_messages_of_earlier_turns_are_not_waited_for() -> None:
    """They come back in their own time."""
    clock = FakeClock()
    turn = take_turn(Sent(clock, 1), [], progress(clock, lambda now: held(0, 50 if 0.5 < now < 3 else 40)))
    assert turn.left == 40
    assert clock.elapsed < 5


def test_a_queue_that_does_not_move_is_given_up() -> None:
    """A soak must end, and say so; and the faults must be lifted."""
    clock, fault = FakeClock(), Window(0)
    sent = Sent(clock, 1)
    with pytest.raises(StalledError, match="7 messages"):
        take_turn(sent, [fault], progress(clock, lambda now: held(7, 7 if now > 0.1 else 0)))
    assert clock.elapsed > PATIENCE
    assert fault.ended
    assert sent.stopped


def test_a_sender_that_fails_fails_the_turn() -> None:
    """Its thread's exception would otherwise be nobody's."""
    clock = FakeClock()
    with pytest.raises(ValueError, match="broken"):
        take_turn(Sent(clock, 1, ValueError("broken")), [], progress(clock, lambda _: held(0, 0)))


def test_rest_is_waited_for_and_what_is_left_told() -> None:
    """What is still queued is a figure of the account."""
    clock = FakeClock()
    assert await_rest(progress(clock, lambda now: held(0, 3 if now < 60 else 0)), 100) == 0
    assert await_rest(progress(clock, lambda _: held(1, 3)), 100) == 3
