"""What a channel function logs about an event: the ids of its records, and the metrics."""

import json
from io import StringIO

import pytest
from aws_lambda_powertools import Logger, Metrics

from engagement.telemetry import Telemetry
from ingest.report import report_customers
from ingest.sources.contract import CustomerOutcome, CustomerStatus
from tests.fakes.channel import FakeChannel
from tests.fakes.log import lines_of
from tests.samples import endpoint, pinpoint_event


def test_the_ids_of_queued_records_are_logged_in_the_events_order() -> None:
    """`ops trace` follows a record from here."""
    function = FakeChannel()

    function.invoke(pinpoint_event({"a": endpoint(1), "b": None, "c": endpoint(3)}))

    [line] = function.record_lines
    assert (line["level"], line["message"]) == ("INFO", "records queued")
    assert line["record_ids"] == [record["recordId"] for record in function.queued]


def test_many_ids_are_logged_in_lines_that_a_log_can_hold() -> None:
    """10,000 customers in one event have been tried."""
    function = FakeChannel()

    function.invoke(pinpoint_event({str(number): endpoint(number) for number in range(250)}))

    assert [len(line["record_ids"]) for line in function.record_lines] == [100, 100, 50]


def test_an_event_without_records_has_no_line_of_ids() -> None:
    """Nothing was queued."""
    function = FakeChannel()

    function.invoke(pinpoint_event({"b": None}))

    assert function.record_lines == []


def test_a_record_that_is_parked_at_once_has_a_line_with_its_cause() -> None:
    """It is looked for by its id like any other."""
    function = FakeChannel()
    function.queue.refuse(lambda body: "user-2" in body, "InvalidMessageContents", sender_fault=True)

    function.invoke(pinpoint_event({"a": endpoint(1), "b": endpoint(2)}))

    parked = function.record_lines[-1]
    assert (parked["level"], parked["message"], parked["stage"]) == ("WARNING", "record parked", "ingest")
    assert parked["cause"] == "refused_by_queue"
    assert parked["record_id"] == function.dead_letters.messages[0].attributes["recordId"]


def test_what_could_not_be_used_is_logged_once_for_the_event_and_counted(capsys: pytest.CaptureFixture[str]) -> None:
    """The records exist, so that no alarm fires."""
    function = FakeChannel()

    function.invoke(
        pinpoint_event({"a": endpoint(1), "b": endpoint(2)}, ScheduledTime="tomorrow", Data='{"OfferName": "mary"}')
    )

    logged = [line for line in function.lines if line["message"] == "event read in part"]
    assert [(line["level"], line["cause"], line["detail"], line["customers"]) for line in logged] == [
        ("WARNING", "unreadable_time", "ScheduledTime cannot be read", 2),
        ("WARNING", "offer_not_named", "the custom data is JSON without offerName; it has OfferName", 2),
    ]
    emitted = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {blob["reason"]: blob["RecordsInDoubt"] for blob in emitted if "RecordsInDoubt" in blob} == {
        "unreadable_time": [2.0],
        "offer_not_named": [2.0],
    }


def test_an_event_that_is_as_it_should_be_has_no_such_line() -> None:
    """A line for each event would hide those that are not."""
    function = FakeChannel()

    function.invoke(pinpoint_event())

    assert [line["message"] for line in function.lines] == ["customers accepted"]


def test_parked_customers_are_counted_for_each_reason(capsys: pytest.CaptureFixture[str]) -> None:
    """A failed customer has SQS's code, not a reason of the closed list."""
    function = FakeChannel()
    function.queue.refuse(lambda body: "user-3" in body, "InternalError", sender_fault=False)

    with pytest.raises(Exception, match="SQS did not take 1 of 4"):
        function.invoke(pinpoint_event({"a": endpoint(1), "b": None, "c": endpoint(3), "d": {}}))

    emitted = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {blob["reason"]: blob["RecordsParked"] for blob in emitted if "reason" in blob} == {
        "malformed_customer": [1.0],
        "no_identity": [1.0],
    }


@pytest.mark.parametrize(("outlasted", "level"), [(0, "INFO"), (1, "WARNING")])
def test_a_call_that_did_not_end_in_time_is_a_warning_though_all_customers_are_queued(
    outlasted: int, level: str
) -> None:
    """SQS hangs: the next event may find no customer queued."""
    log = StringIO()
    telemetry = Telemetry(Logger(service=f"report-{outlasted}", stream=log), Metrics(namespace="JourneyWriteBack"))

    report_customers("pinpoint", [CustomerOutcome("a", CustomerStatus.QUEUED, "f" * 32)], outlasted, telemetry)

    assert lines_of(log)[0]["level"] == level
