from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from engagement.reasons import Reason
from tests.fakes.clock import FakeClock
from tests.samples import NOW
from tests.sqs_events import sqs_message
from writer.delivery import Outcome, Returned, ToPark, Written
from writer.message import Message, read_event
from writer.parking_policy import LastReceive, ParkingLimit

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

    assert ParkingLimit(enabled=True).suspend(outcomes) == outcomes


def test_nineteen_bad_ones_alone_are_parked() -> None:
    """A few foreign messages in a quiet queue must not go round for days."""
    outcomes = bad(19)

    assert ParkingLimit(enabled=True).suspend(outcomes) == outcomes


def test_twenty_bad_ones_that_are_most_of_a_batch_are_returned() -> None:
    """The fault is more likely a bad deploy's: the queue must not be emptied into the dead-letter queue."""
    outcomes = ParkingLimit(enabled=True).suspend([*bad(20), *good(19)])

    assert outcomes == [
        *[Returned(message(), "ParkingSuspended: invalid_record", RECORD_ID, systemic=True)] * 20,
        *good(19),
    ]


def test_small_batches_add_up() -> None:
    """A quiet queue comes in ones and twos."""
    limit = ParkingLimit(enabled=True)

    through = sum(parked(limit.suspend(bad(1))) for _ in range(200))

    assert through == 19


def test_a_refused_record_beside_written_ones_is_parked() -> None:
    """The service takes others: this one is at fault."""
    outcomes = [*good(3), *refused(3)]

    assert ParkingLimit(enabled=True).suspend(outcomes) == outcomes


def test_two_refused_records_are_parked_at_once() -> None:
    """They say nothing about others, and an operator waits to see why."""
    outcomes = refused(2)

    assert ParkingLimit(enabled=True).suspend(outcomes) == outcomes


@pytest.mark.parametrize("count", [3, 10, 50])
def test_three_refused_records_that_are_more_than_the_written_are_returned(count: int) -> None:
    """A definition that went wrong refuses each of them: batches may be small, and the fault is the same."""
    outcomes = ParkingLimit(enabled=True).suspend([*refused(count), *good(count - 1)])

    assert (
        outcomes[:count]
        == [Returned(message(), "ParkingSuspended: rejected_by_service", RECORD_ID, systemic=True)] * count
    )


def test_foreign_bodies_do_not_count_as_refused() -> None:
    """They say nothing about the definition, so two refused records are parked as any other."""
    outcomes = [*bad(10), *refused(2)]

    assert ParkingLimit(enabled=True).suspend(outcomes) == outcomes


def test_refused_records_suspend_no_other_parking() -> None:
    """A foreign body is bad whatever the definition is."""
    outcomes = ParkingLimit(enabled=True).suspend([*refused(10), *bad(5)])

    assert outcomes[10:] == bad(5)


def test_environments_that_come_and_go_let_no_refused_record_through_twice() -> None:
    """Each starts without a memory: a record that was returned once must not be parked for that."""
    assert sum(parked(ParkingLimit(enabled=True).suspend(refused(1, receives=2))) for _ in range(200)) == 0


def test_a_refused_record_that_comes_back_is_parked_once_others_are_written() -> None:
    """The deployment is fixed, and this record really is bad."""
    limit = ParkingLimit(enabled=True)

    assert parked(limit.suspend([*good(2), *refused(1, receives=7)])) == 1


def test_half_bad_is_not_most() -> None:
    """One source that sends rubbish beside another that does not is no fault of ours."""
    assert parked(ParkingLimit(enabled=True).suspend([*bad(50), *good(50)])) == 50


@pytest.mark.parametrize(("written", "expected"), [(48, 0), (49, 1)])
def test_the_last_hundred_outcomes_count(written: int, expected: int) -> None:
    """Once the deployment is fixed, what really is bad has to be parked soon."""
    limit = ParkingLimit(enabled=True)
    for _ in range(20):
        limit.suspend(bad(50))

    limit.suspend(good(written))

    assert parked(limit.suspend(bad(1) + good(1))) == expected


def test_what_is_returned_says_nothing_either_way() -> None:
    """In an outage a poison message is still one, and the outage no reason to suspect it."""
    limit = ParkingLimit(enabled=True)
    limit.suspend(returned(200))

    assert parked(limit.suspend([*bad(5), *returned(45)])) == 5


def test_an_operator_can_have_everything_parked() -> None:
    """They have looked, and the records are bad."""
    assert parked(ParkingLimit(enabled=False).suspend(bad(500))) == 500


@pytest.mark.parametrize("receives", [1, 2, 299])
def test_what_has_receives_left_is_returned(receives: int) -> None:
    """It will come again."""
    outcome = Returned(message(receives), "ThrottlingException", RECORD_ID)

    assert last_receive().park_exhausted([outcome]) == [outcome]


@pytest.mark.parametrize("receives", [300, 301])
@pytest.mark.parametrize(
    ("request_id", "detail"), [("request-1", "ThrottlingException (request request-1)"), (None, "ThrottlingException")]
)
def test_on_its_last_receive_a_record_is_parked_with_its_last_error(
    receives: int, request_id: str | None, detail: str
) -> None:
    """At the next SQS would move it by itself, and the reason would be lost."""
    outcome = Returned(message(receives), "ThrottlingException", RECORD_ID, request_id=request_id)

    assert last_receive().park_exhausted([outcome]) == [
        ToPark(message(receives), Reason.RECEIVES_EXHAUSTED, detail, RECORD_ID)
    ]


@pytest.mark.parametrize(("late", "outcome_type"), [(0, Returned), (1, ToPark)])
def test_after_six_days_in_the_queue_a_record_is_parked_with_its_last_error(
    late: int, outcome_type: type[Outcome]
) -> None:
    """The queue keeps it for seven; behind a service that hangs a backlog is received every few hours only."""
    clock = FakeClock()
    clock.advance((NOW + timedelta(days=6, seconds=late) - clock.now()).total_seconds())

    [outcome] = LastReceive(300, clock).park_exhausted([Returned(message(2), "ReadTimeoutError", RECORD_ID)])

    assert isinstance(outcome, outcome_type)


def test_a_message_of_unknown_age_is_not_old() -> None:
    """A message that is not from SQS has no time of its own."""
    outcome = Returned(replace(message(), sent_at=None), "ReadTimeoutError", RECORD_ID)

    assert last_receive().park_exhausted([outcome]) == [outcome]


def test_other_outcomes_do_not_change_on_the_last_receive() -> None:
    """Only what would be returned is in question."""
    outcomes: list[Outcome] = [Written(message(300), RECORD_ID), ToPark(message(300), Reason.NOT_JSON, "detail")]

    assert last_receive().park_exhausted(outcomes) == outcomes
