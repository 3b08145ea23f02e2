"""The one layer that retries: exponential backoff with full jitter, on an injected clock, inside a deadline."""

from collections.abc import Callable
from typing import TypeVar

from tenacity import RetryCallState, Retrying, retry_if_exception, wait_random_exponential

from bootstrap.errors import PassingError, UnansweredError
from engagement.clock import Deadline

ATTEMPTS = 8
"""Calls of one operation; the pauses between them come to a minute at most."""
FIRST_PAUSE = 1.0
"""Seconds; the most that is waited before the second attempt, doubled for each that follows."""
LONGEST_PAUSE = 16.0
"""Seconds; the most that is waited before any attempt."""

Result = TypeVar("Result")


def retry(work: Callable[[], Result], deadline: Deadline) -> Result:
    """Return what ``work`` returns, calling it once at least, and again while it fails in a way that may pass.

    Raises:
        BootstrapError: the error of the last call, when it may not pass, or attempts or time are used up.
    """

    def is_over(state: RetryCallState) -> bool:
        return state.attempt_number >= ATTEMPTS or state.upcoming_sleep >= deadline.remaining()

    return Retrying(
        sleep=deadline.clock.sleep,
        wait=wait_random_exponential(multiplier=FIRST_PAUSE, max=LONGEST_PAUSE),
        stop=is_over,
        retry=retry_if_exception(_may_pass),
        reraise=True,
    )(work)


def _may_pass(error: BaseException) -> bool:
    return isinstance(error, PassingError) or (isinstance(error, UnansweredError) and error.passing)
