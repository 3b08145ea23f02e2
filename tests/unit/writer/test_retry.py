from collections.abc import Callable

import pytest

from engagement.clock import Deadline
from engagement.errors import DeliveryError, OutOfTimeError, PermanentError, SystemicError, TransientError
from tests.fakes.clock import FakeClock
from writer.retry import FIRST_PAUSE, LONGEST_PAUSE, MAX_ATTEMPTS, Retry

LONG = 1_000.0


class Call:
    """Something that takes ``seconds`` and meets ``failures`` one after the other, the last one for good."""

    def __init__(self, clock: FakeClock, *failures: Exception | None, seconds: float = 0.0) -> None:
        self._clock = clock
        self._failures = failures
        self._seconds = seconds
        self.started: list[float] = []

    def __call__(self) -> None:
        """Take the time, then fail or not."""
        failure = self._failures[min(len(self.started), len(self._failures) - 1)]
        self.started.append(self._clock.elapsed)
        self._clock.advance(self._seconds)
        if failure is not None:
            raise failure


def attempt(clock: FakeClock, call: Callable[[], None], seconds: float = LONG) -> None:
    """Run ``call`` under the retry with ``seconds`` left."""
    Retry(clock)(call, Deadline.after(clock, seconds))


def test_a_success_is_called_once() -> None:
    """Most calls are."""
    clock = FakeClock()
    call = Call(clock, None)

    attempt(clock, call)

    assert (len(call.started), clock.slept) == (1, [])


@pytest.mark.parametrize("failures", range(1, MAX_ATTEMPTS))
def test_a_transient_failure_is_repeated_until_it_succeeds(failures: int) -> None:
    """A throttle of a moment must not cost the record a trip through the queue."""
    clock = FakeClock()
    call = Call(clock, *[TransientError("ThrottlingException")] * failures, None)

    attempt(clock, call)

    assert len(call.started) == failures + 1


@pytest.mark.parametrize(
    "failure",
    [PermanentError("BadRequestException"), SystemicError("AccessDeniedException"), OutOfTimeError("BudgetSpent")],
)
def test_a_failure_that_a_repeat_cannot_mend_is_raised_at_once(failure: DeliveryError) -> None:
    """Repeating it would take time from records that can be written."""
    clock = FakeClock()
    call = Call(clock, failure)

    with pytest.raises(DeliveryError) as raised:
        attempt(clock, call)

    assert raised.value is failure
    assert (len(call.started), clock.slept) == (1, [])


def test_an_error_that_nobody_foresaw_is_raised_at_once() -> None:
    """A defect of ours is no reason to call again."""
    clock = FakeClock()
    call = Call(clock, ZeroDivisionError())

    with pytest.raises(ZeroDivisionError):
        attempt(clock, call)

    assert len(call.started) == 1


def test_a_lasting_failure_ends_with_the_last_error() -> None:
    """The record returns to the queue with what happened to it last."""
    clock = FakeClock()
    last = TransientError("InternalServerException")
    call = Call(clock, *[TransientError("ThrottlingException")] * (MAX_ATTEMPTS - 1), last)

    with pytest.raises(TransientError) as raised:
        attempt(clock, call)

    assert raised.value is last
    assert len(call.started) == MAX_ATTEMPTS


def test_pauses_grow_and_are_jittered_from_zero() -> None:
    """Full jitter: each pause is anywhere between nothing and a bound that doubles, up to the longest pause."""
    pauses: list[list[float]] = []
    for _ in range(300):
        clock = FakeClock()
        with pytest.raises(TransientError):
            attempt(clock, Call(clock, TransientError("ThrottlingException")))
        pauses.append(clock.slept)

    for number, drawn in enumerate(zip(*pauses, strict=True)):
        bound = min(FIRST_PAUSE * 2**number, LONGEST_PAUSE)
        assert 0 <= min(drawn) < 0.1 * bound
        assert 0.9 * bound < max(drawn) <= bound


@pytest.mark.parametrize("seconds", [0.0, -1.0])
def test_nothing_starts_when_the_time_is_over(seconds: float) -> None:
    """A call that outlives the invocation is a call whose outcome nobody learns."""
    clock = FakeClock()
    call = Call(clock, None)

    with pytest.raises(OutOfTimeError) as raised:
        attempt(clock, call, seconds)

    assert raised.value.code == "DeadlinePassed"
    assert call.started == []


@pytest.mark.parametrize("seconds", [0.05, 0.5, 1.0, 3.0])
@pytest.mark.parametrize("call_takes", [0.0, 0.3, 5.0])
def test_no_call_starts_and_no_pause_ends_after_the_deadline(seconds: float, call_takes: float) -> None:
    """What is left of the invocation belongs to parking and to the answer."""
    for _ in range(50):
        clock = FakeClock()
        call = Call(clock, TransientError("ThrottlingException"), seconds=call_takes)

        with pytest.raises(TransientError):
            attempt(clock, call, seconds)

        assert max(call.started) < seconds
        assert clock.elapsed < max(seconds, call.started[-1]) + call_takes + 1e-9


def test_two_records_do_not_share_their_attempts() -> None:
    """Threads retry side by side; one record's failures must not use up another's."""
    clock = FakeClock()
    retry = Retry(clock)
    deadline = Deadline.after(clock, LONG)
    first, second = (Call(clock, *[TransientError("ThrottlingException")] * 5, None) for _ in range(2))

    retry(first, deadline)
    retry(second, deadline)

    assert (len(first.started), len(second.started)) == (6, 6)
