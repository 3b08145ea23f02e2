from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest

from engagement.clock import Deadline
from engagement.errors import (
    DeliveryError,
    OutOfTimeError,
    PermanentError,
    SystemicError,
    ThrottledError,
    TransientError,
)
from tests.fakes.clock import FakeClock
from writer.budget import Budget
from writer.calls import Calls, CircuitBreaker

RATE = 100.0
DOWN = TransientError("InternalServerException", "request-1")


class Service:
    """Meets these failures, one a call, then none."""

    def __init__(self, *failures: Exception, seconds_a_call: float = 0.0) -> None:
        self.clock = FakeClock()
        self.failures = list(failures)
        self.calls: list[str] = []
        self.started: list[float] = []
        self._seconds_a_call = seconds_a_call

    def put(self, profile_object: str) -> str:
        """Take the call and its time, then fail or not."""
        self.calls.append(profile_object)
        self.started.append(self.clock.elapsed)
        self.clock.advance(self._seconds_a_call)
        if self.failures:
            raise self.failures.pop(0)
        return f"key of {profile_object}"


def calls_of(service: Service, *, seconds: float = 1_000.0, rate: float = RATE) -> Calls:
    """Return the calls of an invocation that has ``seconds`` left to start them."""
    return Calls(service.put, Budget(rate, service.clock), Deadline.after(service.clock, seconds))


def failing(write: Callable[[], object]) -> DeliveryError:
    """Return what a write raises."""
    with pytest.raises(DeliveryError) as raised:
        write()
    return raised.value


def after(failures: int) -> CircuitBreaker:
    """Return a breaker that has seen so many records in a row fail."""
    breaker = CircuitBreaker()
    for _ in range(failures):
        breaker.failed(DOWN)
    return breaker


def test_an_object_is_put_once() -> None:
    """Most writes succeed at once."""
    service = Service()

    assert calls_of(service).write("object") == "key of object"
    assert service.calls == ["object"]


def test_a_transient_failure_is_tried_six_times_in_all() -> None:
    """Then the record goes back to the queue, with the last failure as its cause."""
    last = TransientError("ServiceUnavailable")
    service = Service(*[TransientError("InternalServerException")] * 5, last)

    assert failing(lambda: calls_of(service).write("object")) is last
    assert service.calls == ["object"] * 6


def test_the_pauses_between_attempts_double_from_a_fifth_of_a_second_to_three() -> None:
    """Six attempts fit into the time of one invocation."""
    longest = [0.0] * 5
    for _ in range(200):
        service = Service(*[TransientError("InternalServerException")] * 5)
        calls_of(service, rate=1e9).write("object")
        pauses = [later - earlier for earlier, later in pairwise(service.started)]
        longest = [max(pair) for pair in zip(longest, pauses, strict=True)]

    for pause, bound in zip(longest, (0.2, 0.4, 0.8, 1.6, 3.0), strict=True):
        assert 0.9 * bound < pause <= bound + 1e-6


def test_a_throttle_that_passes_costs_no_return() -> None:
    """A trip through the queue takes half a minute at least."""
    service = Service(*[ThrottledError("ThrottlingException")] * 5)

    assert calls_of(service).write("object") == "key of object"


@pytest.mark.parametrize("failure", [PermanentError("BadRequestException"), SystemicError("AccessDeniedException")])
def test_a_failure_that_a_repeat_cannot_change_is_raised_at_once(failure: DeliveryError) -> None:
    """Repeating it would take time from records that can be written."""
    service = Service(failure)

    assert failing(lambda: calls_of(service).write("object")) is failure
    assert service.calls == ["object"]


def test_a_defect_is_raised_at_once() -> None:
    """A fault of our own code is no reason to call again, and says nothing about the service."""
    service = Service(ZeroDivisionError())
    calls = calls_of(service)

    with pytest.raises(ZeroDivisionError):
        calls.write("object")

    assert service.calls == ["object"]


def test_each_attempt_spends_of_the_budget() -> None:
    """A retry is a write of the account's quota like any other."""
    service = Service(*[TransientError("InternalServerException")] * 3)

    calls_of(service, rate=1.0).write("object")

    assert len(service.calls) == 4
    assert service.clock.elapsed >= 3.0


def test_a_throttle_slows_down_and_another_failure_does_not() -> None:
    """Only a throttle says that we are too fast."""
    failed, throttled = (
        calls_of(Service(error)) for error in (TransientError("InternalServerException"), ThrottledError("Throttling"))
    )

    failed.write("object")
    throttled.write("object")

    assert failed.budget.rate == RATE
    assert throttled.budget.rate < RATE


def test_each_call_is_measured() -> None:
    """The metrics are of calls, since the service's quota is."""
    service = Service(ThrottledError("Throttling"), PermanentError("BadRequestException"), seconds_a_call=0.25)
    calls = calls_of(service)

    failing(lambda: calls.write("object"))
    calls.write("another")

    assert [call.milliseconds for call in calls.made] == pytest.approx([250.0] * 3)
    assert [(call.throttled, call.repeated) for call in calls.made] == [(True, False), (False, True), (False, False)]


