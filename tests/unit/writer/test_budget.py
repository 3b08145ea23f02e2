from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest

from engagement.clock import Deadline
from engagement.errors import OutOfTimeError
from tests.fakes.clock import FakeClock
from writer.budget import Budget

RATE = 40.0
FOREVER = float("inf")


def spend(budget: Budget, clock: FakeClock, times: int) -> list[float]:
    """Spend so many times, one after the other, and return when each call could start."""
    started = []
    for _ in range(times):
        budget.spend(Deadline.after(clock, FOREVER))
        started.append(clock.elapsed)
    return started


def test_calls_keep_the_rate() -> None:
    """The account's quota is shared: what is over it costs everybody throttles."""
    clock = FakeClock()

    started = spend(Budget(RATE, clock), clock, 200)

    assert [later - earlier for earlier, later in pairwise(started)] == pytest.approx([1 / RATE] * 199)


def test_a_new_environment_has_saved_up_nothing() -> None:
    """Many start at once when a backlog comes: their savings would add up to a burst over the quota."""
    clock = FakeClock()

    [first] = spend(Budget(RATE, clock), clock, 1)

    assert first == pytest.approx(1 / RATE)


def test_a_pause_between_two_batches_is_made_up_for() -> None:
    """Otherwise the gaps between batches would be lost to the budget."""
    clock = FakeClock()
    budget = Budget(RATE, clock)
    clock.advance(3_600)
    before = clock.elapsed

    started = spend(budget, clock, 100)

    at_once = sum(moment == before for moment in started)
    assert at_once == 20  # half a second's worth


def test_a_slow_share_may_still_save_up_one_call() -> None:
    """A budget of less than one call's worth would never let any through without a wait."""
    clock = FakeClock()
    budget = Budget(0.1, clock)
    clock.advance(3_600)

    budget.spend(Deadline.after(clock, FOREVER))

    assert clock.slept == []


def test_a_wait_beyond_the_deadline_is_refused_and_costs_nothing() -> None:
    """The time is better used to settle; the next call finds the budget as it was."""
    clock = FakeClock()
    budget = Budget(1.0, clock)

    for seconds in (0.5, 1.0):  # at the deadline itself no call starts either
        with pytest.raises(OutOfTimeError, match="BudgetSpent"):
            budget.spend(Deadline.after(clock, seconds))

    assert clock.slept == []
    assert budget.reserve(FOREVER) == pytest.approx(1.0)


def test_threads_queue_up_behind_one_another() -> None:
    """Waking up together, they would call together."""
    clock = FakeClock()
    budget = Budget(RATE, clock)

    with ThreadPoolExecutor(max_workers=8) as pool:
        waits = sorted(pool.map(lambda _: budget.reserve(FOREVER), range(64)))

    assert waits == pytest.approx([number / RATE for number in range(1, 65)])


def test_a_throttle_halves_the_rate() -> None:
    """Multiplicative decrease: several writers that overshoot together come to shares that fit."""
    budget = Budget(RATE, FakeClock())

    budget.throttled()

    assert budget.rate == 20.0


def test_throttles_of_one_excess_count_once() -> None:
    """A dozen calls under way meet the same moment: those of one second count as one."""
    clock = FakeClock()
    budget = Budget(RATE, clock)
    for _ in range(10):
        budget.throttled()
        clock.advance(0.099)
    assert 20.0 <= budget.rate < 22.0

    clock.advance(0.02)
    budget.throttled()

    assert budget.rate < 12.0


def test_quiet_seconds_give_the_rate_back_up_to_the_ceiling() -> None:
    """Additive increase: slow enough not to meet the same limit at once."""
    clock = FakeClock()
    budget = Budget(RATE, clock)
    budget.throttled()

    rates = []
    for _ in range(20):
        clock.advance(1.0)
        budget.reserve(FOREVER)
        rates.append(budget.rate)

    assert rates[:10] == pytest.approx([22.0, 24.0, 26.0, 28.0, 30.0, 32.0, 34.0, 36.0, 38.0, 40.0])
    assert rates[-1] == 40.0
    assert rates == sorted(rates)


def test_however_many_throttles_leave_the_floor() -> None:
    """A tenth of the calls must show that the service is back."""
    clock = FakeClock()
    budget = Budget(RATE, clock)
    for _ in range(100):
        clock.advance(1.0)
        budget.throttled()

    assert budget.rate == 4.0
