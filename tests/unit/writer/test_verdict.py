from collections.abc import Sequence
from dataclasses import replace

import pytest

from engagement.reasons import Reason
from tests.fakes.clock import FakeClock
from tests.sqs_events import sqs_message
from writer.delivery import Outcome, Returned, ToPark, Written
from writer.message import Message, read_event
from writer.verdict import MAX_AGE, REFUSALS, SUSPICIOUS, WINDOW, LastReceive, ParkingLimit

RECORD_ID = "f" * 32


def message(receives: int = 1) -> Message:
    """Return a message at this receive."""
    [found] = read_event({"Records": [sqs_message("body", receives=receives)]})
    return found


def bad(count: int) -> list[Outcome]:
    """Return so many records to park for what they are themselves."""
    return [ToPark(message(), Reason.INVALID_RECORD, "offerName must be text", RECORD_ID) for _ in range(count)]


def refused(count: int, receives: int = 1) -> list[Outcome]:
    """Return so many records to park since the service refused them."""
    return [
        ToPark(message(receives), Reason.REJECTED_BY_SERVICE, "BadRequestException", RECORD_ID) for _ in range(count)
    ]


def last_receive() -> LastReceive:
    """Return the rule for a queue that allows 300 receives."""
    return LastReceive(300, FakeClock())


def good(count: int) -> list[Outcome]:
    """Return so many that were written."""
    return [Written(message(), RECORD_ID) for _ in range(count)]


def returned(count: int) -> list[Outcome]:
    """Return so many to be tried again."""
    return [Returned(message(), "ThrottlingException", RECORD_ID) for _ in range(count)]


def parked(outcomes: Sequence[Outcome]) -> int:
    """Return how many are to be parked."""
    return sum(isinstance(outcome, ToPark) for outcome in outcomes)


def test_a_poison_message_among_good_ones_is_parked() -> None:
    """The usual case."""
    outcomes = [*good(3), *bad(1), *good(3)]

    assert ParkingLimit(enabled=True).review(outcomes) == outcomes


def test_a_handful_of_bad_ones_alone_is_parked() -> None:
    """A lone foreign message in a quiet queue must not go round for days."""
    outcomes = bad(SUSPICIOUS - 1)

    assert ParkingLimit(enabled=True).review(outcomes) == outcomes


def test_a_batch_that_looks_bad_as_a_whole_is_held_back() -> None:
    """The fault is more likely a bad deploy's: the queue must not be emptied into the dead-letter queue."""
    outcomes = ParkingLimit(enabled=True).review([*bad(40), *good(10)])

    assert parked(outcomes) == 0
    assert outcomes[40:] == good(10)
    held = outcomes[0]
    assert isinstance(held, Returned)
    assert held.systemic
    assert (held.cause, held.record_id) == ("ParkingSuspended: invalid_record", RECORD_ID)


def test_small_batches_add_up() -> None:
    """A quiet queue comes in ones and twos."""
    limit = ParkingLimit(enabled=True)

    through = sum(parked(limit.review(bad(1))) for _ in range(200))

    assert through == SUSPICIOUS - 1


def test_a_refused_record_beside_written_ones_is_parked() -> None:
    """The service takes others: this one is at fault."""
    outcomes = [*good(REFUSALS), *refused(REFUSALS)]

    assert ParkingLimit(enabled=True).review(outcomes) == outcomes


def test_a_lone_refused_record_is_parked_at_once() -> None:
    """One or two say nothing of the others, and somebody waits to see why."""
    outcomes = refused(REFUSALS - 1)

    assert ParkingLimit(enabled=True).review(outcomes) == outcomes


@pytest.mark.parametrize("count", [REFUSALS, 10, 50])
def test_a_batch_that_the_service_refuses_is_held_back(count: int) -> None:
    """A definition that went wrong refuses each of them: batches may be small, and the fault is the same."""
    assert parked(ParkingLimit(enabled=True).review(refused(count))) == 0


def test_environments_that_come_and_go_let_no_refused_record_through_twice() -> None:
    """Each starts without a memory: what was held back once must not be parked for that."""
    assert sum(parked(ParkingLimit(enabled=True).review(refused(1, receives=2))) for _ in range(200)) == 0


def test_a_refused_record_that_comes_back_is_parked_once_others_are_written() -> None:
    """The deployment is mended, and this record really is bad."""
    limit = ParkingLimit(enabled=True)

    assert parked(limit.review([*good(2), *refused(1, receives=7)])) == 1


def test_half_bad_is_not_most() -> None:
    """One source that sends rubbish beside another that does not is no fault of ours."""
    assert parked(ParkingLimit(enabled=True).review([*bad(WINDOW // 2), *good(WINDOW // 2)])) == WINDOW // 2


def test_good_records_lift_the_suspicion_soon() -> None:
    """Once it is mended, what really is bad has to be parked."""
    limit = ParkingLimit(enabled=True)
    for _ in range(20):
        limit.review(bad(50))

    limit.review(good(WINDOW // 2))

    assert parked(limit.review(bad(1) + good(1))) == 1


def test_what_is_returned_says_nothing_either_way() -> None:
    """In an outage a poison message is still one, and the outage no reason to suspect it."""
    limit = ParkingLimit(enabled=True)
    limit.review(returned(WINDOW * 2))

    assert parked(limit.review([*bad(5), *returned(45)])) == 5


def test_an_operator_can_have_everything_parked() -> None:
    """Somebody has looked, and the records are bad."""
    assert parked(ParkingLimit(enabled=False).review(bad(500))) == 500


@pytest.mark.parametrize("receives", [1, 2, 299])
def test_what_has_receives_left_is_returned(receives: int) -> None:
    """It will come again."""
    outcome = Returned(message(receives), "ThrottlingException", RECORD_ID)

    assert last_receive().review([outcome]) == [outcome]


@pytest.mark.parametrize("receives", [300, 301])
@pytest.mark.parametrize(
    ("request_id", "detail"), [("request-1", "ThrottlingException (request request-1)"), (None, "ThrottlingException")]
)
def test_on_its_last_receive_a_record_is_parked_with_its_last_error(
    receives: int, request_id: str | None, detail: str
) -> None:
    """At the next SQS would move it by itself, and nobody would know why."""
    outcome = Returned(message(receives), "ThrottlingException", RECORD_ID, request_id=request_id)

    assert last_receive().review([outcome]) == [ToPark(message(receives), Reason.RECEIVES_EXHAUSTED, detail, RECORD_ID)]


@pytest.mark.parametrize(("late", "outcome_type"), [(-60, Returned), (60, ToPark)])
def test_what_the_queue_would_soon_forget_is_parked_with_its_last_error(late: int, outcome_type: type[Outcome]) -> None:
    """Behind a service that hangs a backlog is received so seldom that its days end before its receives do."""
    clock = FakeClock()
    clock.advance(MAX_AGE.total_seconds() + late)

    [outcome] = LastReceive(300, clock).review([Returned(message(2), "ReadTimeoutError", RECORD_ID)])

    assert isinstance(outcome, outcome_type)


def test_a_message_that_does_not_tell_its_age_is_not_old() -> None:
    """Whatever is not from SQS has no time of its own."""
    outcome = Returned(replace(message(), sent_at=None), "ReadTimeoutError", RECORD_ID)

    assert last_receive().review([outcome]) == [outcome]


def test_written_and_parked_are_what_they_are_on_the_last_receive_too() -> None:
    """Only what would be returned is in question."""
    outcomes: list[Outcome] = [Written(message(300), RECORD_ID), ToPark(message(300), Reason.NOT_JSON, "detail")]

    assert last_receive().review(outcomes) == outcomes
