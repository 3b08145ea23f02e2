"""What the writer reports of a batch: its line, each record's line, and the metrics."""

import json
from datetime import timedelta
from typing import Any

import pytest

from engagement.wire import encode
from tests.fakes.clock import START
from tests.fakes.profiles import REQUEST_ID
from tests.fakes.writer import FakeWriter
from tests.samples import records_of_users
from tests.sqs_events import sqs_event, sqs_message


@pytest.fixture
def function() -> FakeWriter:
    """Return the writer among fakes, on one thread: the calls' times would add up on the one virtual clock."""
    return FakeWriter(threads=1)


def blobs(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    """Return what was emitted, in order."""
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def values(emitted: list[dict[str, Any]], metric: str) -> list[float]:
    """Return a metric's values over all blobs without a reason."""
    return [value for blob in emitted if "reason" not in blob for value in blob.get(metric, [])]


def test_each_record_has_a_line_with_its_id_its_outcome_and_its_tries(function: FakeWriter) -> None:
    """A customer asks what became of them; the answer is found by the record's id."""
    written, returned = records_of_users(2)
    function.profiles.fail(*["throttle"] * 100, record_id=returned.record_id)
    batch = [sqs_message(encode(written), receives=3), sqs_message(encode(returned), "message-1")]

    function.invoke({"Records": [*batch, sqs_message("poison", "message-2")]})

    lines = {line["outcome"]: line for line in function.record_lines}
    names = ("level", "message", "record_id", "message_id", "receives", "cause")
    assert [tuple(lines[outcome].get(name) for name in names) for outcome in ("written", "returned", "parked")] == [
        ("INFO", "record written", written.record_id, "message-0", 3, None),
        ("WARNING", "record returned", returned.record_id, "message-1", 1, "ThrottlingException"),
        ("WARNING", "record parked", None, "message-2", 1, "not_json"),
    ]
    assert lines["parked"]["detail"] == "6 characters that are not JSON"


def test_a_record_that_comes_back_for_days_has_few_lines(function: FakeWriter) -> None:
    """A million of them, each with a line for each try, would be tens of gigabytes of log."""
    function.profiles.fail_always("throttle")
    [record] = records_of_users(1)

    for receives in range(1, 300):
        function.invoke({"Records": [sqs_message(encode(record), receives=receives)]})

    assert [line["receives"] for line in function.record_lines] == [1, 2, 4, 8, 16, 32, 64, 128, 256]


def test_a_record_line_names_its_invocation(function: FakeWriter) -> None:
    """By it the batch's own line is found."""
    function.invoke(sqs_event(records_of_users(1)))

    [line] = function.record_lines
    assert line["function_request_id"] == function.lines[0]["function_request_id"]


def test_parked_records_are_counted_for_each_reason_as_well(
    function: FakeWriter, capsys: pytest.CaptureFixture[str]
) -> None:
    """A segment without identities and a bad deploy are fixed by different people."""
    function.invoke(sqs_event([*records_of_users(1), "poison", "{}", "more poison"]))

    emitted = blobs(capsys)
    assert {blob["reason"]: blob["RecordsParked"] for blob in emitted if "reason" in blob} == {
        "not_json": [2.0],
        "not_a_record": [1.0],
    }
    assert values(emitted, "RecordsParked") == [3.0]


def test_the_age_is_from_ingest_to_the_write_itself(function: FakeWriter, capsys: pytest.CaptureFixture[str]) -> None:
    """Not to the end of the batch, which a slow neighbour can put off by seconds."""
    function.profiles.seconds_a_call = 2.0
    first, second = records_of_users(2, accepted_at=START - timedelta(seconds=60))

    function.invoke(sqs_event([first, second, second]))

    assert values(blobs(capsys), "RecordAge") == [62_000.0, 64_000.0]


def test_clocks_that_differ_make_no_negative_age(function: FakeWriter, capsys: pytest.CaptureFixture[str]) -> None:
    """CloudWatch gives no percentiles once a value is negative."""
    function.invoke(sqs_event(records_of_users(1, accepted_at=START + timedelta(seconds=5))))

    assert values(blobs(capsys), "RecordAge") == [0.0]


def test_the_age_of_the_oldest_returned_message_is_measured(
    function: FakeWriter, capsys: pytest.CaptureFixture[str]
) -> None:
    """SQS's own age of the oldest leaves out a message that was received three times."""
    function.profiles.fail_always("unavailable")
    sent = [START - timedelta(minutes=minutes) for minutes in (5, 90, 30)]
    batch = [
        sqs_message(encode(record), f"message-{number}", attributes={"firstSeen": moment.isoformat()})
        for number, (record, moment) in enumerate(zip(records_of_users(3), sent, strict=True))
    ]

    function.invoke({"Records": batch})

    [age] = values(blobs(capsys), "ReturnedAge")
    assert 90 * 60_000 <= age < 91 * 60_000


def test_without_returned_records_there_is_no_age_of_them(
    function: FakeWriter, capsys: pytest.CaptureFixture[str]
) -> None:
    """A zero would drag every average down."""
    function.invoke(sqs_event(records_of_users(1)))

    assert "ReturnedAge" not in blobs(capsys)[0]


def test_every_call_is_measured(function: FakeWriter, capsys: pytest.CaptureFixture[str]) -> None:
    """The average of what is one for a throttled call, and zero for another, is the throttled share."""
    function.profiles.seconds_a_call = 0.25
    first, second = records_of_users(2)
    function.profiles.fail("throttle", "server_error", record_id=first.record_id)

    function.invoke(sqs_event([first, second]))

    emitted = blobs(capsys)
    assert values(emitted, "WriteCalls") == [4.0]
    assert values(emitted, "WriteLatency") == [250.0] * 4
    assert values(emitted, "WritesThrottled") == [1.0, 0.0, 0.0, 0.0]
    assert values(emitted, "WritesRetried") == [2.0]


def test_a_batch_of_more_than_a_hundred_loses_no_value(
    function: FakeWriter, capsys: pytest.CaptureFixture[str]
) -> None:
    """A blob holds a hundred values of a metric; counts must still be emitted once."""
    function.invoke(sqs_event(records_of_users(250)))

    emitted = blobs(capsys)
    assert len(values(emitted, "WriteLatency")) == len(values(emitted, "RecordAge")) == 250
    assert values(emitted, "RecordsWritten") == values(emitted, "WriteCalls") == [250.0]
    assert max(len(blob.get(name, [])) for blob in emitted for name in ("WriteLatency", "RecordAge")) == 100


def test_nothing_that_was_not_called_is_measured(function: FakeWriter, capsys: pytest.CaptureFixture[str]) -> None:
    """Metrics of calls that never were would hide an outage."""
    function.invoke(sqs_event(["poison"]))

    [blob] = [blob for blob in blobs(capsys) if "reason" not in blob]
    assert blob["WriteCalls"] == [0.0]
    assert not {"WriteLatency", "WritesThrottled", "RecordAge"} & set(blob)


def test_the_batch_is_reported_in_one_line_and_one_blob(
    function: FakeWriter, capsys: pytest.CaptureFixture[str]
) -> None:
    """What was received is written, parked or returned, in the log and in the metrics alike."""
    first, returned, last = records_of_users(3)
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

    function.invoke(sqs_event(records_of_users(50)))

    _, line = function.lines
    assert (line["level"], line["message"]) == ("ERROR", "systemic failure: not the records' own")
    assert line["cause"] == cause
    assert json.loads(capsys.readouterr().out)["SystemicFailures"] == [1.0]


def test_a_batch_that_looks_bad_as_a_whole_is_reported_as_systemic(function: FakeWriter) -> None:
    """A bad deploy must not empty the queue into the dead-letter queue."""
    assert len(function.invoke(sqs_event(["poison"] * 50))) == 50
    assert function.dead_letters.messages == []
    assert function.lines[1]["cause"] == "ParkingSuspended: not_json"


def test_messages_from_the_dead_letter_queue_are_counted(
    function: FakeWriter, capsys: pytest.CaptureFixture[str]
) -> None:
    """A message that is redriven again and again is an operator's business."""
    first, again = records_of_users(2)
    redriven = sqs_message(encode(again), "message-1", attributes={"reason": "not_json", "redrives": "2"})

    function.invoke({"Records": [sqs_message(encode(first)), redriven]})

    assert json.loads(capsys.readouterr().out)["RecordsRedriven"] == [1.0]


def test_the_batch_line_has_the_rate_at_its_end() -> None:
    """An operator sees a throttled writer slow down."""
    function = FakeWriter(threads=1, writes_per_second=40.0)
    function.profiles.fail("throttle")

    function.invoke(sqs_event(records_of_users(2)))

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

    function.invoke(sqs_event([*records_of_users(2), *([] if body is None else [body])]))

    assert [line["level"] for line in function.lines] == levels
