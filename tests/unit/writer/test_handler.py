import json
from collections.abc import Iterator

import pytest

from engagement.errors import InvalidEventError, SettingsError
from engagement.record import Customer, EngagementRecord
from engagement.wire import encode
from tests.fakes.event_source import EventSource
from tests.fakes.invocation import FakeContext
from tests.fakes.profiles import REQUEST_ID
from tests.fakes.queue import FakeQueue
from tests.fakes.sqs import FakeSqs
from tests.fakes.writer import FakeWriter
from tests.samples import engagement_record
from tests.sqs_events import sqs_event, sqs_message
from tests.unit.engagement.test_writer_settings import ENVIRONMENT
from writer.handler import handler, writer


@pytest.fixture
def function() -> FakeWriter:
    """Return the writer among fakes."""
    return FakeWriter()


def of_users(count: int) -> list[EngagementRecord]:
    """Return one record each of this many customers."""
    return [engagement_record(customer=Customer(user_id=f"user-{number}")) for number in range(count)]


def test_a_batch_that_is_written_returns_nothing(function: FakeWriter) -> None:
    """Lambda deletes what the answer does not name."""
    batch = of_users(50)

    assert function.invoke(sqs_event(batch)) == []
    assert set(function.profiles.objects) == {record.record_id for record in batch}
    assert function.dead_letters.messages == []


def test_only_messages_to_be_received_again_are_named(function: FakeWriter) -> None:
    """The written and the parked are done with; Lambda makes the returned visible again."""
    first, returned, last = of_users(3)
    function.profiles.fail(*["throttle"] * 100, record_id=returned.record_id)

    assert function.invoke(sqs_event([first, "poison", returned, "", last])) == ["message-2"]
    assert set(function.profiles.objects) == {first.record_id, last.record_id}
    assert sorted(function.dead_letters.bodies) == [" ", "poison"]


def test_an_empty_batch_is_answered(function: FakeWriter) -> None:
    """The console's test button sends what one types."""
    assert function.invoke({"Records": []}) == []


@pytest.mark.parametrize("fault", ["throttle", "server_error", "concurrent_update", "drop_before_write"])
def test_a_fault_of_a_moment_is_retried_within_the_invocation(function: FakeWriter, fault: str) -> None:
    """A trip through the queue costs minutes, a second call milliseconds."""
    batch = of_users(3)
    function.profiles.fail(fault, fault, record_id=batch[1].record_id)

    assert function.invoke(sqs_event(batch)) == []
    assert len(function.profiles.calls) == 5
    assert function.pauses


def test_a_write_whose_answer_was_lost_leaves_one_object(function: FakeWriter) -> None:
    """The repeat replaces the object by its equal."""
    [record] = of_users(1)
    function.profiles.fail("drop_after_write", record_id=record.record_id)

    assert function.invoke(sqs_event([record])) == []
    assert len(function.profiles.accepted) == 2
    assert set(function.profiles.objects) == {record.record_id}


def test_an_outage_returns_everything_and_parks_nothing(function: FakeWriter) -> None:
    """An outage is no record's fault: it must not make work for an operator."""
    function.profiles.fail_always("unavailable")

    assert function.invoke(sqs_event(of_users(20))) == [f"message-{number}" for number in range(20)]
    assert function.dead_letters.messages == []


def test_a_missing_permission_returns_everything_and_parks_nothing(function: FakeWriter) -> None:
    """It is the deployment's fault, and the records are as good once it is fixed."""
    function.profiles.fail_always("access_denied")

    assert len(function.invoke(sqs_event(of_users(20)))) == 20
    assert function.dead_letters.messages == []
    assert function.pauses == []


def test_a_message_that_cannot_be_parked_is_returned(function: FakeWriter) -> None:
    """Two faults at once lose nothing either."""
    [record] = of_users(1)
    function.dead_letters.fail("ServiceUnavailable", times=10)

    assert function.invoke(sqs_event(["poison", record])) == ["message-0"]


