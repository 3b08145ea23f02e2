from collections import Counter
from typing import Any

import pytest

from engagement.clock import Deadline
from engagement.errors import UnsentError
from engagement.sqs_batch import Entry
from engagement.sqs_sender import Unsent
from ingest.acceptance import MAX_WAITING, Acceptance, Queues, accept
from ingest.settings import OfferNameFrom
from ingest.sources import connect, pinpoint
from ingest.sources.contract import CustomerStatus, InvocationContext, WarningReason
from tests.fakes.channel import FakeChannel
from tests.fakes.clock import FakeClock
from tests.samples import NOW, connect_event, endpoint, pinpoint_event, profile

INVOCATION = InvocationContext(
    viewed=True, offer_name="30% Off Renewal", connect_offer_name_from=OfferNameFrom.SETTINGS, now=NOW
)


class FakeSender:
    """A queue that gives each entry the outcome that the test has set, by position."""

    def __init__(self, outcomes: dict[int, Unsent] | None = None) -> None:
        self.entries: list[Entry] = []
        self._outcomes = outcomes or {}

    def send(self, entries: Any, deadline: Deadline) -> list[Unsent | None]:
        """Keep the entries."""
        assert entries, "a sender is not called for nothing"
        assert not deadline.passed()
        self.entries += entries
        return [self._outcomes.get(position) for position in range(len(entries))]


def accepted(event: dict[str, Any], queue: FakeSender, dead_letters: FakeSender) -> Acceptance:
    """Return what became of a Pinpoint event."""
    return accept(pinpoint, event, INVOCATION, Queues(queue, dead_letters), Deadline.after(FakeClock(), 9.0))


def statuses(acceptance: Acceptance) -> list[tuple[str, str | None]]:
    """Return each customer's status with its reason."""
    return [(str(outcome.status), outcome.reason) for outcome in acceptance.outcomes]


def test_each_customer_is_queued_or_parked() -> None:
    """No customer of an event disappears, and none is in both places."""
    queue, dead_letters = FakeSender(), FakeSender()

    acceptance = accepted(pinpoint_event({"a": endpoint(1), "b": None, "c": endpoint(3)}), queue, dead_letters)

    assert statuses(acceptance) == [("queued", None), ("parked", "malformed_customer"), ("queued", None)]
    assert (len(queue.entries), len(dead_letters.entries)) == (2, 1)


def test_an_event_without_customers_sends_nothing() -> None:
    """SQS refuses a batch without entries."""
    assert accepted(pinpoint_event({}), FakeSender(), FakeSender()).answer == {}


def test_one_journeys_records_are_one_group() -> None:
    """A fair queue can only hold back what it can tell apart."""
    queue = FakeSender()

    accepted(pinpoint_event({"a": endpoint(1), "b": endpoint(2)}), queue, FakeSender())
    accepted(pinpoint_event({"c": endpoint(3)}, JourneyId="journey-2"), queue, FakeSender())

    first, second, other = [entry.group for entry in queue.entries]
    assert first == second != other


@pytest.mark.parametrize("journey_id", ["j\u00e9 \U0001f600", "x" * 255, None])
def test_a_group_is_one_that_sqs_takes(journey_id: str | None) -> None:
    """A group that SQS refuses would cost the whole batch."""
    channel = FakeChannel()

    channel.invoke(pinpoint_event(JourneyId=journey_id))

    assert len(channel.queue.messages) == 1


def test_a_customer_that_the_queue_refuses_for_good_is_parked() -> None:
    """No repeat of the event could help."""
    queue = FakeSender({0: Unsent("InvalidMessageContents", sender_fault=True)})
    dead_letters = FakeSender()

    acceptance = accepted(pinpoint_event(), queue, dead_letters)

    assert statuses(acceptance) == [("parked", "refused_by_queue")]
    [entry] = dead_letters.entries
    assert entry.attributes["detail"] == "InvalidMessageContents"
    assert entry.attributes["recordId"] == acceptance.outcomes[0].record_id


def test_a_record_that_fits_no_message_is_parked() -> None:
    """SQS would refuse the whole batch with it."""
    queue, dead_letters = FakeSender(), FakeSender()
    large = endpoint(Attributes={"Notes": ["x" * 1_100_000]})

    acceptance = accepted(pinpoint_event({"a": large, "b": endpoint(2)}), queue, dead_letters)

    assert statuses(acceptance) == [("parked", "record_too_large"), ("queued", None)]
    assert len(dead_letters.entries[0].body) < 500


def test_a_customer_that_the_queue_did_not_take_has_failed() -> None:
    """It is nobody's fault but the moment's: parking it would make an operator repeat what the caller can."""
    dead_letters = FakeSender()

    acceptance = accepted(pinpoint_event(), FakeSender({0: Unsent("InternalError")}), dead_letters)

    assert statuses(acceptance) == [("failed", "InternalError")]
    assert dead_letters.entries == []


