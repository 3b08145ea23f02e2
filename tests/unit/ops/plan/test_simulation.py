"""The queue in virtual time, held against what was measured and against what the delivery policy promises."""

import pytest

from ops.plan.campaign import Campaign, Settings
from ops.plan.simulation import simulate

HOUR = 3_600.0


def test_what_was_measured_comes_out() -> None:
    """10,000 customers took about 100 seconds on the local stack, at 100 writes a second (README)."""
    course = simulate(Campaign(10_000), Settings(writes_per_second=100))

    assert course.finished == pytest.approx(100, rel=0.02)
    assert course.peak == 10_000
    assert course.returns == course.parked == 0


@pytest.mark.parametrize("records", [1, 7, 1_000, 1_000_000, 10**10])
def test_a_campaign_at_once_takes_as_long_as_its_writes(records: int) -> None:
    """From one customer to more than there are, in as many steps."""
    course = simulate(Campaign(records), Settings())

    assert course.finished == pytest.approx(records / 80, rel=0.01, abs=0.05)
    assert course.longest_wait == pytest.approx(records / 80, rel=0.01, abs=0.05)
    assert len(course.samples) < 3_000


def test_a_campaign_that_is_spread_leaves_no_backlog() -> None:
    """Below the pace nobody waits."""
    course = simulate(Campaign(36_000, over=HOUR), Settings())

    assert course.finished == pytest.approx(HOUR, rel=0.01)
    assert course.peak < 50
    assert course.longest_wait < 5


def test_a_campaign_faster_than_the_writes_builds_up_a_backlog() -> None:
    """360,000 within an hour at 80 a second: 72,000 wait at its end, a quarter of an hour."""
    course = simulate(Campaign(360_000, over=HOUR), Settings())

    assert course.peak == pytest.approx(72_000, rel=0.01)
    assert course.finished == pytest.approx(4_500, rel=0.01)
    assert course.longest_wait == pytest.approx(900, rel=0.02)


def test_every_record_is_written_waiting_or_parked_at_every_moment() -> None:
    """Counting must lose nobody either."""
    course = simulate(Campaign(5_000, over=600, outage=HOUR), Settings(max_receives=3))

    last = course.samples[-1]
    assert last.written + last.backlog + course.parked == pytest.approx(5_000)
    assert all(sample.backlog >= 0 for sample in course.samples)
    assert course.parked > 0


def test_thirty_six_hours_of_outage_cost_the_receives_that_the_policy_promises() -> None:
    """The same as the writer's own code on a model of SQS: no more than 107 receives, all written within the hour."""
    course = simulate(Campaign(2_000, outage=36 * HOUR), Settings())

    assert 70 <= course.most_receives <= 107
    assert course.parked == 0
    assert course.finished is not None
    assert 36 * HOUR < course.finished <= 37 * HOUR
    assert course.told == pytest.approx(7 * 2_000)  # of each record the 1st to 64th return, at each doubling


def test_a_short_outage_delays_by_about_itself() -> None:
    """A minute away, and the backoff of the first two receives."""
    course = simulate(Campaign(500, outage=60), Settings())

    assert course.finished is not None
    assert 60 < course.finished < 180


def test_a_quota_that_others_use_up_never_ends() -> None:
    """It must end for the operator."""
    course = simulate(Campaign(1_000, others=100), Settings())

    assert course.finished is None
    assert course.samples[-1].backlog == 1_000


def test_too_few_writers_are_slower_than_the_budget() -> None:
    """Threads that wait for a slow service write less than they may."""
    course = simulate(Campaign(8_000, quota=1_000, latency=1.0), Settings(writes_per_second=800))

    assert course.finished is not None
    assert course.finished > 8_000 / 20
