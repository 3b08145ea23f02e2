"""One record's way to Customer Profiles: within the budget, with retries, and no further once the service is down."""

from collections.abc import Callable
from dataclasses import dataclass, field

from engagement.clock import Deadline
from engagement.errors import OutOfTimeError, PermanentError, ThrottledError, TransientError
from writer.breaker import Breaker
from writer.budget import Budget
from writer.retry import Retry


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the service, measured.

    Attributes:
        milliseconds: How long it took, its failure included.
        throttled: Whether the service found us too fast.
        repeated: Whether it repeated one that had failed.
    """

    milliseconds: float
    throttled: bool
    repeated: bool


@dataclass(frozen=True, slots=True)
class Attempts:
    """How one invocation writes its records.

    Attributes:
        put: One call of the service; it returns the service's own key of the object.
        budget: The pace of this environment; every call, retries included, spends of it.
        retry: The one layer that retries.
        breaker: This invocation's memory of failures that are not a record's own.
        deadline: When the last call may start.
        calls: Every call so far, in the order in which they ended.
    """

    put: Callable[[str], str]
    budget: Budget
    retry: Retry
    breaker: Breaker
    deadline: Deadline
    calls: list[Call] = field(default_factory=list)

    def write(self, profile_object: str) -> str:
        """Write one object and return the service's own key of it.

        Raises:
            PermanentError: the service will never take it.
            TransientError: it may take it later.
        """
        self.breaker.check()
        answers: list[TransientError] = []
        try:
            unique_key = self.retry(lambda: self._call(profile_object, answers), self.deadline)
        except TransientError as error:
            if not answers:
                raise  # never tried: that says nothing of the service
            self.breaker.failed(answers[-1])
            if isinstance(error, OutOfTimeError):
                raise answers[-1] from error  # the time ended between two attempts: what failed is what counts
            raise
        except PermanentError:
            self.breaker.succeeded()
            raise
        self.breaker.succeeded()
        return unique_key

    def _call(self, profile_object: str, answers: list[TransientError]) -> str:
        self.budget.spend(self.deadline)
        repeated, throttled = bool(answers), False
        clock = self.deadline.clock
        started = clock.monotonic()
        try:
            return self.put(profile_object)
        except TransientError as error:
            answers.append(error)
            if throttled := isinstance(error, ThrottledError):
                self.budget.throttled()
            raise
        finally:
            self.calls.append(Call((clock.monotonic() - started) * 1000, throttled, repeated))
