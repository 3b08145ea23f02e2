"""The one layer that retries: exponential backoff with full jitter, on an injected clock, inside a deadline."""

from collections.abc import Callable
from typing import TypeVar

from tenacity import RetryCallState, Retrying, retry_if_exception, wait_random_exponential

from bootstrap.errors import PassingError, SpreadingError, UnansweredError
from engagement.clock import Deadline

ATTEMPTS = 8
"""Calls of one operation that fail otherwise than by a denial; the pauses between them come to a minute at most."""
FIRST_PAUSE = 1.0
"""Seconds; the most that is waited before the second attempt, doubled for each that follows."""
LONGEST_PAUSE = 16.0
"""Seconds; the most that is waited before any attempt."""

IAM_SPREADS = 60.0
"""Seconds for which a denial is repeated: a change of a role's policy may take that long to hold everywhere."""
LONGEST_LOOK = 5.0
"""Seconds; the most that is waited until a denied call is tried again."""

Result = TypeVar("Result")


def retry(work: Callable[[], Result], deadline: Deadline) -> Result:
    """Return what ``work`` returns, calling it once at least, and again while it fails in a way that may pass.

    Raises:
        BootstrapError: the error of the last call, when it may not pass, or attempts or time are used up.
    """
    began = deadline.clock.monotonic()
    failures = 0  # beside denials, which are bounded by their time

    def is_over(state: RetryCallState) -> bool:
        nonlocal failures
        if state.upcoming_sleep >= deadline.remaining():
            return True
        if _spreads(state):
            return deadline.clock.monotonic() + state.upcoming_sleep - began > IAM_SPREADS
        failures += 1
        return failures >= ATTEMPTS

    return Retrying(
        sleep=deadline.clock.sleep,
        wait=_pause,
        stop=is_over,
        retry=retry_if_exception(_may_pass),
        reraise=True,
    )(work)


_BACK_OFF = wait_random_exponential(multiplier=FIRST_PAUSE, max=LONGEST_PAUSE)
_LOOK_AGAIN = wait_random_exponential(multiplier=FIRST_PAUSE, max=LONGEST_LOOK)


def _pause(state: RetryCallState) -> float:
    return _LOOK_AGAIN(state) if _spreads(state) else _BACK_OFF(state)


def _spreads(state: RetryCallState) -> bool:
    return state.outcome is not None and isinstance(state.outcome.exception(), SpreadingError)


def _may_pass(error: BaseException) -> bool:
    return isinstance(error, PassingError | SpreadingError) or (isinstance(error, UnansweredError) and error.passing)
