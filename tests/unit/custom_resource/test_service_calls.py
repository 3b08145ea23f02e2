from collections.abc import Callable

import pytest

from custom_resource.errors import (
    AccessDeniedError,
    NotFoundError,
    PermanentServiceError,
    ResponseNotSentError,
    TimeUpError,
    TransientServiceError,
)
from custom_resource.service_calls import ATTEMPTS, IAM_SPREADS, LONGEST_LOOK, LONGEST_PAUSE, ServiceCalls, retry
from engagement.clock import Deadline
from tests.fakes.clock import FakeClock
from tests.fakes.patience import FakePatience, HangError


def failing(*errors: Exception) -> Callable[[], str]:
    """Return work that raises these errors, one a call, and then succeeds."""
    left = list(errors)

    def work() -> str:
        if left:
            raise left.pop(0)
        return "done"

    return work


@pytest.mark.parametrize(
    "error", [TransientServiceError("throttled"), ResponseNotSentError("HTTP 503", retryable=True)]
)
def test_what_may_pass_is_tried_again(error: Exception) -> None:
    """A deployment should not fail for a moment's throttle."""
    clock = FakeClock()
    assert retry(failing(error, error), Deadline.after(clock, 60)) == "done"
    assert len(clock.slept) == 2


@pytest.mark.parametrize(
    "error", [PermanentServiceError("denied"), ResponseNotSentError("HTTP 403", retryable=False), ValueError("defect")]
)
def test_what_will_not_pass_is_not_tried_again(error: Exception) -> None:
    """The stack should fail at once where waiting cannot help."""
    clock = FakeClock()
    with pytest.raises(type(error)):
        retry(failing(error), Deadline.after(clock, 60))
    assert clock.slept == []


def test_attempts_are_bounded() -> None:
    """The last error is the reason that the operator sees."""
    clock = FakeClock()
    errors = [TransientServiceError(f"attempt {number}") for number in range(1, 20)]
    with pytest.raises(TransientServiceError, match=f"attempt {ATTEMPTS}$"):
        retry(failing(*errors), Deadline.after(clock, 3_600))
    assert len(clock.slept) == ATTEMPTS - 1
    assert all(0 <= pause <= min(LONGEST_PAUSE, 2**number) for number, pause in enumerate(clock.slept))


@pytest.mark.parametrize("error", [AccessDeniedError("denied"), NotFoundError("not found")])
def test_a_denial_is_tried_again_for_as_long_as_iam_takes(error: Exception) -> None:
    """By its time and not by its number: a minute of short looks, whatever the jitter."""
    clock = FakeClock()
    with pytest.raises(type(error)):
        retry(failing(*[error] * 10_000), Deadline.after(clock, 3_600))
    assert IAM_SPREADS - LONGEST_LOOK <= clock.elapsed <= IAM_SPREADS
    assert max(clock.slept) <= LONGEST_LOOK


@pytest.mark.parametrize("error", [AccessDeniedError("denied"), NotFoundError("not found")])
def test_a_permission_that_arrives_late_is_seen(error: Exception) -> None:
    """Fifty seconds are not usual and have been seen."""
    clock = FakeClock()

    def work() -> str:
        if clock.elapsed < 50:
            raise error
        return "done"

    assert retry(work, Deadline.after(clock, 3_600)) == "done"
    assert clock.elapsed <= 50 + LONGEST_LOOK


def test_denials_use_up_no_attempts() -> None:
    """A throttle after a long denial is still outlasted."""
    errors = [*[AccessDeniedError("denied")] * 9, *[TransientServiceError("throttled")] * 3]
    assert retry(failing(*errors), Deadline.after(FakeClock(), 3_600)) == "done"


def test_pauses_are_jittered() -> None:
    """Stacks that were throttled together must not come back together."""
    clocks = [FakeClock() for _ in range(20)]
    for clock in clocks:
        retry(failing(TransientServiceError("throttled")), Deadline.after(clock, 60))
    assert len({clock.slept[0] for clock in clocks}) == 20


def test_no_pause_reaches_beyond_the_deadline() -> None:
    """The time after it belongs to the answer."""
    clock = FakeClock()
    with pytest.raises(TransientServiceError):
        retry(failing(*[TransientServiceError("throttled")] * 20), Deadline.after(clock, 5))
    assert clock.elapsed < 5


def test_the_first_attempt_is_made_whatever_the_time() -> None:
    """An answer sent late is better than none."""
    assert retry(failing(), Deadline.after(FakeClock(), -1)) == "done"


def test_a_call_that_hangs_once_is_made_again() -> None:
    """A connection may be lost; the next one answers."""
    clock = FakeClock()
    calls = ServiceCalls("Customer Profiles", FakePatience(clock, seconds=9.0))
    assert calls(failing(HangError()), Deadline.after(clock, 60)) == "done"
    assert clock.elapsed >= 9.0


def test_calls_that_hang_end_with_the_service_and_what_to_do() -> None:
    """No call starts after the deadline; the last one ends as long after it as one call may take."""
    clock = FakeClock()
    calls = ServiceCalls("Customer Profiles", FakePatience(clock, seconds=9.0))
    with pytest.raises(TransientServiceError, match="Customer Profiles did not answer in time") as hung:
        calls(failing(*[HangError()] * 100), Deadline.after(clock, 80))
    assert "deploying again is harmless" in str(hung.value)
    assert clock.elapsed <= 89


def test_no_call_is_made_after_the_deadline() -> None:
    """What the call would change could not be reported any more."""
    clock = FakeClock()
    made: list[str] = []
    with pytest.raises(TimeUpError, match="No time was left to call Customer Profiles"):
        ServiceCalls("Customer Profiles", FakePatience(clock))(lambda: made.append("call"), Deadline.after(clock, 0))
    assert made == []
