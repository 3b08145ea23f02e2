from collections.abc import Sequence

import pytest

from engagement.clock import Deadline
from engagement.reasons import Reason
from engagement.sqs_sender import SqsBatchSender
from tests.fakes.queue import URL, FakeQueue
from tests.sqs_events import sqs_event, sqs_message
from writer.delivery import Outcome, Returned, ToPark, Written
from writer.message import Message, read_event
from writer.settlement import park

RECORD_ID = "f" * 32


def messages(*bodies: str) -> list[Message]:
    """Return the messages of a batch of these bodies."""
    return read_event(sqs_event(bodies))


def to_park(message: Message, reason: Reason = Reason.NOT_JSON, record_id: str | None = None) -> ToPark:
    """Return the outcome of a message that can never be written."""
    return ToPark(message, reason, "the detail", record_id)


def settle(queue: FakeQueue, outcomes: Sequence[Outcome], seconds: float = 10.0) -> list[Outcome]:
    """Park what is to be parked with ``seconds`` left."""
    sender = SqsBatchSender(queue, URL, queue.clock, threads=2)
    return park(outcomes, sender, Deadline.after(queue.clock, seconds))


def test_a_parked_message_keeps_its_body_and_tells_what_happened() -> None:
    """Any redrive tool can send it back as it is; an operator sorts it without opening it."""
    queue = FakeQueue()
    body = '{"truncated": "Zoë'
    [message] = read_event({"Records": [sqs_message(body, receives=4)]})

    outcome = to_park(message, Reason.REJECTED_BY_SERVICE, RECORD_ID)

    assert settle(queue, [outcome]) == [outcome]
    [parked] = queue.messages
    assert parked.body == body
    assert parked.attributes == {
        "reason": "rejected_by_service",
        "detail": "the detail",
        "stage": "writer",
        "firstSeen": "2026-11-23T09:00:00.000Z",
        "receives": "4",
        "redrives": "0",
        "recordId": RECORD_ID,
        "fingerprint": "63311eabb431021afbad8b222397c24d",
    }


def test_what_is_not_to_be_parked_makes_no_call() -> None:
    """Most batches are wholly written."""
    queue = FakeQueue()
    first, second = messages("a", "b")
    outcomes: list[Outcome] = [Written(first, RECORD_ID), Returned(second, "ThrottlingException")]

    assert settle(queue, outcomes) == outcomes
    assert queue.calls == []


def test_outcomes_keep_their_order_around_the_parked_ones() -> None:
    """Each outcome belongs to its own message."""
    queue = FakeQueue()
    batch = messages(*(f"body {number}" for number in range(60)))
    outcomes: list[Outcome] = [
        to_park(message) if number % 2 else Written(message, RECORD_ID) for number, message in enumerate(batch)
    ]

    assert settle(queue, outcomes) == outcomes
    assert queue.counted == {f"body {number}": 1 for number in range(1, 60, 2)}


def test_what_the_dead_letter_queue_refuses_is_returned() -> None:
    """A message that is neither parked nor written must not be deleted."""
    queue = FakeQueue()
    queue.refuse(lambda body: body == "refused", "InternalError", sender_fault=False)
    first, refused, last = messages("first", "refused", "last")

    outcomes = settle(queue, [to_park(first), to_park(refused, record_id=RECORD_ID), to_park(last)])

    assert outcomes == [to_park(first), Returned(refused, "NotParked: InternalError", RECORD_ID), to_park(last)]
    assert sorted(queue.bodies) == ["first", "last"]


def test_a_dead_letter_queue_that_is_down_returns_everything() -> None:
    """Nothing is lost while it is: the messages come again."""
    queue = FakeQueue()
    queue.fail("ServiceUnavailable", times=2)
    batch = messages(*(f"body {number}" for number in range(20)))

    outcomes = settle(queue, [to_park(message) for message in batch])

    assert outcomes == [Returned(message, "NotParked: ServiceUnavailable") for message in batch]


def test_no_parking_starts_after_the_deadline() -> None:
    """The answer must be given before Lambda ends the invocation."""
    queue = FakeQueue()
    [message] = messages("body")

    assert settle(queue, [to_park(message)], seconds=0) == [Returned(message, "NotParked: DeadlinePassed")]
    assert queue.calls == []


def test_an_empty_body_does_not_keep_its_neighbours_from_being_parked() -> None:
    """SQS refuses a whole call for one empty body; a blank is as little of a record."""
    queue = FakeQueue()
    batch = messages("first", "", "last")

    outcomes = settle(queue, [to_park(message) for message in batch])

    assert outcomes == [to_park(message) for message in batch]
    assert sorted(queue.bodies) == [" ", "first", "last"]


def test_a_body_that_fills_a_message_is_parked_without_its_reason() -> None:
    """Attributes count towards the message's size; a body without a reason is worth more than none."""
    queue = FakeQueue()
    batch = messages("x" * 1_048_576, "x" * 1_000_000)

    outcomes = settle(queue, [to_park(message) for message in batch])

    assert outcomes == [to_park(message) for message in batch]
    assert {len(parked.body): bool(parked.attributes) for parked in queue.messages} == {
        1_048_576: False,
        1_000_000: True,
    }


@pytest.mark.parametrize(("viewed", "kept"), [("true", "true"), ("false", "false"), ("perhaps", None), (None, None)])
def test_a_redriven_message_that_is_parked_again_keeps_its_history(viewed: str | None, kept: str | None) -> None:
    """What ingest parked does not say in its body which channel function took it: only the attribute does."""
    queue = FakeQueue()
    attributes = {"reason": "no_identity", "redrives": "1", "firstSeen": "2026-11-20T09:00:00.000Z"}
    given = attributes if viewed is None else attributes | {"offerViewed": viewed}
    [message] = read_event({"Records": [sqs_message('{"Endpoints": {}}', attributes=given)]})

    settle(queue, [to_park(message, Reason.NOT_A_RECORD)])

    [parked] = queue.messages
    assert parked.attributes["redrives"] == "2"
    assert parked.attributes["firstSeen"] == "2026-11-20T09:00:00.000Z"
    assert parked.attributes.get("offerViewed") == kept
