"""Log lines as the functions write them, and as they come from CloudWatch."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from engagement.parking import Stage
from engagement.reasons import Reason
from ops.trace.log_event import EventKind, read_events
from tests.fakes.channel import FakeChannel
from tests.fakes.writer import FakeWriter
from tests.samples import engagement_record, pinpoint_event
from tests.sqs_events import sqs_event

RECORD = "0123456789abcdef0123456789abcdef"
OTHER = "f" * 32


def _event(received: int = 1_795_424_400_000, **line: Any) -> dict[str, Any]:
    return {"timestamp": received, "message": json.dumps(line)}


def test_a_record_s_lines_are_read_in_the_order_of_time() -> None:
    """CloudWatch gives them by stream."""
    events = [
        _event(message="record written", record_id=RECORD, receives=2, timestamp="2026-11-23 09:05:00,250+0000"),
        _event(
            message="record returned",
            record_id=RECORD,
            receives=1,
            cause="ThrottlingException",
            timestamp="2026-11-23 09:04:00,000+0000",
        ),
        _event(message="records queued", record_ids=[OTHER, RECORD], timestamp="2026-11-23 09:03:00,000+0000"),
    ]
    found = read_events(events, RECORD)

    assert [one.kind for one in found] == [EventKind.QUEUED, EventKind.RETURNED, EventKind.WRITTEN]
    assert found[1].cause == "ThrottlingException"
    assert found[2].at == datetime(2026, 11, 23, 9, 5, 0, 250_000, UTC)
    assert [one.receives for one in found] == [0, 1, 2]


@pytest.mark.parametrize(
    "message",
    [
        "START RequestId: 1 " + RECORD,
        "[]",
        "[" * 100_000,
        json.dumps({"message": "batch delivered", "record_id": RECORD}),
        json.dumps({"message": "record written", "record_id": OTHER, "detail": RECORD}),
        json.dumps({"message": "records queued", "record_ids": RECORD}),
    ],
)
def test_lines_that_tell_nothing_of_the_record_are_left_out(message: str) -> None:
    """The id may stand in any line."""
    assert read_events([{"timestamp": 0, "message": message}], RECORD) == []


def test_a_line_without_a_time_of_its_own_has_cloudwatch_s() -> None:
    """Another log format must not hide what happened."""
    [found] = read_events(
        [_event(message="record parked", record_id=RECORD, cause="no_identity", timestamp="noon")], RECORD
    )

    assert found.at == datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def test_what_ingest_writes_is_read() -> None:
    """Else a change of a line's words would go unnoticed."""
    channel = FakeChannel()
    channel.invoke(pinpoint_event())
    [line] = channel.record_lines
    [found] = read_events([_event(**line)], line["record_ids"][0])

    assert (found.kind, found.service != "", found.request_id) == (EventKind.QUEUED, True, line["function_request_id"])


def test_what_the_writer_writes_is_read() -> None:
    """The same."""
    record = engagement_record()
    writer = FakeWriter()
    writer.invoke(sqs_event([record]))
    [line] = writer.record_lines
    [found] = read_events([_event(**line)], record.record_id)

    assert (found.kind, found.receives, found.message_id) == (EventKind.WRITTEN, 1, line["message_id"])


def test_a_cause_comes_with_its_detail() -> None:
    """The reason alone does not say what to fix."""
    line: dict[str, Any] = {"message": "record parked", "record_id": RECORD, "cause": str(Reason.REJECTED_BY_SERVICE)}
    [found] = read_events([_event(**line, detail="BadRequestException", stage=str(Stage.WRITER))], RECORD)

    assert found.cause == "rejected_by_service: BadRequestException"