@pytest.mark.parametrize("seconds", [0.0, -1.0])
def test_no_call_starts_at_or_after_the_deadline(seconds: float) -> None:
    """A call that outlasts the invocation is a call whose outcome is unknown."""
    service = Service()

    error = failing(lambda: calls_of(service, seconds=seconds).write("object"))

    assert (type(error), error.code) == (OutOfTimeError, "DeadlinePassed")
    assert service.calls == []


def test_after_five_records_in_a_row_have_failed_nothing_more_is_called() -> None:
    """The service is down, not the records bad: the rest of the batch goes back untouched, and soon."""
    service = Service(*[SystemicError("AccessDeniedException")] * 100)
    calls = calls_of(service)

    failures = [failing(lambda: calls.write("object")) for _ in range(20)]

    assert len(service.calls) == 5
    assert {(type(failure), failure.code) for failure in failures} == {(SystemicError, "AccessDeniedException")}
    assert calls.breaker.opened_by is not None


@pytest.mark.parametrize("between", [None, PermanentError("BadRequestException")])
def test_an_answer_for_a_record_ends_the_row(between: DeliveryError | None) -> None:
    """Even a refusal shows that the service is there."""
    four_records: list[Exception] = [TransientError("InternalServerException") for _ in range(6 * 4)]
    service = Service(*four_records, *([] if between is None else [between]))
    calls = calls_of(service)
    for _ in range(4):
        failing(lambda: calls.write("object"))

    if between is None:
        calls.write("object")
    else:
        assert failing(lambda: calls.write("object")) is between
    service.failures = [*four_records]
    for _ in range(4):
        failing(lambda: calls.write("object"))

    assert calls.breaker.opened_by is None


def test_a_record_that_was_never_tried_says_nothing_about_the_service() -> None:
    """A batch that is too long for its time is no outage."""
    service = Service()
    calls = calls_of(service, seconds=1.5, rate=1.0)  # room for one call
    calls.write("first")

    failures = [failing(lambda: calls.write("object")) for _ in range(10)]

    assert {(type(failure), failure.code) for failure in failures} == {(OutOfTimeError, "BudgetSpent")}
    assert service.calls == ["first"]
    assert calls.breaker.opened_by is None


def test_the_time_that_ends_between_two_attempts_hides_no_failure() -> None:
    """The last error is what a parked record explains itself by, and what the breaker counts."""
    down = ThrottledError("ThrottlingException", "request-1")
    service = Service(down)
    calls = calls_of(service, seconds=1.5, rate=1.0)  # room for one call, and none for a repeat at half the rate
    for _ in range(4):
        calls.breaker.failed(TransientError("InternalServerException"))

    assert failing(lambda: calls.write("object")) is down
    assert service.calls == ["object"]
    assert calls.breaker.opened_by is down


@pytest.mark.parametrize("failures", [0, 1, 4])
def test_a_few_failures_stop_nothing(failures: int) -> None:
    """One record in a bad moment is not an outage."""
    breaker = after(failures)

    breaker.check()

    assert breaker.opened_by is None


def test_five_failures_in_a_row_stop_the_calls_with_what_they_met() -> None:
    """A record that is not tried any more goes back for the same cause."""
    breaker = after(5)

    with pytest.raises(TransientError) as raised:
        breaker.check()

    assert breaker.opened_by is DOWN
    assert (type(raised.value), raised.value.code, raised.value.request_id) == (TransientError, DOWN.code, "request-1")


def test_each_record_that_is_not_tried_gets_an_error_of_its_own() -> None:
    """Threads that raised one and the same error would add to each other's traceback."""
    breaker = after(5)
    raised = [failing(breaker.check) for _ in range(3)]

    assert len({id(error) for error in [DOWN, *raised]}) == 4


def test_the_failure_that_opened_it_stays_the_cause() -> None:
    """Calls that were under way at the time may still fail otherwise."""
    breaker = after(5)

    breaker.failed(SystemicError("AccessDeniedException"))

    assert breaker.opened_by is DOWN


def test_a_success_starts_the_row_anew() -> None:
    """In a row means in a row."""
    breaker = after(4)
    breaker.succeeded()
    for _ in range(4):
        breaker.failed(DOWN)

    breaker.check()


def test_a_late_success_does_not_close_it() -> None:
    """The rest of the batch goes back anyway; the next invocation tries again."""
    breaker = after(5)

    breaker.succeeded()

    with pytest.raises(TransientError):
        breaker.check()


def test_failures_of_all_threads_count_together() -> None:
    """The service is one; each thread alone would notice only after its own row."""
    breaker = CircuitBreaker()
    with ThreadPoolExecutor(max_workers=5) as pool:
        list(pool.map(breaker.failed, [DOWN] * 5))

    assert breaker.opened_by is DOWN
