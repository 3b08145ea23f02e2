import contextlib
from collections.abc import Mapping, Sequence
from threading import Event, Thread, current_thread
from typing import Any

import pytest

from engagement.call_timeout import ThreadCallTimeout, timed
from engagement.errors import CallOutlastedError, CallsLeftBehindError, UnreadableAnswerError
from tests.fakes.call_timeout import FakeCallTimeout, HangError
from tests.fakes.queue import URL, FakeQueue

LONG = 60.0
SHORT = 0.01


def leave(_thread: Thread) -> None:
    """Leave a thread alone that the test itself lets go: under coverage Python 3.11 would stand still until then."""


def test_a_call_in_time_returns_its_result() -> None:
    """The timeout ends only calls that hang."""
    timeout = ThreadCallTimeout(LONG)

    assert timeout(lambda: "done") == "done"
    assert timeout.take_count() == 0


@pytest.mark.parametrize("error", [ZeroDivisionError, KeyboardInterrupt])
def test_an_error_of_the_call_is_raised_as_it_is(error: type[BaseException]) -> None:
    """Its type is the caller's to judge."""

    def fail() -> None:
        raise error

    with pytest.raises(error):
        ThreadCallTimeout(LONG)(fail)


def test_a_call_that_hangs_is_left_behind_and_counted() -> None:
    """A name server that is silent has no time-out of its own."""
    timeout, release = ThreadCallTimeout(SHORT, end=leave), Event()

    with pytest.raises(CallOutlastedError):
        timeout(release.wait)

    release.set()
    assert timeout.take_count() == 1
    assert timeout.take_count() == 0


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
        ThreadCallTimeout(SHORT)(drip)

    assert ended.wait(LONG)


def test_no_call_is_made_while_too_many_are_left_behind() -> None:
    """Each holds a thread and a connection; the environment must live to serve the next batch."""
    timeout, release, made = ThreadCallTimeout(SHORT, max_left_behind=2, end=leave), Event(), Event()
    for _ in range(2):
        with pytest.raises(CallOutlastedError):
            timeout(lambda: release.wait(LONG))

    with pytest.raises(CallsLeftBehindError):
        timeout(made.set)

    assert not made.is_set()
    assert timeout.take_count() == 3
    release.set()


def test_calls_are_made_again_once_those_left_behind_have_ended() -> None:
    """An outage that hangs must not outlast itself."""
    timeout, release = ThreadCallTimeout(SHORT, max_left_behind=1, end=leave), Event()
    hanging = []

    def hang() -> None:
        hanging.append(current_thread())
        release.wait(LONG)

    with pytest.raises(CallOutlastedError):
        timeout(hang)
    release.set()
    hanging[0].join(LONG)

    with contextlib.suppress(CallOutlastedError):  # a machine under load may need more than the short time
        assert timeout(lambda: "done") == "done"


class FailingClient:
    """A client whose every call ends with this error."""

    def __init__(self, error: Exception) -> None:
        self._error = error
        self.closed = False

    def send_message_batch(self, *, QueueUrl: str, Entries: Sequence[Any]) -> Mapping[str, Any]:  # noqa: ARG002, N803 - boto3's
        """Fail."""
        raise self._error

    def close(self) -> None:
        """Close idle connections."""
        self.closed = True


def test_a_timed_client_is_the_client_for_a_call_in_time() -> None:
    """Its arguments and its answer are not touched."""
    queue = FakeQueue()

    answer = timed(queue, FakeCallTimeout()).send_message_batch(
        QueueUrl=URL, Entries=[{"Id": "0", "MessageBody": "body"}]
    )

    assert queue.bodies == ["body"]
    assert answer["Successful"][0]["Id"] == "0"


@pytest.mark.parametrize(
    ("error", "raised"),
    [
        (HangError(), CallOutlastedError),
        (AttributeError("get"), UnreadableAnswerError),
        (ZeroDivisionError(), ZeroDivisionError),
    ],
)
def test_a_timed_client_names_a_call_without_an_answer_and_one_that_cannot_be_read(
    error: Exception, raised: type[Exception]
) -> None:
    """To call again is harmless; to count as done what was not confirmed could lose it."""
    with pytest.raises(raised):
        timed(FailingClient(error), FakeCallTimeout()).send_message_batch(QueueUrl=URL, Entries=[])


def test_a_timed_client_closes_its_connections_even_while_too_many_calls_hang() -> None:
    """That asks no service, and is how a bad connection is got rid of."""
    client, timeout = FailingClient(HangError()), ThreadCallTimeout(SHORT, max_left_behind=0)

    timed(client, timeout).close()

    assert client.closed
    assert timeout.take_count() == 0
