import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from engagement.errors import InvalidEventError
from tests.samples import NOW
from tests.sqs_events import sqs_message
from writer.message import Message, read_event


def read(*records: object) -> list[Message]:
    """Return the messages of a batch of these records."""
    return read_event({"Records": list(records)})


def test_a_message_is_read_as_lambda_passes_it_on() -> None:
    """Receive count and age decide later how long it waits and what a parked message says."""
    [message] = read(sqs_message("the body", "message-7", receives=3))

    assert message == Message(
        "message-7", "receipt-of-message-7", "the body", receive_count=3, first_seen=NOW, sent_at=NOW
    )


def test_messages_keep_the_order_of_the_batch() -> None:
    """One customer's records are written in this order."""
    messages = read(*(sqs_message("{}", f"message-{number}") for number in range(20)))

    assert [message.message_id for message in messages] == [f"message-{number}" for number in range(20)]


@pytest.mark.parametrize("event", [None, [], "Records", 7, {}, {"Records": None}, {"Records": {}}, {"records": []}])
def test_an_event_of_another_kind_fails_the_invocation(event: object) -> None:
    """Lambda then returns the whole batch; answering that nothing failed would delete it."""
    with pytest.raises(InvalidEventError, match="Records"):
        read_event(event)


def test_a_batch_of_nothing_is_a_batch() -> None:
    """A test event from the console is one."""
    assert read() == []


@pytest.mark.parametrize(
    "record", [None, 7, "text", [], {}, {"body": "a body"}, {"messageId": None, "body": "b"}, {"messageId": 7}]
)
def test_a_record_without_a_message_id_is_kept_whole(record: object) -> None:
    """Nothing can name it in the batch response, so its whole text is what is parked."""
    [message] = read(record)

    assert message.message_id == ""
    assert json.loads(message.body) == record


@pytest.mark.parametrize("body", [None, 7, {}, []])
def test_a_body_that_is_no_text_is_empty(body: object) -> None:
    """A message without a text is a poison message, not a failure of the batch."""
    [message] = read(sqs_message(body))

    assert (message.message_id, message.body) == ("message-0", "")


def test_a_first_delivery_counts_no_redrive() -> None:
    """Message attributes of another sender are no sign of a redrive."""
    [message] = read(sqs_message("{}", attributes={"redrives": "7", "trace": "x"}))

    assert message.redrives == 0


def test_a_redriven_message_counts_its_redrives_and_keeps_its_first_time() -> None:
    """Whatever moved it back, its attributes tell that it was parked before: SQS gives it a new id and a new age."""
    first_seen = NOW - timedelta(days=3)
    parked = {"reason": "rejected_by_service", "redrives": "2", "firstSeen": "2026-11-20T09:00:00.000Z"}

    [message] = read(sqs_message("{}", attributes=parked))

    assert (message.redrives, message.first_seen) == (3, first_seen)


@pytest.mark.parametrize("redrives", [None, "", "-1", "many", "1e3", "\u0663", "9" * 5_000])
def test_a_redrive_count_that_is_none_starts_from_one(redrives: str | None) -> None:
    """Anybody can edit a message before sending it back; it must stay readable."""
    attributes = {"reason": "no_identity"} | ({} if redrives is None else {"redrives": redrives})

    [message] = read(sqs_message("{}", attributes=attributes))

    assert message.redrives == 1


@pytest.mark.parametrize(
    "first_seen",
    ["", "yesterday", "2026-11-20T09:00:00", "2026-13-45T09:00:00.000Z", "0001-01-01T00:00:00+23:59", "9" * 300],
)
def test_a_first_time_that_is_none_falls_back_to_the_time_of_sending(first_seen: str) -> None:
    """The time is written in UTC when the message is parked again: it must be one that can be."""
    [message] = read(sqs_message("{}", attributes={"reason": "no_identity", "firstSeen": first_seen}))

    assert message.first_seen == NOW


def test_a_first_time_of_another_zone_is_read_in_utc() -> None:
    """Times of two places must sort."""
    attributes = {"reason": "no_identity", "firstSeen": "2026-11-20T11:00:00+02:00"}

    [message] = read(sqs_message("{}", attributes=attributes))

    assert message.first_seen == datetime(2026, 11, 20, 9, tzinfo=UTC)
    assert message.first_seen.tzinfo is UTC


@pytest.mark.parametrize(
    "changes",
    [
        {"attributes": None},
        {"attributes": []},
        {"attributes": {}},
        {"attributes": {"ApproximateReceiveCount": 3, "SentTimestamp": None}},
        {"attributes": {"ApproximateReceiveCount": "0", "SentTimestamp": "9" * 40}},
        {"messageAttributes": "none"},
        {"messageAttributes": {"reason": None, "redrives": "3"}},
        {"messageAttributes": {"reason": {"binaryValue": "eA==", "dataType": "Binary"}}},
    ],
)
def test_what_sqs_says_of_a_message_may_be_missing(changes: dict[str, Any]) -> None:
    """Attributes inform operators; a message is delivered without them too."""
    [message] = read(sqs_message("the body") | changes)

    assert (message.message_id, message.body, message.receive_count, message.redrives) == (
        "message-0",
        "the body",
        1,
        0,
    )
    assert message.first_seen.tzinfo is UTC
