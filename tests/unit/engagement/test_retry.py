import pytest

from engagement.clock import Deadline
from engagement.retry import RetryRule, retry
from tests.fakes.clock import FakeClock

LONG = 10_000.0


class BusyError(Exception):
    """A failure that passes by itself."""


class DeniedError(Exception):
    """A failure that passes once a permission has spread."""


def is_busy(error: BaseException | None) -> bool:
    """Return whether the service is busy."""
    return isinstance(error, BusyError)


def is_denied(error: BaseException | None) -> bool:
    """Return whether a permission is missing."""
    return isinstance(error, DeniedError)


BUSY = RetryRule(is_busy, first_pause=0.2, longest_pause=3.0, max_failures=6)
DENIED = RetryRule(is_denied, first_pause=1.0, longest_pause=5.0, max_seconds=60.0)


class Call:
    """A call that takes ``seconds`` and meets ``failures`` one after the other, the last one for good."""

    def __init__(self, clock: FakeClock, *failures: BaseException | None, seconds: float = 0.0) -> None:
        self._clock = clock
        self._failures = failures
        self._seconds = seconds
        self.started: list[float] = []

    def __call__(self) -> str:
        """Take the time, then fail or return."""
        failure = self._failures[min(len(self.started), len(self._failures) - 1)]
        self.started.append(self._clock.elapsed)
        self._clock.advance(self._seconds)
        if failure is not None:
            raise failure
        return "done"


def run(clock: FakeClock, call: Call, *rules: RetryRule, seconds: float = LONG) -> str:
    """Run ``call`` under the rules with ``seconds`` left."""
    return retry(call, Deadline.after(clock, seconds), *rules)


def test_a_success_is_called_once() -> None:
    """Most calls succeed at once."""
    clock = FakeClock()
    call = Call(clock, None)

    assert run(clock, call, BUSY) == "done"
    assert (len(call.started), clock.slept) == (1, [])


@pytest.mark.parametrize("failures", range(1, 6))
def test_a_failure_of_a_rule_is_repeated_until_it_succeeds(failures: int) -> None:
    """A throttle of a moment must not cost a trip through the queue, or a deployment."""
    clock = FakeClock()
    call = Call(clock, *[BusyError()] * failures, None)

    assert run(clock, call, BUSY) == "done"
    assert len(call.started) == failures + 1


@pytest.mark.parametrize("error", [DeniedError(), ZeroDivisionError(), KeyboardInterrupt()])
def test_a_failure_of_no_rule_is_raised_at_once(error: BaseException) -> None:
    """A repeat cannot change it, and takes time from other calls."""
    clock = FakeClock()
    call = Call(clock, error)

    with pytest.raises(type(error)) as raised:
        run(clock, call, BUSY)

    assert raised.value is error
    assert (len(call.started), clock.slept) == (1, [])


def test_a_lasting_failure_ends_with_the_last_error() -> None:
    """It is the one that the operator sees."""
    clock = FakeClock()
    last = BusyError("last")
    call = Call(clock, *[BusyError("before")] * 5, last)

    with pytest.raises(BusyError) as raised:
        run(clock, call, BUSY)

    assert raised.value is last
    assert len(call.started) == 6


def test_pauses_double_up_to_the_longest_and_are_jittered_from_zero() -> None:
    """Full jitter: callers that failed together do not come back together."""
    pauses: list[list[float]] = []
    for _ in range(300):
        clock = FakeClock()
        with pytest.raises(BusyError):
            run(clock, Call(clock, BusyError()), BUSY)
        pauses.append(clock.slept)

    for bound, drawn in zip((0.2, 0.4, 0.8, 1.6, 3.0), zip(*pauses, strict=True), strict=True):
        assert 0 <= min(drawn) < 0.1 * bound
        assert 0.9 * bound < max(drawn) <= bound


@pytest.mark.parametrize("seconds", [0.05, 0.5, 1.0, 3.0])
@pytest.mark.parametrize("call_takes", [0.0, 0.3, 5.0])
def test_no_call_starts_and_no_pause_ends_at_or_after_the_deadline(seconds: float, call_takes: float) -> None:
    """The time after it belongs to the answer."""
    for _ in range(50):
        clock = FakeClock()
        call = Call(clock, BusyError(), seconds=call_takes)

        with pytest.raises(BusyError):
            run(clock, call, BUSY, seconds=seconds)

        assert max(call.started) < seconds
        assert clock.elapsed < max(seconds, call.started[-1]) + call_takes + 1e-9


def test_a_call_that_ends_at_the_deadline_is_the_last() -> None:
    """Even if the next one needed no pause."""
    clock = FakeClock()
    call = Call(clock, BusyError(), seconds=5.0)

    with pytest.raises(BusyError):
        run(clock, call, RetryRule(is_busy, first_pause=0.0, longest_pause=0.0), seconds=10.0)

    assert call.started == [0.0, 5.0]


def test_the_first_call_is_made_whatever_the_time() -> None:
    """A caller that must not call late says so itself: an answer to CloudFormation is better late than never."""
    clock = FakeClock()

    assert run(clock, Call(clock, None), BUSY, seconds=-1) == "done"


def test_a_rule_can_count_seconds_instead_of_failures() -> None:
    """A permission spreads in a minute, however often one asks."""
    clock = FakeClock()

    with pytest.raises(DeniedError):
        run(clock, Call(clock, DeniedError()), BUSY, DENIED)

    assert 55.0 <= clock.elapsed <= 60.0
    assert max(clock.slept) <= 5.0


def test_each_rule_counts_its_own_failures() -> None:
    """A throttle after a long denial has all its attempts."""
    clock = FakeClock()
    call = Call(clock, *[DeniedError()] * 9, *[BusyError()] * 5, None)

    assert run(clock, call, BUSY, DENIED) == "done"
    assert len(call.started) == 15


def test_of_two_rules_that_apply_the_first_one_counts() -> None:
    """So a narrow rule can stand before a wide one."""
    clock = FakeClock()
    narrow = RetryRule(is_busy, first_pause=0.2, longest_pause=3.0, max_failures=2)
    call = Call(clock, BusyError())

    with pytest.raises(BusyError):
        run(clock, call, narrow, BUSY)

    assert len(call.started) == 2


def test_two_calls_do_not_share_their_failures() -> None:
    """Threads retry side by side under one rule."""
    clock = FakeClock()
    first, second = (Call(clock, *[BusyError()] * 5, None) for _ in range(2))

    run(clock, first, BUSY)
    run(clock, second, BUSY)

    assert (len(first.started), len(second.started)) == (6, 6)
