from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest

from engagement.clock import Deadline
from engagement.errors import OutOfTimeError
from tests.fakes.clock import FakeClock
from writer.budget import BURST, DECREASE, FLOOR, HOLD, INCREASE, Budget

PACE = 40.0
FOREVER = float("inf")


def spend(budget: Budget, clock: FakeClock, times: int) -> list[float]:
    """Spend so many times, one after the other, and return when each call could start."""
    started = []
    for _ in range(times):
        budget.spend(Deadline.after(clock, FOREVER))
        started.append(clock.elapsed)
    return started


def test_calls_keep_the_pace() -> None:
    """The account's quota is shared: what is over it costs everybody throttles."""
    clock = FakeClock()

    started = spend(Budget(PACE, clock), clock, 200)

    assert [later - earlier for earlier, later in pairwise(started)] == pytest.approx([1 / PACE] * 199)


def test_a_new_environment_has_saved_up_nothing() -> None:
    """Many start at once when a backlog comes: their savings would add up to a burst over the quota."""
    clock = FakeClock()

    [first] = spend(Budget(PACE, clock), clock, 1)

    assert first == pytest.approx(1 / PACE)


def test_a_pause_between_two_batches_is_made_up_for() -> None:
    """Otherwise the gaps between batches would be lost to the budget."""
    clock = FakeClock()
    budget = Budget(PACE, clock)
    clock.advance(3_600)
    before = clock.elapsed

    started = spend(budget, clock, 100)

    at_once = sum(moment == before for moment in started)
    assert at_once == int(PACE * BURST)


def test_a_slow_share_may_still_save_up_one_call() -> None:
    """A budget of less than one call's worth would never let any through without a wait."""
    clock = FakeClock()
    budget = Budget(0.1, clock)
    clock.advance(3_600)

    assert budget.reserve(FOREVER) == 0.0


def test_a_wait_beyond_the_deadline_is_refused_and_costs_nothing() -> None:
    """The time is better used to settle; the next call finds the budget as it was."""
    clock = FakeClock()
    budget = Budget(1.0, clock)

    with pytest.raises(OutOfTimeError, match="BudgetSpent"):
        budget.spend(Deadline.after(clock, 0.5))

    assert clock.slept == []
    assert budget.reserve(FOREVER) == pytest.approx(1.0)


def test_threads_queue_up_behind_one_another() -> None:
    """Waking up together, they would call together."""
    clock = FakeClock()
    budget = Budget(PACE, clock)

    with ThreadPoolExecutor(max_workers=8) as pool:
        waits = sorted(pool.map(lambda _: budget.reserve(FOREVER), range(64)))

    assert waits == pytest.approx([number / PACE for number in range(1, 65)])


def test_a_throttle_cuts_the_rate() -> None:
    """Multiplicative decrease: several writers that overshoot together come to shares that fit."""
    budget = Budget(PACE, FakeClock())

    budget.throttled()

    assert budget.rate == PACE * DECREASE


def test_throttles_of_one_excess_count_once() -> None:
    """A dozen calls under way answer to the same moment."""
    clock = FakeClock()
    budget = Budget(PACE, clock)
    for _ in range(10):
        budget.throttled()
        clock.advance(HOLD / 20)

    assert budget.rate >= PACE * DECREASE


def test_quiet_seconds_give_the_rate_back_up_to_the_ceiling() -> None:
    """Additive increase: slow enough not to meet the same limit at once."""
    clock = FakeClock()
    budget = Budget(PACE, clock)
    budget.throttled()

    rates = []
    for _ in range(20):
        clock.advance(1.0)
        budget.reserve(FOREVER)
        rates.append(budget.rate)

    assert rates[0] == pytest.approx(PACE * (DECREASE + INCREASE))
    assert rates[-1] == PACE
    assert rates == sorted(rates)


def test_however_many_throttles_leave_the_floor() -> None:
    """Somebody has to notice that the service is back."""
    clock = FakeClock()
    budget = Budget(PACE, clock)
    for _ in range(100):
        clock.advance(HOLD)
        budget.throttled()

    assert PACE * FLOOR <= budget.rate <= PACE * (FLOOR + INCREASE * HOLD)