def test_a_message_without_an_id_that_cannot_be_parked_returns_the_whole_batch(function: FakeWriter) -> None:
    """Lambda takes an empty identifier for a failure of the whole batch: written twice is better than lost."""
    function.dead_letters.fail("ServiceUnavailable", times=10)

    assert function.invoke({"Records": [{"body": "who am I"}, *sqs_event(of_users(1))["Records"]]}) == [""]


def test_an_event_of_another_kind_fails_the_invocation_with_a_line(function: FakeWriter) -> None:
    """The reason of the wrong wiring is in the log."""
    with pytest.raises(InvalidEventError):
        function.invoke({"detail-type": "Scheduled Event"})

    [line] = function.lines
    assert (line["level"], line["message"]) == ("ERROR", "invalid event")
    assert "Records" in line["detail"]


def test_no_write_starts_when_only_the_time_to_park_and_to_answer_is_left(function: FakeWriter) -> None:
    """If Lambda ended it in mid-batch, the whole batch would come again, written and parked messages included."""
    batch = of_users(3)

    assert len(function.invoke(sqs_event([*batch, "poison"]), seconds=14.0)) == 3
    assert function.profiles.calls == []
    assert function.dead_letters.bodies == ["poison"]


def test_no_parking_starts_when_only_the_time_to_answer_is_left(function: FakeWriter) -> None:
    """Everything comes again, while the answer is still in time."""
    assert function.invoke(sqs_event([*of_users(2), "poison"]), seconds=7.0) == [
        "message-0",
        "message-1",
        "message-2",
    ]
    assert function.dead_letters.calls == []


@pytest.mark.parametrize("seconds", [14.5, 16.0, 20.0, 30.0])
def test_retries_end_before_the_time_to_park_begins(seconds: float) -> None:
    """A service that throttles for good must not use up the invocation."""
    function = FakeWriter(threads=1)  # pauses of several threads would add up on the one virtual clock
    function.profiles.fail_always("throttle")

    function.invoke(sqs_event([*of_users(30), "poison"]), seconds)

    assert function.clock.elapsed <= seconds - 14.0
    assert function.dead_letters.bodies == ["poison"]


def test_the_batch_is_reported_in_one_line_and_one_blob(
    function: FakeWriter, capsys: pytest.CaptureFixture[str]
) -> None:
    """What was received is written, parked or returned, in the log and in the metrics alike."""
    first, returned, last = of_users(3)
    function.profiles.fail(*["throttle"] * 100, record_id=returned.record_id)

    function.invoke(sqs_event([first, "poison", returned, "{}", last, last, "more poison"]))

    [line] = function.lines
    [blob] = [blob for blob in map(json.loads, capsys.readouterr().out.splitlines()) if "reason" not in blob]
    assert (line["level"], line["message"]) == ("WARNING", "batch delivered")
    assert line["function_request_id"] == "request-1"
    counts = {name: line[name] for name in ("received", "written", "duplicates", "parked", "returned")}
    assert counts == {"received": 7, "written": 3, "duplicates": 1, "parked": 3, "returned": 1}
    assert line["reasons"] == {"not_json": 2, "not_a_record": 1}
    assert line["causes"] == {"ThrottlingException": 1}
    assert {name: blob[f"Records{name.capitalize()}"] for name in ("received", "written", "parked", "returned")} == {
        "received": [7.0],
        "written": [3.0],
        "parked": [3.0],
        "returned": [1.0],
    }
    assert blob["RecordsDuplicate"] == [1.0]


def test_a_call_without_a_whole_answer_is_ended_after_six_seconds(function: FakeWriter) -> None:
    """It then is tried again in the same invocation."""
    [record] = of_users(1)
    function.profiles.fail("hang", record_id=record.record_id)

    assert function.invoke(sqs_event([record])) == []
    assert 6.0 <= function.clock.elapsed < 6.3


def test_one_answer_that_drips_costs_one_record_one_retry(
    function: FakeWriter, capsys: pytest.CaptureFixture[str]
) -> None:
    """Not the batch its acknowledgement, and not the function its life."""
    batch = of_users(50)
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
    for record in of_users(20):
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
    returned = of_users(1)[0]
    function.profiles.fail(*["throttle"] * 100, record_id=returned.record_id)

    answer = function.invoke(sqs_event([*of_users(20), "poison"]))

    assert answer == (["message-0", "message-20"] if hangs == "dead_letters" else ["message-0"])
    assert len(function.profiles.objects) == 19
    assert function.clock.elapsed <= 30.0 - 1.0


