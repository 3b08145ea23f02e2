from collections.abc import Callable

import pytest

from engagement.clock import Deadline
from engagement.errors import OutOfTimeError, PermanentError, SystemicError, ThrottledError, TransientError
from tests.fakes.clock import FakeClock
from writer.attempt import Attempts
from writer.breaker import THRESHOLD, Breaker
from writer.budget import Budget
from writer.retry import MAX_ATTEMPTS, Retry

PACE = 100.0


class Service:
    """Meets these failures, one a call, then none."""

    def __init__(self, *failures: Exception) -> None:
        self.failures = list(failures)
        self.calls: list[str] = []

    def put(self, profile_object: str) -> str:
        """Take the call, then fail or not."""
        self.calls.append(profile_object)
        if self.failures:
            raise self.failures.pop(0)
        return f"key of {profile_object}"


def attempts(service: Service, *, seconds: float = 1_000.0, pace: float = PACE) -> Attempts:
    """Return the attempts of an invocation that has ``seconds`` left to call."""
    clock = FakeClock()
    return Attempts(service.put, Budget(pace, clock), Retry(clock), Breaker(), Deadline.after(clock, seconds))


def failing(write: Callable[[], object]) -> Exception:
    """Return what a write raises."""
    with pytest.raises((PermanentError, TransientError)) as raised:
        write()
    return raised.value


def test_an_object_is_put_once() -> None:
    """Most are."""
    service = Service()

    assert attempts(service).write("object") == "key of object"
    assert service.calls == ["object"]


def test_each_attempt_spends_of_the_budget() -> None:
    """A retry is a write of the account's quota like any other."""
    service = Service(*[TransientError("InternalServerException")] * 3)
    writing = attempts(service, pace=1.0)

    writing.write("object")

    assert len(service.calls) == 4
    assert writing.deadline.clock.monotonic() >= 3.0


def test_a_throttle_slows_down_and_another_failure_does_not() -> None:
    """Only a throttle says that we are too fast."""
    failed, throttled = (
        attempts(Service(error)) for error in (TransientError("InternalServerException"), ThrottledError("Throttling"))
    )

    failed.write("object")
    throttled.write("object")

    assert failed.budget.rate == PACE
    assert throttled.budget.rate < PACE


def test_after_too_many_records_in_a_row_have_failed_nothing_more_is_called() -> None:
    """The service is down, not the records bad: the rest of the batch goes back untouched, and soon."""
    service = Service(*[SystemicError("AccessDeniedException")] * 100)
    writing = attempts(service)

    failures = [failing(lambda: writing.write("object")) for _ in range(20)]

    assert len(service.calls) == THRESHOLD
    assert {type(failure) for failure in failures} == {SystemicError}
    assert writing.breaker.opened_by is not None


@pytest.mark.parametrize("between", [None, PermanentError("BadRequestException")])
def test_an_answer_for_a_record_ends_the_row(between: Exception | None) -> None:
    """Even a refusal shows that the service is there."""
    transient: list[Exception] = [
        TransientError("InternalServerException") for _ in range(MAX_ATTEMPTS * (THRESHOLD - 1))
    ]
    service = Service(*transient, *([] if between is None else [between]))
    writing = attempts(service)
    for _ in range(THRESHOLD - 1):
        failing(lambda: writing.write("object"))

    if between is None:
        writing.write("object")
    else:
        assert failing(lambda: writing.write("object")) is between
    service.failures = [*transient]
    for _ in range(THRESHOLD - 1):
        failing(lambda: writing.write("object"))

    assert writing.breaker.opened_by is None


def test_a_record_that_was_never_tried_says_nothing_of_the_service() -> None:
    """A batch that is too long for its time is no outage."""
    service = Service()
    writing = attempts(service, seconds=0.0)

    failures = [failing(lambda: writing.write("object")) for _ in range(THRESHOLD * 2)]

    assert {type(failure) for failure in failures} == {OutOfTimeError}
    assert service.calls == []
    assert writing.breaker.opened_by is None


def test_the_time_that_ends_between_two_attempts_hides_no_failure() -> None:
    """The last error is what a parked record explains itself by, and what the breaker counts."""
    down = ThrottledError("ThrottlingException", "request-1")
    service = Service(down)
    writing = attempts(service, seconds=1.5, pace=1.0)  # room for one call, and none for a repeat at half the pace
    for _ in range(THRESHOLD - 1):
        writing.breaker.failed(TransientError("InternalServerException"))

    assert failing(lambda: writing.write("object")) is down
    assert service.calls == ["object"]
    assert writing.breaker.opened_by is down
