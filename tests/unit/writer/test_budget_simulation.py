"""What the rate budget makes of the account's quota, by simulation: ranges, since jitter is part of it."""

import pytest

from tests.fakes.writers_at_once import QUOTA, Load, play

ENVIRONMENTS = [2, 5, 10]
SEEDS = [1, 2, 3]
BUDGET = 80.0
OTHERS = 40.0
START, STOP, END = 30.0, 150.0, 240.0
"""Seconds: when others begin to write, when they stop, and when the simulation ends."""


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("environments", ENVIRONMENTS)
def test_a_backlog_is_written_at_the_budget_without_throttles(environments: int, seed: int) -> None:
    """Measured: the whole budget from the fifth second on, no throttle, and equal shares."""
    calls = play(Load(environments), 120.0, seed)

    assert 0.98 * BUDGET <= calls.rate(5, 120) <= 1.01 * BUDGET
    assert calls.throttled_share(0, 120) < 0.001
    assert calls.fairness(5, 120) > 0.97


@pytest.mark.parametrize("environments", ENVIRONMENTS)
@pytest.mark.parametrize(
    ("gap", "latency", "least"), [(0.02, 0.02, 0.98), (0.4, 0.06, 0.95), (0.15, 0.1, 0.98), (0.15, 0.15, 0.98)]
)
def test_gaps_between_batches_and_slow_calls_cost_little(
    environments: int, gap: float, latency: float, least: float
) -> None:
    """Measured with two environments, the worst: 97 % at gaps of 0.4 s, the whole budget otherwise."""
    calls = play(Load(environments, gap=gap, latency=latency), 120.0)

    assert calls.rate(5, 120) >= least * BUDGET
    assert calls.throttled_share(0, 120) < 0.01


@pytest.mark.parametrize(("environments", "most_throttled"), [(2, 0.015), (5, 0.025), (10, 0.04)])
@pytest.mark.parametrize("seed", SEEDS)
def test_what_others_take_is_given_way_to(environments: int, most_throttled: float, seed: int) -> None:
    """Measured: what they leave is used, with 0.6, 1.2 and 2.6 % throttled; the slowest writes 63 % of the fastest."""
    calls = play(Load(environments, others=OTHERS, others_from=START, others_until=STOP), END, seed)

    assert 0.93 * (QUOTA - OTHERS) <= calls.rate(START + 10, STOP) <= 1.1 * (QUOTA - OTHERS)
    assert 0.001 <= calls.throttled_share(START + 10, STOP) <= most_throttled
    assert calls.fairness(START + 10, STOP) >= 0.55


@pytest.mark.parametrize("environments", ENVIRONMENTS)
def test_the_budget_is_back_soon_after_the_others_are_gone(environments: int) -> None:
    """A quota that is free again and not used delays customers for nothing."""
    calls = play(Load(environments, others=OTHERS, others_from=START, others_until=STOP), END)

    assert calls.rate(STOP + 15, END) >= 0.97 * BUDGET
    assert calls.throttled_share(STOP + 15, END) < 0.001


@pytest.mark.parametrize("environments", ENVIRONMENTS)
def test_a_quota_that_others_use_up_is_left_alone_and_found_again(environments: int) -> None:
    """Every call is throttled then: a tenth of the budget is spent on noticing when that ends."""
    taken = 10 * QUOTA
    calls = play(Load(environments, others=taken, others_from=START, others_until=90.0), 150.0)

    tried = calls.rate(START + 10, 90) + sum(START + 10 <= moment < 90 for moment in calls.throttled) / 50
    assert tried <= 0.2 * BUDGET
    assert calls.rate(120, 150) >= 0.97 * BUDGET


@pytest.mark.parametrize("environments", ENVIRONMENTS)
def test_a_budget_beyond_the_quota_slows_down_to_it(environments: int) -> None:
    """Somebody set 200 where the account has 100: slower than it might be, but it works."""
    calls = play(Load(environments, budget=200.0, threads=32), 120.0)

    assert 0.9 * QUOTA <= calls.rate(10, 120) <= 1.01 * QUOTA
    assert calls.throttled_share(10, 120) <= 0.1