def test_a_long_code_is_shortened() -> None:
    """An answer beyond the caller's limits would be refused whole; the code comes from outside."""
    acceptance = accepted(pinpoint_event(), FakeSender({0: Unsent("x" * 50_000)}), FakeSender())

    assert statuses(acceptance) == [("failed", "x" * 128)]


def test_a_customer_that_could_not_be_parked_has_failed() -> None:
    """Answered as parked, it would be lost."""
    acceptance = accepted(pinpoint_event({"a": None}), FakeSender(), FakeSender({0: Unsent("DeadlinePassed")}))

    assert statuses(acceptance) == [("failed", "DeadlinePassed")]


class SlowSender(FakeSender):
    """A queue whose every call takes seconds."""

    def __init__(self, clock: FakeClock, seconds: float) -> None:
        super().__init__()
        self.calls: list[int] = []
        self._clock = clock
        self._seconds = seconds

    def send(self, entries: Any, deadline: Deadline) -> list[Unsent | None]:
        """Keep the entries, slowly."""
        self.calls.append(sum(entry.size for entry in entries))
        outcomes = super().send(entries, deadline)
        self._clock.advance(self._seconds)
        return outcomes


def test_what_there_is_no_time_to_park_has_failed() -> None:
    """Killed in the midst of writing it, the function would answer for nobody, and so at every repeat."""
    clock = FakeClock()
    dead_letters = SlowSender(clock, seconds=5.0)
    large = {f"e{number}": {"User": 5, "Notes": "x" * 500_000} for number in range(100)}

    acceptance = accept(
        pinpoint, pinpoint_event(large), INVOCATION, Queues(FakeSender(), dead_letters), Deadline.after(clock, 9.0)
    )

    counts = Counter(statuses(acceptance))
    assert counts == {("parked", "malformed_customer"): len(dead_letters.entries), ("failed", "DeadlinePassed"): 32}
    assert len(dead_letters.calls) == 2
    assert max(dead_letters.calls) < MAX_WAITING + 600_000


def test_malformed_customers_do_not_cost_the_events_size_each() -> None:
    """2,000 of them beside a megabyte would be two gigabytes: more than the function's memory, and its time."""
    event = pinpoint_event({f"e{number}": None for number in range(2_000)}, Large="x" * 1_000_000)
    dead_letters = FakeSender()

    acceptance = accepted(event, FakeSender(), dead_letters)

    assert set(statuses(acceptance)) == {("parked", "malformed_customer")}
    assert sum(entry.size for entry in dead_letters.entries) < 2_000 * 2_000


def test_warnings_about_records_are_counted() -> None:
    """One line for an event of thousands, and none for a customer who is parked."""
    event = pinpoint_event({"a": endpoint(1), "b": endpoint(2), "c": None}, ScheduledTime="tomorrow", Data="{}")

    warnings = accepted(event, FakeSender(), FakeSender()).warnings

    assert {warning.reason: customers for warning, customers in warnings.items()} == {
        WarningReason.UNREADABLE_TIME: 2,
        WarningReason.OFFER_NOT_NAMED: 2,
    }


def test_a_failure_fails_the_invocation_of_a_caller_that_cannot_be_told() -> None:
    """Only an error makes Pinpoint's failure known."""
    queue = FakeSender({1: Unsent("X")})
    acceptance = accepted(pinpoint_event({"a": endpoint(1), "b": endpoint(2)}), queue, FakeSender())

    assert isinstance(acceptance.failure, UnsentError)
    assert "1 of 2 customers (X)" in str(acceptance.failure)


def test_a_failure_is_answered_to_a_caller_that_can_be_told() -> None:
    """An error would fail the campaign's other customers with it."""
    queues = Queues(FakeSender({0: Unsent("X")}), FakeSender())

    acceptance = accept(connect, connect_event(), INVOCATION, queues, Deadline.after(FakeClock(), 9.0))

    assert acceptance.failure is None
    assert acceptance.outcomes[0].status is CustomerStatus.FAILED


def test_a_failure_that_no_answer_can_name_fails_the_invocation() -> None:
    """A profile without an id that could not be parked would be lost behind an answer of success."""
    queues = Queues(FakeSender(), FakeSender({0: Unsent("X")}))

    acceptance = accept(
        connect,
        connect_event([profile(1), profile(ProfileId=None)]),
        INVOCATION,
        queues,
        Deadline.after(FakeClock(), 9.0),
    )

    assert isinstance(acceptance.failure, UnsentError)
    assert "1 of 2 customers (X)" in str(acceptance.failure)
