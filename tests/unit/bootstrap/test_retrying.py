from collections.abc import Callable

import pytest

from bootstrap.errors import PassingError, RefusedError, UnansweredError
from bootstrap.retrying import ATTEMPTS, LONGEST_PAUSE, retry
from engagement.clock import Deadline
from tests.fakes.clock import FakeClock


def failing(*errors: Exception) -> Callable[[], str]:
    """Return work that raises these errors, one a call, and then succeeds."""
    left = list(errors)

    def work() -> str:
        if left:
            raise left.pop(0)
        return "done"

    return work


@pytest.mark.parametrize("error", [PassingError("throttled"), UnansweredError("HTTP 503", passing=True)])
def test_what_may_pass_is_tried_again(error: Exception) -> None:
    """A deployment should not fail for a moment's throttle."""
    clock = FakeClock()
    assert retry(failing(error, error), Deadline.after(clock, 60)) == "done"
    assert len(clock.slept) == 2


@pytest.mark.parametrize(
    "error", [RefusedError("denied"), UnansweredError("HTTP 403", passing=False), ValueError("defect")]
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
    errors = [PassingError(f"attempt {number}") for number in range(1, 20)]
    with pytest.raises(PassingError, match=f"attempt {ATTEMPTS}$"):
        retry(failing(*errors), Deadline.after(clock, 3_600))
    assert len(clock.slept) == ATTEMPTS - 1
    assert all(0 <= pause <= min(LONGEST_PAUSE, 2**number) for number, pause in enumerate(clock.slept))


def test_pauses_are_jittered() -> None:
    """Stacks that were throttled together must not come back together."""
    clocks = [FakeClock() for _ in range(20)]
    for clock in clocks:
        retry(failing(PassingError("throttled")), Deadline.after(clock, 60))
    assert len({clock.slept[0] for clock in clocks}) == 20


def test_no_pause_reaches_beyond_the_deadline() -> None:
    """The time after it belongs to the answer."""
    clock = FakeClock()
    with pytest.raises(PassingError):
        retry(failing(*[PassingError("throttled")] * 20), Deadline.after(clock, 5))
    assert clock.elapsed < 5


def test_the_first_attempt_is_made_whatever_the_time() -> None:
    """An answer sent late is better than none."""
    assert retry(failing(), Deadline.after(FakeClock(), -1)) == "done"
