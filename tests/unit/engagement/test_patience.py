import contextlib
from threading import Event, Thread, current_thread

import pytest

from engagement.errors import CallOutlastedError, CallsLeftBehindError
from engagement.patience import ThreadPatience

LONG = 60.0
SHORT = 0.01


def leave(_thread: Thread) -> None:
    """Leave a thread alone that the test itself lets go: under coverage Python 3.11 would stand still until then."""


def test_a_call_in_time_returns_its_result() -> None:
    """Patience is for what hangs alone."""
    patience = ThreadPatience(LONG)

    assert patience(lambda: "done") == "done"
    assert patience.taken() == 0


@pytest.mark.parametrize("error", [ZeroDivisionError, KeyboardInterrupt])
def test_an_error_of_the_call_is_raised_as_it_is(error: type[BaseException]) -> None:
    """Its type is the caller's to judge."""

    def fail() -> None:
        raise error

    with pytest.raises(error):
        ThreadPatience(LONG)(fail)


def test_a_call_that_hangs_is_left_behind_and_counted() -> None:
    """A name server that is silent has no time-out of its own."""
    patience, release = ThreadPatience(SHORT, end=leave), Event()

    with pytest.raises(CallOutlastedError):
        patience(release.wait)

    release.set()
    assert patience.taken() == 1
    assert patience.taken() == 0


def test_a_call_that_is_left_behind_ends_as_soon_as_it_comes_back() -> None:
    """Else an answer that never ends would be read for as long as the environment lives."""
    ended = Event()

    def drip() -> None:
        try:
            while not ended.wait(0.001):
                pass
        finally:
            ended.set()

    with pytest.raises(CallOutlastedError):
        ThreadPatience(SHORT)(drip)

    assert ended.wait(LONG)


def test_no_call_is_made_while_too_many_are_left_behind() -> None:
    """Each holds a thread and a connection; the environment must live to serve the next batch."""
    patience, release, made = ThreadPatience(SHORT, most_left_behind=2, end=leave), Event(), Event()
    for _ in range(2):
        with pytest.raises(CallOutlastedError):
            patience(lambda: release.wait(LONG))

    with pytest.raises(CallsLeftBehindError):
        patience(made.set)

    assert not made.is_set()
    assert patience.taken() == 3
    release.set()


def test_calls_are_made_again_once_those_left_behind_have_ended() -> None:
    """An outage that hangs must not outlast itself."""
    patience, release = ThreadPatience(SHORT, most_left_behind=1, end=leave), Event()
    hanging = []

    def hang() -> None:
        hanging.append(current_thread())
        release.wait(LONG)

    with pytest.raises(CallOutlastedError):
        patience(hang)
    release.set()
    hanging[0].join(LONG)

    with contextlib.suppress(CallOutlastedError):  # a machine under load may need more than the short time
        assert patience(lambda: "done") == "done"
