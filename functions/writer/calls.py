"""The calls that write one record: within the budget, with retries, and none once the service is down."""

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock

from engagement.clock import Deadline
from engagement.errors import OutOfTimeError, PermanentError, SystemicError, ThrottledError, TransientError
from engagement.retry import RetryRule, retry
from writer.budget import Budget

THRESHOLD = 5
"""Records in a row, over all threads, whose failure is not their own: then the circuit breaker opens."""

MAX_ATTEMPTS = 6
"""Calls for one record in one invocation; with 30 % of all calls failing, 7 in 10,000 records use them up."""
FIRST_PAUSE = 0.2
"""Seconds; the longest pause before the second attempt, doubled for each that follows."""
LONGEST_PAUSE = 3.0
"""Seconds; the longest pause before any attempt."""


def _is_retried(error: BaseException | None) -> bool:
    return isinstance(error, TransientError) and not isinstance(error, SystemicError | OutOfTimeError)


RETRIED = RetryRule(_is_retried, FIRST_PAUSE, LONGEST_PAUSE, MAX_ATTEMPTS)


class CircuitBreaker:
    """Tells a failure of the whole service from a bad record, and then stops calls for the rest of the invocation."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._failures = 0
        self._opened_by: TransientError | None = None

    @property
    def opened_by(self) -> TransientError | None:
        """The failure that stopped the calls; None while they go on."""
        return self._opened_by

    def check(self) -> None:
        """Refuse the call once too many records in a row have failed.

        Raises:
            TransientError: of the type, code and request of the failure that opened the breaker: the record was not
                tried.
        """
        if (error := self._opened_by) is not None:
            # A fresh one: several threads raise it, and each adds its own traceback.
            raise type(error)(error.code, error.request_id)

    def succeeded(self) -> None:
        """Note that the service answered for a record, be it with a refusal of that record alone."""
        with self._lock:
            self._failures = 0

    def failed(self, error: TransientError) -> None:
        """Note that a record, its retries included, met a failure that is not its own."""
        with self._lock:
            self._failures += 1
            if self._failures >= THRESHOLD and self._opened_by is None:
                self._opened_by = error


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the service, measured.

    Attributes:
        milliseconds: How long it took, its failure included.
        throttled: Whether the service throttled it.
        repeated: Whether it repeated one that had failed.
    """

    milliseconds: float
    throttled: bool
    repeated: bool


@dataclass(frozen=True, slots=True)
class Calls:
    """The calls of one invocation.

    Attributes:
        put: One call of the service; it returns the service's own key of the object.
        budget: The rate of this environment, of which every call takes, retries included.
        deadline: When the last call may start.
        breaker: This invocation's memory of failures that are not a record's own.
        made: Every call so far, in the order in which they ended.
    """

    put: Callable[[str], str]
    budget: Budget
    deadline: Deadline
    breaker: CircuitBreaker = field(default_factory=CircuitBreaker)
    made: list[Call] = field(default_factory=list)

    def write(self, profile_object: str) -> str:
        """Write one object and return the service's own key of it.

        Raises:
            PermanentError: the service will never take it.
            TransientError: it may take it later.
        """
        self.breaker.check()
        if self.deadline.passed():
            raise OutOfTimeError("DeadlinePassed")
        failures: list[TransientError] = []
        try:
            unique_key = retry(lambda: self._call(profile_object, failures), self.deadline, RETRIED)
        except TransientError as error:
            if not failures:
                raise  # The record was never tried: that says nothing about the service.
            self.breaker.failed(failures[-1])
            if isinstance(error, OutOfTimeError):
                raise failures[-1] from error  # The time ended between two attempts: the failure is what counts.
            raise
        except PermanentError:
            self.breaker.succeeded()
            raise
        self.breaker.succeeded()
        return unique_key

    def _call(self, profile_object: str, failures: list[TransientError]) -> str:
        self.budget.spend(self.deadline)
        repeated, throttled = bool(failures), False
        clock = self.deadline.clock
        started = clock.monotonic()
        try:
            return self.put(profile_object)
        except TransientError as error:
            failures.append(error)
            if throttled := isinstance(error, ThrottledError):
                self.budget.throttled()
            raise
        finally:
            self.made.append(Call((clock.monotonic() - started) * 1000, throttled, repeated))
