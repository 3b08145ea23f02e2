import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest

from engagement.clock import Deadline
from engagement.sqs_batch import Entry
from engagement.sqs_sender import SendMessageBatch, SqsBatchSender, Unsent
from tests.fakes.clock import FakeClock
from tests.fakes.queue import URL, FakeQueue


def first(_batches: int) -> int:
    """Send batches in their order, which a test can tell beforehand."""
    return 0


def sender(client: SendMessageBatch, clock: FakeClock, threads: int = 1) -> SqsBatchSender:
    """Return a sender to a fake queue."""
    return SqsBatchSender(client, URL, clock, threads, first=first)


def send(queue: FakeQueue, *bodies: str, seconds: float = 60.0, threads: int = 1) -> list[Unsent | None]:
    """Send a message for each body and return what became of each."""
    return sender(queue, queue.clock, threads).send(
        [Entry(body) for body in bodies], Deadline.after(queue.clock, seconds)
    )


def test_nothing_to_send_makes_no_call() -> None:
    """SQS refuses a batch without entries."""
    queue = FakeQueue()

    assert send(queue) == []
    assert queue.calls == []


def test_every_entry_is_sent_once_in_batches_of_ten() -> None:
    """SQS takes ten entries a call, and charges a call."""
    queue = FakeQueue()
    bodies = [str(number) for number in range(25)]

    assert send(queue, *bodies) == [None] * 25
    assert queue.bodies == bodies
    assert [len(call) for call in queue.calls] == [10, 10, 5]


def test_several_batches_at_once_report_in_the_entries_order() -> None:
    """The caller pairs outcomes with customers by position."""
    queue = FakeQueue()
    queue.refuse(lambda body: body.endswith("7"), "InvalidMessageContents", sender_fault=True)

    outcomes = send(queue, *[str(number) for number in range(100)], threads=8)

    assert [position for position, outcome in enumerate(outcomes) if outcome is not None] == list(range(7, 100, 10))
    assert len(queue.counted) == 90


def test_a_batch_stays_within_the_byte_limit() -> None:
    """A batch beyond it is refused whole, with all its neighbours."""
    queue = FakeQueue()
    third = 1_048_576 // 3

    assert send(queue, "a" * third, "b" * third, "c" * third, "d" * third) == [None] * 4
    assert [len(call) for call in queue.calls] == [3, 1]


def test_an_entry_that_no_queue_takes_costs_its_neighbours_nothing() -> None:
    """It travels alone, since it would fail its whole batch."""
    queue = FakeQueue()

    outcomes = send(queue, "first", "x" * 1_048_577, "last")

    assert outcomes == [None, Unsent("AWS.SimpleQueueService.BatchRequestTooLong", call_failed=True), None]
    assert queue.bodies == ["first", "last"]


def test_group_and_attributes_travel_with_the_body() -> None:
    """Fair queues go by the group, operators by the attributes."""
    queue = FakeQueue()
    entry = Entry("body", group="journey-1", attributes={"reason": "no_identity"})

    sender(queue, queue.clock).send([entry], Deadline.after(queue.clock, 60))

    [message] = queue.messages
    assert (message.body, message.group, message.attributes) == ("body", "journey-1", {"reason": "no_identity"})


def test_an_entry_that_sqs_could_not_take_is_sent_again() -> None:
    """An answer of 200 can carry failed entries, which botocore's own retries never cover."""
    queue = FakeQueue()
    queue.refuse(lambda body: body == "b", "InternalError", sender_fault=False, times=2)

    assert send(queue, "a", "b", "c") == [None] * 3
    assert queue.counted == {"a": 1, "b": 1, "c": 1}
    assert [[key.partition("-")[0] for key in call] for call in queue.calls] == [["0", "1", "2"], ["0"], ["0"]]
    assert len({key.partition("-")[2] for call in queue.calls for key in call}) == 3


def test_an_entry_is_given_up_after_its_rounds_with_sqs_code() -> None:
    """The caller waits for the answer; a repeat of the event is its business."""
    queue = FakeQueue()
    queue.refuse(lambda body: body == "b", "InternalError", sender_fault=False)

    assert send(queue, "a", "b") == [None, Unsent("InternalError")]
    assert len(queue.calls) == 3


