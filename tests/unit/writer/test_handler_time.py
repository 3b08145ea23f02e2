"""The writer's time: nothing starts too late, whatever answers, and returned messages wait for their backoff."""

import json

import pytest

from engagement.wire import encode
from tests.fakes.event_source import EventSource
from tests.fakes.queue import FakeQueue
from tests.fakes.sqs import FakeSqs
from tests.fakes.writer import FakeWriter
from tests.samples import engagement_record, records_of_users
from tests.sqs_events import sqs_event


def test_no_write_starts_when_only_the_time_to_park_and_to_answer_is_left(function: FakeWriter) -> None:
    """If Lambda ended it in mid-batch, the whole batch would come again, written and parked messages included."""
    batch = records_of_users(3)

    assert len(function.invoke(sqs_event([*batch, "poison"]), seconds=14.0)) == 3
    assert function.profiles.calls == []
    assert function.dead_letters.bodies == ["poison"]


def test_no_parking_starts_when_only_the_time_to_answer_is_left(function: FakeWriter) -> None:
    """Everything comes again, while the answer is still in time."""
    assert function.invoke(sqs_event([*records_of_users(2), "poison"]), seconds=7.0) == [
        "message-0",
        "message-1",
        "message-2",
    ]
    assert function.dead_letters.calls == []


def test_parking_starts_while_seven_seconds_are_left(function: FakeWriter) -> None:
    """Six for the whole of one call, and one to answer."""
    assert function.invoke(sqs_event(["poison"]), seconds=7.01) == []
    assert function.dead_letters.bodies == ["poison"]


@pytest.mark.parametrize("seconds", [14.5, 16.0, 20.0, 30.0])
def test_retries_end_before_the_time_to_park_begins(seconds: float) -> None:
    """A service that throttles for good must not use up the invocation."""
    function = FakeWriter(threads=1)  # pauses of several threads would add up on the one virtual clock
    function.profiles.fail_always("throttle")

    function.invoke(sqs_event([*records_of_users(30), "poison"]), seconds)

    assert function.clock.elapsed <= seconds - 14.0
    assert function.dead_letters.bodies == ["poison"]


def test_a_call_without_a_whole_answer_is_ended_after_six_seconds(function: FakeWriter) -> None:
    """It then is tried again in the same invocation."""
    [record] = records_of_users(1)
    function.profiles.fail("hang", record_id=record.record_id)

    assert function.invoke(sqs_event([record])) == []
    assert 6.0 <= function.clock.elapsed < 6.3


def test_one_answer_that_drips_costs_one_record_one_retry(
    function: FakeWriter, capsys: pytest.CaptureFixture[str]
) -> None:
    """Not the batch its acknowledgement, and not the function its life."""
    batch = records_of_users(50)
    function.profiles.fail("drip", record_id=batch[7].record_id)

    assert function.invoke(sqs_event(batch)) == []
    assert len(function.profiles.calls) == 51
    [line] = function.lines
    assert (line["level"], line["calls_outlasted"]) == ("WARNING", 1)
    assert json.loads(capsys.readouterr().out)["CallsOutlasted"] == [1.0]


@pytest.mark.parametrize("fault", ["hang", "drip"])
def test_a_service_that_never_answers_leaves_the_time_to_back_off(fault: str) -> None:
    """Else Lambda would end the function, and all would come back after the queue's own timeout."""
    function = FakeWriter(threads=1)
    function.profiles.fail_always(fault)
    for record in records_of_users(20):
        function.queue.send(encode(record))

    EventSource(function.queue).poll(lambda event: function.invoke(event, 30.0))

    assert function.clock.elapsed <= 30.0 - 7.0
    assert len(function.queue.changes) == 20
    assert function.lines[0]["backoff_failed"] == 0
    assert "CallOutlastedError" in function.lines[0]["causes"]


@pytest.mark.parametrize("hangs", ["dead_letters", "queue"])
def test_a_queue_that_never_answers_leaves_the_time_to_answer(function: FakeWriter, hangs: str) -> None:
    """What could not be parked goes back, and what was written is acknowledged."""
    client: FakeQueue | FakeSqs = getattr(function, hangs)
    client.hangs = True
    returned = records_of_users(1)[0]
    function.profiles.fail(*["throttle"] * 100, record_id=returned.record_id)

    answer = function.invoke(sqs_event([*records_of_users(20), "poison"]))

    assert answer == (["message-0", "message-20"] if hangs == "dead_letters" else ["message-0"])
    assert len(function.profiles.objects) == 19
    assert function.clock.elapsed <= 30.0 - 1.0


def test_a_service_that_lets_every_call_time_out_leaves_the_time_to_back_off(function: FakeWriter) -> None:
    """Else all would come back after the queue's own timeout, and 36 hours of it would use their receives up."""
    seconds = 14.01
    function.profiles.fail_always("drop_before_write")
    function.profiles.seconds_a_call = 6.0
    function.queue.seconds_a_change = 0.1
    for record in [engagement_record(offer_name=f"offer {number}") for number in range(50)]:
        function.queue.send(encode(record))

    EventSource(function.queue).poll(lambda event: function.invoke(event, seconds))

    assert len(function.profiles.calls) == 1
    assert len(function.queue.changes) == 50
    assert function.lines[0]["backoff_failed"] == 0


def test_a_fault_that_somebody_must_fix_returns_for_five_minutes_to_ten(function: FakeWriter) -> None:
    """No permission is granted within half a minute."""
    function.profiles.fail_always("access_denied")
    for record in records_of_users(50):
        function.queue.send(encode(record))

    EventSource(function.queue).poll(function.invoke)

    assert len(function.queue.changes) == 50
    assert 300 <= min(function.queue.changes.values()) < 330
    assert 570 < max(function.queue.changes.values()) <= 600


def test_returned_messages_stay_invisible(function: FakeWriter) -> None:
    """Lambda does not slow its polling down by itself once failures are reported one by one."""
    function.profiles.fail_always("unavailable")
    for record in records_of_users(20):
        function.queue.send(encode(record))

    EventSource(function.queue).poll(function.invoke)

    assert len(function.queue.changes) == 20
    assert all(15 <= seconds <= 30 for seconds in function.queue.changes.values())


def test_a_batch_that_its_budget_does_not_suffice_for_is_written_in_part_and_in_time() -> None:
    """After throttles the rate is low for a while: the rest is returned untried, and no failure is reported."""
    function = FakeWriter(threads=1, writes_per_second=2.0)

    returned = function.invoke(sqs_event(records_of_users(50)), seconds=30.0)

    assert 30 <= len(function.profiles.objects) == 50 - len(returned) <= 35
    assert function.clock.elapsed <= 30.0 - 14.0
    [line] = function.lines
    assert line["causes"] == {"BudgetSpent": len(returned)}
