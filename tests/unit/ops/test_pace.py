"""A pace: never more than its rate, and nothing made up for later."""

from ops.pace import Pace
from tests.fakes.clock import FakeClock


def test_items_follow_one_another_at_the_rate() -> None:
    """The first needs not wait."""
    clock = FakeClock()
    pace = Pace(4, clock)
    for _ in range(5):
        pace.wait()
    assert clock.slept == [0.25] * 4


def test_several_items_are_paid_for_by_the_next() -> None:
    """A batch goes at once; what follows waits for as long as all of it takes."""
    clock = FakeClock()
    pace = Pace(10, clock)
    pace.wait(5)
    pace.wait(1)
    assert clock.slept == [0.5]


def test_idle_time_is_not_made_up_for() -> None:
    """A burst after a pause would be faster than the rate."""
    clock = FakeClock()
    pace = Pace(2, clock)
    pace.wait()
    clock.advance(60)
    pace.wait()
    pace.wait()
    assert clock.slept == [0.5]
