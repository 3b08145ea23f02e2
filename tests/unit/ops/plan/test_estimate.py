"""The estimate, against what was measured and against what a reader can work out."""

import pytest

from ops.plan.campaign import Campaign, Settings
from ops.plan.estimate import Estimate, estimate

HOUR = 3_600.0


def test_what_was_measured_comes_out() -> None:
    """10,000 customers took about 100 seconds on the local stack, at 100 writes a second (docs/marketer.md)."""
    assert estimate(Campaign(10_000), Settings(writes_per_second=100)) == Estimate(100.0, 100.0, 10_000.0)


@pytest.mark.parametrize("records", [1, 7, 1_000, 1_000_000, 10**10])
def test_a_campaign_at_once_takes_as_long_as_its_writes(records: int) -> None:
    """All of it is the backlog, and its last record waits for all the others."""
    estimated = estimate(Campaign(records), Settings())

    assert estimated.finished == estimated.longest_wait == pytest.approx(records / 80)
    assert estimated.peak == pytest.approx(records)


def test_a_campaign_that_is_spread_leaves_no_backlog() -> None:
    """Below the pace no record waits; it is done when the last one has come."""
    assert estimate(Campaign(36_000, over=HOUR), Settings()) == Estimate(HOUR, 0.0, 0.0)


def test_a_campaign_faster_than_the_writes_builds_up_a_backlog() -> None:
    """360,000 within an hour at 80 a second: 72,000 wait at its end, a quarter of an hour."""
    assert estimate(Campaign(360_000, over=HOUR), Settings()) == Estimate(4_500.0, 900.0, 72_000.0)


def test_a_quota_that_others_use_up_never_ends() -> None:
    """Nothing is written, and everything waits."""
    assert estimate(Campaign(1_000, others=100), Settings()) == Estimate(None, 0.0, 1_000)


def test_the_pace_is_the_least_of_the_budget_the_quota_and_what_the_writers_can_do() -> None:
    """Two writers with eight threads each and a second's latency make fewer than 20 writes a second."""
    slow = estimate(Campaign(8_000, quota=1_000, latency=1.0), Settings(writes_per_second=800))

    assert estimate(Campaign(8_000, quota=50), Settings()).finished == 160.0
    assert estimate(Campaign(8_000, quota=100, others=60), Settings()).finished == 200.0
    # a batch of 50 takes 7 rounds of a second and the gap between two batches
    assert slow.finished == pytest.approx(8_000 / (2 * 50 / 7.15))