def test_an_answer_that_is_another_records_returns_both(function: FakeWriter) -> None:
    """Which of the two was written is unknown; a kept connection that is out of step is not used again."""
    first, second, third = of_users(3)
    function.profiles.answer(second.record_id, f"key-of-{first.record_id}")

    assert function.invoke(sqs_event([first, second, third])) == ["message-0", "message-1"]
    assert function.lines[0]["causes"] == {"AnswerOfAnotherRecord": 2}
    assert function.profiles.closed == 1
    assert function.invoke(sqs_event([first, second])) == []


def test_a_fault_that_somebody_must_fix_returns_for_five_minutes_to_ten(function: FakeWriter) -> None:
    """No permission is granted within half a minute."""
    function.profiles.fail_always("access_denied")
    for record in of_users(50):
        function.queue.send(encode(record))

    EventSource(function.queue).poll(function.invoke)

    assert len(function.queue.changes) == 50
    assert 300 <= min(function.queue.changes.values()) < 330
    assert 570 < max(function.queue.changes.values()) <= 600


def test_returned_messages_stay_invisible(function: FakeWriter) -> None:
    """Lambda does not slow its polling down by itself once failures are reported one by one."""
    function.profiles.fail_always("unavailable")
    for record in of_users(20):
        function.queue.send(encode(record))

    EventSource(function.queue).poll(function.invoke)

    assert len(function.queue.changes) == 20
    assert all(15 <= seconds <= 30 for seconds in function.queue.changes.values())


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


def test_a_service_that_is_down_is_called_for_a_few_records_only(function: FakeWriter) -> None:
    """Each further call would cost time and help nobody."""
    function.profiles.fail_always("access_denied")

    assert len(function.invoke(sqs_event(of_users(50)))) == 50
    assert 5 <= len(function.profiles.calls) < 5 + function.threads


@pytest.mark.parametrize(
    ("fault", "cause"),
    [
        ("access_denied", f"AccessDeniedException (request {REQUEST_ID})"),
        ("unavailable", f"ServiceUnavailableException (request {REQUEST_ID})"),
    ],
)
def test_a_failure_that_is_not_the_records_own_is_reported_once(
    function: FakeWriter, capsys: pytest.CaptureFixture[str], fault: str, cause: str
) -> None:
    """One line and one count are what an alarm needs; a line for each record would drown the log."""
    function.profiles.fail_always(fault)

    function.invoke(sqs_event(of_users(50)))

    _, line = function.lines
    assert (line["level"], line["message"]) == ("ERROR", "systemic failure: not the records' own")
    assert line["cause"] == cause
    assert json.loads(capsys.readouterr().out)["SystemicFailures"] == [1.0]


def test_a_batch_that_looks_bad_as_a_whole_is_reported_as_systemic(function: FakeWriter) -> None:
    """A bad deploy must not empty the queue into the dead-letter queue."""
    assert len(function.invoke(sqs_event(["poison"] * 50))) == 50
    assert function.dead_letters.messages == []
    assert function.lines[1]["cause"] == "ParkingSuspended: not_json"


def test_the_last_receive_parks(function: FakeWriter) -> None:
    """SQS would move it at the next one, without a word."""
    function.profiles.fail_always("throttle")
    [record] = of_users(1)

    assert function.invoke({"Records": [sqs_message(encode(record), receives=300)]}) == []
    [parked] = function.dead_letters.messages
    assert parked.attributes["reason"] == "receives_exhausted"
    assert parked.attributes["detail"].startswith("ThrottlingException (request ")
    assert parked.body == encode(record)


def test_messages_from_the_dead_letter_queue_are_counted(
    function: FakeWriter, capsys: pytest.CaptureFixture[str]
) -> None:
    """A message that is redriven again and again is an operator's business."""
    first, again = of_users(2)
    redriven = sqs_message(encode(again), "message-1", attributes={"reason": "not_json", "redrives": "2"})

    function.invoke({"Records": [sqs_message(encode(first)), redriven]})

    assert json.loads(capsys.readouterr().out)["RecordsRedriven"] == [1.0]


