from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pytest

from engagement.call_timeout import timed
from engagement.clock import Deadline
from tests.fakes.call_timeout import FakeCallTimeout, HangError
from tests.fakes.clock import FakeClock
from tests.fakes.sqs import URL, FakeSqs
from writer.backoff import Backoff, VisibilityTimeouts

BACKOFF = Backoff(first=30, longest=1_800, systemic=300)
DRAWS = 300


def drawn(receives: int, *, systemic: bool = False, backoff: Backoff = BACKOFF) -> list[int]:
    """Return many backoffs at this receive."""
    return [backoff.seconds(receives, systemic=systemic) for _ in range(DRAWS)]


def in_upper_half(seconds: Iterable[int], longest: int) -> bool:
    """Tell whether they fill the upper half below ``longest``, and nothing else."""
    found = sorted(seconds)
    return longest // 2 <= found[0] <= 0.6 * longest and 0.9 * longest <= found[-1] <= longest


@pytest.mark.parametrize(
    ("receives", "longest"), [(1, 30), (2, 60), (3, 120), (4, 240), (6, 960), (7, 1_800), (8, 1_800), (1_000, 1_800)]
)
def test_each_receive_doubles_it_up_to_the_longest(receives: int, longest: int) -> None:
    """A dead service must cost receives slowly; a short fault must cost the customer little time."""
    assert in_upper_half(drawn(receives), longest)


@pytest.mark.parametrize(("receives", "longest"), [(1, 600), (5, 600), (6, 960), (300, 1_800)])
def test_a_fault_that_somebody_must_fix_takes_longer_from_the_first(receives: int, longest: int) -> None:
    """No permission comes back within half a minute."""
    assert in_upper_half(drawn(receives, systemic=True), longest)


def test_the_longest_backoff_holds_for_a_systemic_fault_too() -> None:
    """It is what an operator set."""
    assert max(drawn(1, systemic=True, backoff=Backoff(first=1, longest=4, systemic=300))) == 4


def test_the_shortest_backoff_is_a_second() -> None:
    """With none at all a message would come back at once, and use up its receives within minutes."""
    assert set(drawn(1, backoff=Backoff(first=1, longest=1, systemic=1))) == {1}


def test_no_backoff_exceeds_twelve_hours() -> None:
    """Beyond twelve hours SQS refuses the call, and the message would come back at once."""
    widest = Backoff(first=3_600, longest=43_200, systemic=300)

    assert max(max(drawn(receives, backoff=widest)) for receives in (1, 4, 5, 17, 1_000)) <= 43_200


def in_flight(queue: FakeSqs, count: int) -> list[str]:
    """Send and receive so many messages; return their receipt handles."""
    for number in range(count):
        queue.send(f"body {number}")
    handles: list[str] = []
    while len(handles) < count:
        answer = queue.receive_message(QueueUrl=URL, MaxNumberOfMessages=10)
        handles += [message["ReceiptHandle"] for message in answer["Messages"]]
    return handles


def change(queue: FakeSqs, seconds: Mapping[str, int], left: float = 10.0) -> int:
    """Set these timeouts with ``left`` seconds left."""
    return VisibilityTimeouts(queue, URL).change(seconds, Deadline.after(queue.clock, left))


def test_each_message_has_its_own_timeout() -> None:
    """Each has its own receive count."""
    queue = FakeSqs()
    first, second = in_flight(queue, 2)

    assert change(queue, {first: 30, second: 1_800}) == 0
    assert queue.changes == {"message-0": 30, "message-1": 1_800}


@pytest.mark.parametrize("count", [1, 10, 11, 50])
def test_every_message_of_a_batch_of_any_size_gets_its_timeout(count: int) -> None:
    """SQS takes ten a call."""
    queue = FakeSqs()

    assert change(queue, dict.fromkeys(in_flight(queue, count), 60)) == 0
    assert len(queue.changes) == count


def test_nothing_to_return_makes_no_call() -> None:
    """SQS refuses an empty one, and most batches are wholly written."""
    queue = FakeSqs(change_error="AWS.SimpleQueueService.EmptyBatchRequest")

    assert change(queue, {}) == 0


def test_an_entry_that_fails_is_counted_and_costs_its_neighbours_nothing() -> None:
    """Such a message comes back after the queue's own visibility timeout."""
    queue = FakeSqs(unchangeable=lambda body: body == "body 1")

    assert change(queue, dict.fromkeys(in_flight(queue, 3), 60)) == 1
    assert set(queue.changes) == {"message-0", "message-2"}


def test_a_call_that_fails_is_counted_whole() -> None:
    """It must not fail the invocation: what was written would be written again."""
    queue = FakeSqs(change_error="ServiceUnavailable")

    assert change(queue, dict.fromkeys(in_flight(queue, 12), 60)) == 12


def test_no_call_starts_after_the_deadline() -> None:
    """The answer must be given before Lambda ends the invocation."""
    queue = FakeSqs(seconds_a_change=1.0)

    assert change(queue, dict.fromkeys(in_flight(queue, 40), 60), left=1.5) == 20
    assert len(queue.changes) == 20


class FailingClient:
    """A client whose every call ends with this error."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def change_message_visibility_batch(self, *, QueueUrl: str, Entries: Sequence[Any]) -> Mapping[str, Any]:  # noqa: ARG002, N803 - boto3's
        """Fail."""
        raise self._error


@pytest.mark.parametrize("error", [HangError(), AttributeError("get")])
def test_a_call_without_an_answer_or_with_an_unreadable_one_is_counted_whole(error: Exception) -> None:
    """The messages come back after the queue's own timeout."""
    clock = FakeClock()
    visibility = VisibilityTimeouts(timed(FailingClient(error), FakeCallTimeout(clock)), "url")

    assert visibility.change({"handle": 30, "another": 60}, Deadline.after(clock, 60)) == 2
