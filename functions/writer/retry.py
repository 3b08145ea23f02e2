"""The one layer that retries calls to Customer Profiles: exponential, full jitter, inside the time that is left."""

from collections.abc import Callable
from typing import TypeVar

from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_attempt, stop_any, wait_random_exponential
from tenacity.stop import stop_base

from engagement.clock import Clock, Deadline
from engagement.errors import OutOfTimeError, SystemicError, TransientError

Result = TypeVar("Result")

MAX_ATTEMPTS = 6
"""Calls for one record in one invocation; with 30 % of all calls failing, 7 in 10,000 records use them up."""
FIRST_PAUSE = 0.2
"""Seconds; the most that is waited before the second attempt, doubled for each that follows."""
LONGEST_PAUSE = 3.0
"""Seconds; the most that is waited before any attempt."""


class Retry:
    """Calls again what failed for a transient reason, until it succeeds or time or attempts are used up."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def __call__(self, action: Callable[[], Result], deadline: Deadline) -> Result:
        """Return what ``action`` returns; run it again after a `TransientError`.

        It is never started, nor anything waited for, beyond ``deadline``.

        Raises:
            DeliveryError: the last failure of ``action``, or that there was no time left to begin with.
        """
        if deadline.passed():
            raise OutOfTimeError("DeadlinePassed")
        retrying = Retrying(
            retry=retry_if_exception(_is_worth_repeating),
            wait=wait_random_exponential(multiplier=FIRST_PAUSE, max=LONGEST_PAUSE),
            stop=stop_any(stop_after_attempt(MAX_ATTEMPTS), _Beyond(deadline)),
            sleep=self._clock.sleep,
            reraise=True,
        )
        return retrying(action)


class _Beyond(stop_base):
    """Stops when the pause that would follow ends after the deadline."""

    def __init__(self, deadline: Deadline) -> None:
        self._deadline = deadline

    def __call__(self, state: RetryCallState) -> bool:
        return state.upcoming_sleep >= self._deadline.remaining()


def _is_worth_repeating(error: BaseException) -> bool:
    return isinstance(error, TransientError) and not isinstance(error, SystemicError | OutOfTimeError)