def test_a_batch_that_its_budget_does_not_suffice_for_is_written_in_part_and_in_time() -> None:
    """After throttles the rate is low for a while: the rest is returned untried, and no failure is reported."""
    function = FakeWriter(threads=1, writes_per_second=2.0)

    returned = function.invoke(sqs_event(of_users(50)), seconds=30.0)

    assert 30 <= len(function.profiles.objects) == 50 - len(returned) <= 35
    assert function.clock.elapsed <= 30.0 - 14.0
    [line] = function.lines
    assert line["causes"] == {"BudgetSpent": len(returned)}


def test_the_batch_line_has_the_rate_at_its_end() -> None:
    """An operator sees a throttled writer slow down."""
    function = FakeWriter(threads=1, writes_per_second=40.0)
    function.profiles.fail("throttle")

    function.invoke(sqs_event(of_users(2)))

    assert 20.0 <= function.lines[0]["writes_per_second"] < 40.0


@pytest.mark.parametrize(
    ("body", "fault", "levels"),
    [(None, None, ["INFO"]), ("poison", None, ["WARNING"]), (None, "access_denied", ["WARNING", "ERROR"])],
)
def test_only_what_is_not_written_is_a_warning_and_only_what_somebody_must_fix_an_error(
    function: FakeWriter, body: str | None, fault: str | None, levels: list[str]
) -> None:
    """Levels are what an operator filters by."""
    if fault is not None:
        function.profiles.fail(fault)

    function.invoke(sqs_event([*of_users(2), *([] if body is None else [body])]))

    assert [line["level"] for line in function.lines] == levels


def test_nothing_personal_is_logged(function: FakeWriter, capsys: pytest.CaptureFixture[str]) -> None:
    """Neither the log nor the metrics nor the attributes of a parked message may name a customer."""
    customer = Customer(user_id="mary-1", email="mary@example.com", phone="+15551234567")
    records = [engagement_record(customer=customer, offer_name=f"offer {number}") for number in range(3)]
    function.profiles.fail("bad_request", record_id=records[0].record_id)
    function.profiles.fail(ZeroDivisionError("mary"), record_id=records[1].record_id)
    others = [sqs_message('{"user": "mary"'), sqs_message('{"version": "mary"}', "message-mary-less")]

    function.invoke({"Records": [*sqs_event(records)["Records"], *others]})

    told = (
        function.log.getvalue()
        + capsys.readouterr().out
        + str([parked.attributes for parked in function.dead_letters.messages])
    )
    assert told.replace("message-mary-less", "").count("mary") == told.count("+1555") == 0


@pytest.fixture
def _fresh_environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The environment of a new Lambda environment; nothing of it stays behind."""
    for name, value in {
        **ENVIRONMENT,
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "POWERTOOLS_SERVICE_NAME": "writer-under-test",
        "POWERTOOLS_METRICS_NAMESPACE": "JourneyWriteBack",
    }.items():
        monkeypatch.setenv(name, value)
    writer.cache_clear()
    yield
    writer.cache_clear()


@pytest.mark.usefixtures("_fresh_environment")
def test_the_entry_point_answers_and_keeps_its_clients() -> None:
    """A client costs 200 ms: it is made at the first invocation and never again."""
    assert handler({"Records": []}, FakeContext()) == {"batchItemFailures": []}
    first = writer()
    assert handler({"Records": []}, FakeContext()) == {"batchItemFailures": []}
    assert writer() is first
    assert first.threads == 8


@pytest.mark.usefixtures("_fresh_environment")
def test_a_missing_setting_fails_each_invocation_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """A failure that is remembered as a success would be worse than the failure."""
    monkeypatch.delenv("PROFILE_DOMAIN_NAME")

    for _ in range(2):
        with pytest.raises(SettingsError, match="PROFILE_DOMAIN_NAME is not set"):
            handler({"Records": []}, FakeContext())
