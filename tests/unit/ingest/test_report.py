"""What ingest tells of an event: the ids of its records, and the metrics."""

import json

import pytest

from ingest.report import IDS_A_LINE
from tests.fakes.channel import FakeChannel
from tests.samples import endpoint, pinpoint_event


def test_the_ids_of_queued_records_are_told_in_the_events_order() -> None:
    """A record's way is followed from here."""
    function = FakeChannel()

    function.invoke(pinpoint_event({"a": endpoint(1), "b": None, "c": endpoint(3)}))

    [line] = function.record_lines
    assert (line["level"], line["message"]) == ("INFO", "records queued")
    assert line["record_ids"] == [record["recordId"] for record in function.queued]


def test_many_ids_are_told_in_lines_that_a_log_can_hold() -> None:
    """10,000 customers in one event have been tried."""
    function = FakeChannel()

    function.invoke(pinpoint_event({str(number): endpoint(number) for number in range(250)}))

    assert [len(line["record_ids"]) for line in function.record_lines] == [IDS_A_LINE, IDS_A_LINE, 50]


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


def test_parked_customers_are_counted_for_each_reason(capsys: pytest.CaptureFixture[str]) -> None:
    """What failed has no reason of the closed list, and is none of them."""
    function = FakeChannel()
    function.queue.refuse(lambda body: "user-3" in body, "InternalError", sender_fault=False)

    with pytest.raises(Exception, match="SQS did not take 1 of 4"):
        function.invoke(pinpoint_event({"a": endpoint(1), "b": None, "c": endpoint(3), "d": {}}))

    emitted = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {blob["reason"]: blob["RecordsParked"] for blob in emitted if "reason" in blob} == {
        "malformed_customer": [1.0],
        "no_identity": [1.0],
    }
