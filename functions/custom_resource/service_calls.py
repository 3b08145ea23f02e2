"""Calls of a service in a deployment: each ends in time, and is retried while that may help and time is left."""

from collections.abc import Callable
from typing import TypeVar

from tenacity import RetryCallState, Retrying, retry_if_exception, wait_random_exponential

from custom_resource.errors import PropagationError, ResponseNotSentError, TimeUpError, TransientServiceError
from engagement.clock import Deadline
from engagement.errors import UnansweredError
from engagement.patience import Patience

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

LONGEST_CALL = 9.0
"""Seconds that one call of a service can take: two to connect, six to answer, one of pace."""

Result = TypeVar("Result")


class ServiceCalls:
    """Calls one service.

    Args:
        service: Its name, as people know it.
        timeout: Ends a call that hangs.
    """

    def __init__(self, service: str, timeout: Patience) -> None:
        self._service = service
        self._timeout = timeout

    def __call__(self, call: Callable[[], Result], deadline: Deadline) -> Result:
        """Return what ``call`` returns; no attempt starts after ``deadline``.

        Raises:
            CustomResourceError: the error of the last attempt, when it may not pass, or attempts or time are used up.
        """
        return retry(lambda: self._attempt(call, deadline), deadline)

    def _attempt(self, call: Callable[[], Result], deadline: Deadline) -> Result:
        if deadline.passed():
            raise TimeUpError(f"No time was left to call {self._service}. Give the bootstrap function a longer Timeout")
        try:
            return self._timeout(call)
        except UnansweredError as error:
            raise TransientServiceError(
                f"{self._service} did not answer in time ({type(error).__name__}). What was asked of it may or may not"
                " have been done; deploying again is harmless. If it goes on, check that the service is offered in this"
                " Region and, if the bootstrap function was put into a VPC, its route to the service"
            ) from error


def retry(work: Callable[[], Result], deadline: Deadline) -> Result:
    """Return what ``work`` returns, calling it once at least, and again while it fails in a way that may pass.

    Raises:
        CustomResourceError: the error of the last call, when it may not pass, or attempts or time are used up.
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
    return state.outcome is not None and isinstance(state.outcome.exception(), PropagationError)


def _may_pass(error: BaseException) -> bool:
    if isinstance(error, ResponseNotSentError):
        return error.retryable
    return isinstance(error, TransientServiceError | PropagationError)
