from concurrent.futures import ThreadPoolExecutor

import pytest

from engagement.errors import SystemicError, TransientError
from writer.breaker import THRESHOLD, Breaker

DOWN = TransientError("InternalServerException", "request-1")


def after(failures: int) -> Breaker:
    """Return a breaker that has seen so many failures in a row."""
    breaker = Breaker()
    for _ in range(failures):
        breaker.failed(DOWN)
    return breaker


@pytest.mark.parametrize("failures", [0, 1, THRESHOLD - 1])
def test_a_few_failures_stop_nothing(failures: int) -> None:
    """One record in a bad moment is not an outage."""
    breaker = after(failures)

    breaker.check()

    assert breaker.opened_by is None


def test_a_row_of_failures_stops_the_calls_with_what_it_met() -> None:
    """What is not tried any more goes back for the same cause."""
    breaker = after(THRESHOLD)

    with pytest.raises(TransientError) as raised:
        breaker.check()
    assert raised.value is breaker.opened_by is DOWN


def test_what_opened_it_stays_the_cause() -> None:
    """Calls that were under way at the time may still fail otherwise."""
    breaker = after(THRESHOLD)

    breaker.failed(SystemicError("AccessDeniedException"))

    assert breaker.opened_by is DOWN


def test_a_success_starts_the_row_anew() -> None:
    """In a row means in a row."""
    breaker = after(THRESHOLD - 1)
    breaker.succeeded()
    breaker.failed(DOWN)

    breaker.check()


def test_a_late_success_does_not_close_it() -> None:
    """The rest of the batch is coming back anyway; the next invocation tries anew."""
    breaker = after(THRESHOLD)

    breaker.succeeded()

    with pytest.raises(TransientError):
        breaker.check()


def test_failures_of_all_threads_count_together() -> None:
    """The service is one; each thread alone would find out only after its own row."""
    breaker = Breaker()
    with ThreadPoolExecutor(max_workers=THRESHOLD) as pool:
        list(pool.map(breaker.failed, [DOWN] * THRESHOLD))

    assert breaker.opened_by is DOWN
