from engagement.clock import Deadline
from engagement.reasons import Reason
from engagement.sqs_sender import SqsBatchSender
from tests.fakes import sqs
from tests.fakes.clock import FakeClock
from tests.fakes.queue import URL, FakeQueue
from tests.fakes.sqs import FakeSqs
from tests.sqs_events import sqs_message
from writer.backoff import Backoff, VisibilityTimeouts
from writer.delivery import Returned, ToPark, Written
from writer.message import Message, read_event
from writer.parking_policy import LastReceive, ParkingLimit
from writer.settlement import Settled, Settlement

MAX_RECEIVES = 5


class Queues:
    """The two queues, and the settlement between them."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.queue = FakeSqs(self.clock)
        self.dead_letters = FakeQueue(self.clock)
        self._settlement = Settlement(
            ParkingLimit(enabled=True),
            LastReceive(MAX_RECEIVES, self.clock),
            SqsBatchSender(self.dead_letters, URL, self.clock, threads=1),
            Backoff(first=30, longest=1_800, systemic=300),
            VisibilityTimeouts(self.queue, sqs.URL),
        )

    def message(self, receives: int = 1, body: str = "body") -> Message:
        """Return a message of the queue in flight."""
        message_id = self.queue.send(body)
        for _ in range(receives):
            self.queue.receive_message(QueueUrl=sqs.URL, MaxNumberOfMessages=10)
            self.clock.advance(self.queue.visibility)
        record = sqs_message(body, message_id, receives) | {"receiptHandle": f"{message_id}#{receives}"}
        [message] = read_event({"Records": [record]})
        return message

    def settle(self, *outcomes: Written | ToPark | Returned, seconds: float = 10.0) -> Settled:
        """Settle a batch of these outcomes."""
        return self._settlement.settle(outcomes, Deadline.after(self.clock, seconds))


def test_a_returned_message_is_invisible_by_its_receive_count() -> None:
    """Each message knows best how long it has been waiting."""
    queues = Queues()
    fourth, first = queues.message(receives=4), queues.message(receives=1)

    settled = queues.settle(Returned(first, "ThrottlingException"), Returned(fourth, "ThrottlingException"))

    assert settled.backoff_failed == 0
    assert 15 <= queues.queue.changes[first.message_id] <= 30
    assert 120 <= queues.queue.changes[fourth.message_id] <= 240


def test_a_fault_that_somebody_must_fix_makes_invisible_for_five_minutes_to_ten() -> None:
    """Calling every half minute would fix nothing."""
    queues = Queues()
    message = queues.message()

    queues.settle(Returned(message, "AccessDeniedException", systemic=True))

    assert 300 <= queues.queue.changes[message.message_id] <= 600


def test_a_written_or_parked_message_is_left_to_lambda() -> None:
    """Lambda deletes it."""
    queues = Queues()
    written, poison = Written(queues.message(), "f" * 32), ToPark(queues.message(), Reason.NOT_JSON, "detail")

    settled = queues.settle(written, poison)

    assert settled == Settled([written, poison], backoff_failed=0)
    assert settled.returned == []
    assert queues.queue.changes == {}
    assert queues.dead_letters.bodies == ["body"]


def test_the_last_receive_parks_with_the_last_error() -> None:
    """The dead-letter queue then explains itself."""
    queues = Queues()
    message = queues.message(receives=MAX_RECEIVES)

    settled = queues.settle(Returned(message, "InternalServerException", request_id="request-1"))

    assert settled.returned == []
    [parked] = queues.dead_letters.messages
    assert parked.attributes["reason"] == "receives_exhausted"
    assert parked.attributes["detail"] == "InternalServerException (request request-1)"
    assert parked.attributes["receives"] == str(MAX_RECEIVES)


def test_a_message_that_cannot_be_parked_on_its_last_receive_is_returned_and_moved_by_the_queue() -> None:
    """Without its reason, but not lost: SQS keeps to its redrive policy whatever the writer does."""
    queues = Queues()
    queues.queue.max_receives, queues.queue.dead_letters = MAX_RECEIVES, queues.dead_letters
    message = queues.message(receives=MAX_RECEIVES)
    queues.dead_letters.fail("ServiceUnavailable", times=1)

    settled = queues.settle(Returned(message, "InternalServerException"))

    assert [outcome.cause for outcome in settled.returned] == ["NotParked: ServiceUnavailable"]
    assert queues.dead_letters.messages == []
    queues.clock.advance(queues.queue.changes[message.message_id])
    assert queues.queue.receive_message(QueueUrl=sqs.URL, MaxNumberOfMessages=1) == {}
    assert queues.queue.moved == queues.dead_letters.bodies == ["body"]


def test_a_batch_that_looks_bad_is_returned_for_long_and_not_parked() -> None:
    """Until an operator decides that the records are at fault."""
    queues = Queues()
    messages = [queues.message() for _ in range(20)]

    settled = queues.settle(*(ToPark(message, Reason.INVALID_RECORD, "detail") for message in messages))

    assert len(settled.returned) == 20
    assert queues.dead_letters.messages == []
    assert min(queues.queue.changes.values()) >= 300


def test_a_message_without_a_receipt_is_returned_as_it_is() -> None:
    """It was typed into the console: nothing is in flight that could be changed."""
    queues = Queues()
    [message] = read_event({"Records": [sqs_message("body") | {"receiptHandle": None}]})

    settled = queues.settle(Returned(message, "ThrottlingException"))

    assert settled.backoff_failed == 0
    assert len(settled.returned) == 1


def test_nothing_is_called_when_the_time_is_over() -> None:
    """Such messages come back after the queue's own visibility timeout."""
    queues = Queues()
    message, poison = queues.message(), queues.message()

    settled = queues.settle(
        Returned(message, "ThrottlingException"), ToPark(poison, Reason.NOT_JSON, "detail"), seconds=0
    )

    assert settled.backoff_failed == len(settled.returned) == 2
    assert queues.dead_letters.calls == []
