"""Calls of a service in a deployment: each ends in time, and is retried while that may help and time is left."""

from collections.abc import Callable
from typing import TypeVar

from custom_resource.errors import PropagationError, TimeUpError, TransientServiceError
from engagement.call_timeout import CallTimeout
from engagement.clock import Deadline
from engagement.errors import UnansweredError
from engagement.retry import RetryRule, retry

LONGEST_CALL = 9.0
"""Seconds that one call of a service can take: two to connect, six to answer, one of pace."""

# The pauses between eight calls come to a minute at most.
TRANSIENT = RetryRule(
    lambda error: isinstance(error, TransientServiceError), first_pause=1.0, longest_pause=16.0, max_failures=8
)
# By its time and not by its number: a change of a role's policy may take a minute to hold everywhere.
PROPAGATION = RetryRule(
    lambda error: isinstance(error, PropagationError), first_pause=1.0, longest_pause=5.0, max_seconds=60.0
)

Result = TypeVar("Result")


class ServiceCalls:
    """Calls one service.

    Args:
        service: Its name, as people know it.
        timeout: Ends a call that hangs.
    """

    def __init__(self, service: str, timeout: CallTimeout) -> None:
        self._service = service
        self._timeout = timeout

    def __call__(self, call: Callable[[], Result], deadline: Deadline) -> Result:
        """Return what ``call`` returns; no attempt starts after ``deadline``.

        Raises:
            CustomResourceError: the error of the last attempt, if it is permanent, or attempts or time are used up.
        """
        return retry(lambda: self._attempt(call, deadline), deadline, TRANSIENT, PROPAGATION)

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