def test_an_entry_at_fault_is_not_sent_again() -> None:
    """No resend can help a message that SQS cannot hold."""
    queue = FakeQueue()

    assert send(queue, "a", "b\x00") == [None, Unsent("InvalidMessageContents", sender_fault=True)]
    assert len(queue.calls) == 1


def test_an_entry_without_an_answer_is_sent_again() -> None:
    """Counting it as sent could lose it; sending it twice is harmless, since the record's id is deterministic."""
    queue = FakeQueue()
    queue.omit_answers(times=1)

    assert send(queue, "a", "b") == [None, None]
    assert queue.counted == {"a": 2, "b": 1}


def test_an_entry_that_is_never_answered_counts_as_unsent() -> None:
    """A send without confirmation was not made."""
    queue = FakeQueue()
    queue.omit_answers(times=3)

    assert send(queue, "a") == [Unsent("NotAnswered")]


def test_a_failed_call_is_not_repeated_here() -> None:
    """The client retries whole calls: a second layer would multiply the attempts against a service in need."""
    queue = FakeQueue()
    queue.fail("ServiceUnavailable", times=1)

    assert send(queue, "a", "b") == [Unsent("ServiceUnavailable", call_failed=True)] * 2
    assert len(queue.calls) == 1


def test_a_failed_call_costs_the_other_batches_nothing() -> None:
    """A connection that breaks has only its own ten entries on it."""
    queue = FakeQueue()
    queue.fail("ServiceUnavailable", times=1)

    outcomes = send(queue, *[str(number) for number in range(30)])

    assert outcomes == [Unsent("ServiceUnavailable", call_failed=True)] * 10 + [None] * 20


def test_a_lost_answer_counts_as_unsent() -> None:
    """The entries are in the queue, but that is unknown."""
    queue = FakeQueue()
    queue.lose_answers(times=1)

    assert send(queue, "a") == [Unsent("ReadTimeoutError", call_failed=True)]
    assert queue.bodies == ["a"]


def test_a_missing_queue_is_named_by_its_code() -> None:
    """The code is what the operator searches for."""
    queue = FakeQueue()
    box = SqsBatchSender(queue, URL + "-gone", queue.clock, 1)

    [outcome] = box.send([Entry("a")], Deadline.after(queue.clock, 60))

    assert outcome == Unsent("AWS.SimpleQueueService.NonExistentQueue", call_failed=True)


class BrokenClient:
    """A client with a fault in its own code."""

    def send_message_batch(self, *, QueueUrl: str, Entries: Sequence[Any]) -> Mapping[str, Any]:  # noqa: N803 - boto3's names
        """Fail as no client says it would."""
        raise KeyError(QueueUrl, len(Entries))


def test_an_unexpected_error_is_not_swallowed() -> None:
    """A programming error must fail the invocation, not look like an outage of SQS."""
    clock = FakeClock()

    with pytest.raises(KeyError):
        sender(BrokenClient(), clock).send([Entry("a")], Deadline.after(clock, 60))


def test_pauses_between_rounds_grow_and_are_jittered() -> None:
    """Resending at once, from many environments in step, is how an overload stays one."""
    longest: list[float] = [0.0, 0.0]
    for _ in range(200):
        queue = FakeQueue()
        queue.refuse(lambda _: True, "InternalError", sender_fault=False)
        send(queue, "a")
        longest = [max(pair) for pair in zip(longest, queue.clock.slept, strict=True)]

    assert 0.08 < longest[0] <= 0.1
    assert 0.16 < longest[1] <= 0.2


def test_nothing_is_sent_after_the_deadline() -> None:
    """A call that outlives the invocation is neither answered nor known."""
    queue = FakeQueue()

    assert send(queue, "a", "b", seconds=0) == [Unsent("DeadlinePassed")] * 2
    assert queue.calls == []


