from collections.abc import Callable

import pytest

from custom_resource.errors import (
    AccessDeniedError,
    CustomResourceError,
    NotFoundError,
    PermanentServiceError,
    TimeUpError,
    TransientServiceError,
)
from custom_resource.service_calls import ServiceCalls
from engagement.clock import Deadline
from tests.fakes.call_timeout import FakeCallTimeout, HangError
from tests.fakes.clock import FakeClock

THROTTLED = TransientServiceError("throttled")
PROPAGATION = [AccessDeniedError("denied"), NotFoundError("not found")]


@pytest.fixture
def clock() -> FakeClock:
    """Time that moves only when the code sleeps."""
    return FakeClock()


@pytest.fixture
def calls(clock: FakeClock) -> ServiceCalls:
    """Calls of Customer Profiles, each of which may take as long as the function's."""
    return ServiceCalls("Customer Profiles", FakeCallTimeout(clock, seconds=9.0))


def failing(*errors: Exception) -> Callable[[], str]:
    """Return a call that raises these errors, one a time, and then succeeds."""
    left = list(errors)

    def call() -> str:
        if left:
            raise left.pop(0)
        return "done"

    return call


def test_what_may_pass_is_tried_again(calls: ServiceCalls, clock: FakeClock) -> None:
    """A deployment should not fail for a moment's throttle."""
    assert calls(failing(THROTTLED, THROTTLED), Deadline.after(clock, 60)) == "done"
    assert len(clock.slept) == 2


@pytest.mark.parametrize("error", [PermanentServiceError("no such field"), ValueError("defect")])
def test_what_will_not_pass_is_not_tried_again(calls: ServiceCalls, clock: FakeClock, error: Exception) -> None:
    """The stack should fail at once if waiting cannot help."""
    with pytest.raises(type(error)):
        calls(failing(error), Deadline.after(clock, 60))
    assert clock.slept == []


def test_attempts_are_bounded(calls: ServiceCalls, clock: FakeClock) -> None:
    """Eight, with pauses that come to a minute at most; the last error is the reason that the operator sees."""
    errors = [TransientServiceError(f"attempt {number}") for number in range(1, 20)]
    with pytest.raises(TransientServiceError, match=r"attempt 8$"):
        calls(failing(*errors), Deadline.after(clock, 3_600))
    assert len(clock.slept) == 7
    assert all(0 <= pause <= min(16, 2**number) for number, pause in enumerate(clock.slept))


@pytest.mark.parametrize("error", PROPAGATION)
def test_a_denial_is_tried_again_for_as_long_as_iam_takes(
    calls: ServiceCalls, clock: FakeClock, error: CustomResourceError
) -> None:
    """By its time and not by its number: a minute, with pauses of five seconds at most, whatever the jitter."""
    with pytest.raises(type(error)):
        calls(failing(*[error] * 10_000), Deadline.after(clock, 3_600))
    assert 55 <= clock.elapsed <= 60
    assert 1 < max(clock.slept) <= 5


@pytest.mark.parametrize("error", PROPAGATION)
def test_a_permission_that_arrives_late_is_seen(
    calls: ServiceCalls, clock: FakeClock, error: CustomResourceError
) -> None:
    """Fifty seconds are not usual and have been seen."""

    def call() -> str:
        if clock.elapsed < 50:
            raise error
        return "done"

    assert calls(call, Deadline.after(clock, 3_600)) == "done"
    assert clock.elapsed <= 55


def test_denials_use_up_no_attempts(calls: ServiceCalls, clock: FakeClock) -> None:
    """A throttle after a long denial is still retried."""
    errors = [*[AccessDeniedError("denied")] * 9, *[THROTTLED] * 3]
    assert calls(failing(*errors), Deadline.after(clock, 3_600)) == "done"


def test_pauses_are_jittered() -> None:
    """Stacks that were throttled together must not come back together."""
    clocks = [FakeClock() for _ in range(20)]
    for clock in clocks:
        ServiceCalls("any", FakeCallTimeout(clock))(failing(THROTTLED), Deadline.after(clock, 60))
    assert len({clock.slept[0] for clock in clocks}) == 20


def test_no_pause_reaches_beyond_the_deadline(calls: ServiceCalls, clock: FakeClock) -> None:
    """The time after it belongs to the response."""
    with pytest.raises(TransientServiceError):
        calls(failing(*[THROTTLED] * 20), Deadline.after(clock, 5))
    assert clock.elapsed < 5


def test_a_call_that_hangs_once_is_made_again(calls: ServiceCalls, clock: FakeClock) -> None:
    """A connection may be lost; the next one answers."""
    assert calls(failing(HangError()), Deadline.after(clock, 60)) == "done"
    assert clock.elapsed >= 9


def test_calls_that_hang_end_with_the_service_and_what_to_do(calls: ServiceCalls, clock: FakeClock) -> None:
    """No call starts after the deadline; the last one ends as long after it as one call may take."""
    with pytest.raises(TransientServiceError, match="Customer Profiles did not answer in time") as hung:
        calls(failing(*[HangError()] * 100), Deadline.after(clock, 80))
    assert "deploying again is harmless" in str(hung.value)
    assert clock.elapsed <= 89


def test_no_call_is_made_after_the_deadline(calls: ServiceCalls, clock: FakeClock) -> None:
    """What the call would change could not be reported any more."""
    made: list[str] = []
    with pytest.raises(TimeUpError, match="No time was left to call Customer Profiles"):
        calls(lambda: made.append("call"), Deadline.after(clock, 0))
    assert made == []
