from engagement.clock import Deadline
from engagement.reasons import Reason
from engagement.sqs_sender import SqsBatchSender
from tests.fakes import sqs
from tests.fakes.clock import FakeClock
from tests.fakes.queue import URL, FakeQueue
from tests.fakes.sqs import FakeSqs
from tests.sqs_events import sqs_message
from writer.backoff import Backoff
from writer.delivery import Returned, ToPark, Written
from writer.message import Message, read_event
from writer.settlement import Settled, Settlement
from writer.verdict import SUSPICIOUS, LastReceive, ParkingLimit
from writer.visibility import Visibility

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
            Backoff(first=30, cap=1_800, systemic=300),
            Visibility(self.queue, sqs.URL),
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


def test_what_is_returned_stays_away_by_its_receives() -> None:
    """Each message knows best how long it has been waiting."""
    queues = Queues()
    fourth, first = queues.message(receives=4), queues.message(receives=1)

    settled = queues.settle(Returned(first, "ThrottlingException"), Returned(fourth, "ThrottlingException"))

    assert settled.backoff_failed == 0
    assert 15 <= queues.queue.changes[first.message_id] <= 30
    assert 120 <= queues.queue.changes[fourth.message_id] <= 240


def test_what_somebody_has_to_mend_stays_away_for_long() -> None:
    """Calling every half minute would mend nothing."""
    queues = Queues()
    message = queues.message()

    queues.settle(Returned(message, "AccessDeniedException", systemic=True))

    assert 300 <= queues.queue.changes[message.message_id] <= 600


def test_what_is_written_or_parked_is_left_to_lambda() -> None:
    """It is about to be deleted."""
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


def test_what_cannot_be_parked_on_its_last_receive_goes_back_and_is_moved_by_the_queue() -> None:
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


def test_what_looks_bad_as_a_whole_is_returned_for_long_instead_of_parked() -> None:
    """Until an operator says that the records are at fault."""
    queues = Queues()
    messages = [queues.message() for _ in range(SUSPICIOUS)]

    settled = queues.settle(*(ToPark(message, Reason.INVALID_RECORD, "detail") for message in messages))

    assert len(settled.returned) == SUSPICIOUS
    assert queues.dead_letters.messages == []
    assert min(queues.queue.changes.values()) >= 300


def test_a_message_without_a_receipt_is_returned_as_it_is() -> None:
    """Somebody typed it into the console: there is nothing in flight to change."""
    queues = Queues()
    [message] = read_event({"Records": [sqs_message("body") | {"receiptHandle": None}]})

    settled = queues.settle(Returned(message, "ThrottlingException"))

    assert settled.backoff_failed == 0
    assert len(settled.returned) == 1


def test_nothing_is_called_when_the_time_is_over() -> None:
    """What is not settled comes back after the queue's own visibility timeout."""
    queues = Queues()
    message, poison = queues.message(), queues.message()

    settled = queues.settle(
        Returned(message, "ThrottlingException"), ToPark(poison, Reason.NOT_JSON, "detail"), seconds=0
    )

    assert settled.backoff_failed == len(settled.returned) == 2
    assert queues.dead_letters.calls == []