def test_the_deadline_ends_the_work_between_two_batches() -> None:
    """What was sent stays sent; the rest is reported, so that the caller repeats the event."""
    queue = FakeQueue(seconds_a_call=1.0)

    outcomes = send(queue, *[str(number) for number in range(50)], seconds=2.5)

    assert outcomes == [None] * 30 + [Unsent("DeadlinePassed")] * 20
    assert len(queue.messages) == 30


def test_the_deadline_ends_the_rounds() -> None:
    """Another round would start after the caller has stopped listening."""
    queue = FakeQueue(seconds_a_call=1.0)
    queue.refuse(lambda _: True, "InternalError", sender_fault=False)

    assert send(queue, "a", seconds=1.0) == [Unsent("InternalError")]
    assert len(queue.calls) == 1


def test_a_pause_never_outlasts_the_deadline() -> None:
    """The time that is left belongs to the answer."""
    queue = FakeQueue(seconds_a_call=1.0)
    queue.refuse(lambda _: True, "InternalError", sender_fault=False)

    send(queue, "a", seconds=1.0001)

    assert all(pause <= 0.00011 for pause in queue.clock.slept)


def test_where_time_suffices_for_a_part_repeats_reach_the_rest() -> None:
    """Ten thousand customers behind a slow SQS: always beginning with the first, the last would never be sent."""
    sent: set[str] = set()
    for _ in range(200):
        queue = FakeQueue(seconds_a_call=1.0)
        box = SqsBatchSender(queue, URL, queue.clock, 1)
        outcomes = box.send([Entry(str(number)) for number in range(100)], Deadline.after(queue.clock, 2.5))
        assert {str(number) for number, outcome in enumerate(outcomes) if outcome is None} == set(queue.bodies)
        assert len(queue.bodies) == 30
        sent |= set(queue.bodies)

    assert len(sent) == 100


class AnsweringClient:
    """A client that sends nothing, and answers a call's ids with this."""

    def __init__(self, answer: Callable[[Sequence[str]], object]) -> None:
        self._answer = answer

    def send_message_batch(self, *, QueueUrl: str, Entries: Sequence[Any]) -> Any:  # noqa: ARG002, N803 - boto3's
        """Answer."""
        return self._answer([entry["Id"] for entry in Entries])


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (lambda _: None, "UnreadableAnswerError"),
        (lambda _: [], "UnreadableAnswerError"),
        (lambda _: {}, "NotAnswered"),
        (lambda _: {"Successful": [{"MessageId": "1"}]}, "UnreadableAnswerError"),
        (lambda _: {"Successful": [{"Id": "0"}]}, "UnreadableAnswerError"),
        (lambda ids: {"Successful": [{"Id": ids[0]}, {"Id": ids[0]}]}, "UnreadableAnswerError"),
        (lambda ids: {"Successful": [{"Id": ids[0], "MD5OfMessageBody": "0" * 32}]}, "UnreadableAnswerError"),
        (lambda ids: {"Failed": [{"Id": ids[0], "SenderFault": True}]}, "Unknown"),
        (lambda ids: {"Failed": [{"Id": ids[0], "SenderFault": True, "Code": 5}]}, "Unknown"),
        (lambda ids: {"Failed": [{"Id": ids[0], "SenderFault": "true", "Code": "Odd"}]}, "Odd"),
    ],
)
def test_an_answer_that_is_not_the_contracts_counts_as_unsent_and_parks_nothing(
    answer: Callable[[Sequence[str]], object], code: str
) -> None:
    """A proxy's page, or another call's answer, says nothing of these entries."""
    clock = FakeClock()

    assert sender(AnsweringClient(answer), clock).send([Entry("a")], Deadline.after(clock, 60)) == [Unsent(code)]


def test_sqs_digest_of_the_very_body_is_believed() -> None:
    """It says what it took; where it does not, its id is enough."""
    clock = FakeClock()
    digest = hashlib.md5(b"a", usedforsecurity=False).hexdigest()
    client = AnsweringClient(lambda ids: {"Successful": [{"Id": ids[0], "MD5OfMessageBody": digest}]})

    assert sender(client, clock).send([Entry("a")], Deadline.after(clock, 60)) == [None]
