"""Request quotas in virtual time."""

from hypothesis import given, settings
from hypothesis import strategies as st

from customer_profiles_emulator.service_model import DEFAULT_RATES, WRITES
from customer_profiles_emulator.wire.quotas import Quotas, TokenBucket
from tests.fakes.clock import FakeClock


def test_a_bucket_admits_a_seconds_worth_and_then_its_rate() -> None:
    """The writer's budget is measured against exactly this."""
    clock = FakeClock()
    bucket = TokenBucket(100, clock.monotonic)
    assert sum(bucket.take() for _ in range(150)) == 100

    clock.advance(0.25)

    assert sum(bucket.take() for _ in range(150)) == 25


def test_time_alone_does_not_grow_the_burst() -> None:
    """An idle hour earns no more than one second."""
    clock = FakeClock()
    bucket = TokenBucket(10, clock.monotonic)
    clock.advance(3600)

    assert bucket.take(50) == 10


def test_a_rate_below_one_still_admits_one() -> None:
    """Half a request a second is one every two seconds, not none."""
    clock = FakeClock()
    bucket = TokenBucket(0.5, clock.monotonic)
    assert (bucket.take(), bucket.take()) == (1, 0)

    clock.advance(2)

    assert bucket.take() == 1


@settings(deadline=None)
@given(st.integers(1, 200), st.lists(st.tuples(st.floats(0, 0.5), st.integers(1, 10)), min_size=1, max_size=60))
def test_never_more_than_burst_and_rate_allow(rate: int, steps: list[tuple[float, int]]) -> None:
    """Whatever the arrival pattern: one second's burst plus the rate times the elapsed time."""
    clock = FakeClock()
    bucket = TokenBucket(rate, clock.monotonic)
    granted = 0
    for pause, wanted in steps:
        clock.advance(pause)
        granted += bucket.take(wanted)

    assert granted <= rate + clock.elapsed * rate + 1e-6


def test_each_operation_has_its_own_quota() -> None:
    """Searching must not use up what writing needs."""
    quotas = Quotas(DEFAULT_RATES, FakeClock().monotonic)

    assert quotas.take("SearchProfiles", 200) == 100
    assert quotas.take(WRITES, 200) == 100
    assert quotas.take("PutProfileObjectType", 5) == 1
    assert quotas.take("DeleteDomain", 1_000) == 1_000


def test_a_rate_of_zero_lifts_a_quota() -> None:
    """A load test of the emulator itself wants none."""
    assert Quotas({WRITES: 0}, FakeClock().monotonic).take(WRITES, 1_000) == 1_000


def test_a_reset_fills_the_buckets() -> None:
    """One test's traffic must not throttle the next one's."""
    quotas = Quotas(DEFAULT_RATES, FakeClock().monotonic)
    quotas.take(WRITES, 100)

    quotas.reset()

    assert quotas.take(WRITES, 100) == 100
