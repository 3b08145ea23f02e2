from datetime import timedelta

from engagement.clock import Deadline, SystemClock
from tests.fakes.clock import FakeClock


def test_the_systems_time_is_in_utc() -> None:
    """Every moment of the pipeline is written in UTC."""
    assert SystemClock().now().utcoffset() == timedelta(0)


def test_the_systems_monotonic_time_never_goes_backwards() -> None:
    """A deadline must not move when the wall clock is set."""
    clock = SystemClock()

    assert clock.monotonic() <= clock.monotonic()


def test_sleeping_on_the_systems_clock_takes_its_time() -> None:
    """A pause that returned at once would turn backing off into hammering."""
    clock = SystemClock()
    before = clock.monotonic()

    clock.sleep(0.001)

    assert clock.monotonic() - before >= 0.001


def test_a_deadline_passes_at_its_moment() -> None:
    """At zero seconds left nothing may start any more."""
    clock = FakeClock()
    deadline = Deadline.after(clock, 2.0)

    clock.advance(1.5)
    assert (deadline.remaining(), deadline.passed()) == (0.5, False)

    clock.advance(0.5)
    assert (deadline.remaining(), deadline.passed()) == (0.0, True)


def test_a_deadline_in_the_past_has_passed() -> None:
    """An invocation that starts with less time than a call needs must not start one."""
    assert Deadline.after(FakeClock(), -1.0).passed()
