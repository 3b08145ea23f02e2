from collections.abc import Mapping

import pytest

from engagement.clock import Deadline
from tests.fakes.sqs import URL, FakeSqs
from writer.visibility import Visibility


def in_flight(queue: FakeSqs, count: int) -> list[str]:
    """Send and receive so many messages; return their receipt handles."""
    for number in range(count):
        queue.send(f"body {number}")
    handles: list[str] = []
    while len(handles) < count:
        answer = queue.receive_message(QueueUrl=URL, MaxNumberOfMessages=10)
        handles += [message["ReceiptHandle"] for message in answer["Messages"]]
    return handles


def extend(queue: FakeSqs, seconds: Mapping[str, int], left: float = 10.0) -> int:
    """Set these visibilities with ``left`` seconds left."""
    return Visibility(queue, URL).extend(seconds, Deadline.after(queue.clock, left))


def test_each_message_comes_back_when_it_is_told_to() -> None:
    """Each has been received another number of times."""
    queue = FakeSqs()
    first, second = in_flight(queue, 2)

    assert extend(queue, {first: 30, second: 1_800}) == 0
    assert queue.changes == {"message-0": 30, "message-1": 1_800}


@pytest.mark.parametrize("count", [1, 10, 11, 50])
def test_every_message_of_a_batch_of_any_size_is_told(count: int) -> None:
    """SQS takes ten a call."""
    queue = FakeSqs()

    assert extend(queue, dict.fromkeys(in_flight(queue, count), 60)) == 0
    assert len(queue.changes) == count


def test_nothing_to_return_makes_no_call() -> None:
    """SQS refuses an empty one, and most batches are wholly written."""
    queue = FakeSqs(change_error="AWS.SimpleQueueService.EmptyBatchRequest")

    assert extend(queue, {}) == 0


def test_what_fails_within_a_call_is_counted_and_costs_its_neighbours_nothing() -> None:
    """Such a message comes back after the queue's own visibility timeout."""
    queue = FakeSqs(unchangeable=lambda body: body == "body 1")

    assert extend(queue, dict.fromkeys(in_flight(queue, 3), 60)) == 1
    assert set(queue.changes) == {"message-0", "message-2"}


def test_a_call_that_fails_is_counted_whole() -> None:
    """It must not fail the invocation: what was written would be written again."""
    queue = FakeSqs(change_error="ServiceUnavailable")

    assert extend(queue, dict.fromkeys(in_flight(queue, 12), 60)) == 12


def test_no_call_starts_after_the_deadline() -> None:
    """The answer must be given before Lambda ends the invocation."""
    queue = FakeSqs(seconds_a_change=1.0)

    assert extend(queue, dict.fromkeys(in_flight(queue, 40), 60), left=1.5) == 20
    assert len(queue.changes) == 20
