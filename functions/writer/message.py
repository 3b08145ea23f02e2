"""The SQS event that Lambda's event source invokes the writer with, typed."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from engagement.errors import InvalidEventError

_FLAGS = {"true": True, "false": False}


@dataclass(frozen=True, slots=True)
class Message:
    """One message of the engagement queue.

    Attributes:
        message_id: SQS's id, by which the batch response names it; empty if there is none.
        receipt_handle: By which its visibility timeout is changed; empty if there is none.
        body: As it was sent; empty if there is none.
        receive_count: How often the queue has handed it out, this time included (ApproximateReceiveCount).
        first_seen: When it was sent to this queue, or, if it was parked before, when the pipeline first had it.
        redrives: How often it came back from the dead-letter queue, this time included.
        viewed: Which channel function accepted it, if ingest had parked it: its body does not say.
        sent_at: When it was sent to this queue, the start of the queue's retention; None if it is not known.
    """

    message_id: str
    receipt_handle: str
    body: str
    receive_count: int
    first_seen: datetime
    redrives: int = 0
    viewed: bool | None = None
    sent_at: datetime | None = None


def read_event(event: object) -> list[Message]:
    """Return the event's messages in their order.

    Raises:
        InvalidEventError: this is no SQS event; what Lambda's event source sends always is.
    """
    records = event.get("Records") if isinstance(event, dict) else None
    if not isinstance(records, list):
        raise InvalidEventError("the event has no list Records: it does not come from an SQS event source")
    return [_message(record) for record in records]


def _message(record: object) -> Message:
    members = _map(record)
    message_id, body = members.get("messageId"), members.get("body")
    receipt_handle = members.get("receiptHandle")
    if not isinstance(message_id, str):
        # Not from SQS, but not to be lost: it is parked as a whole. If even that fails, an empty id in the batch
        # response makes Lambda return the whole batch.
        message_id, body = "", json.dumps(record)
    system = _map(members.get("attributes"))
    parked_before = _attribute(members, "reason") is not None
    sent_timestamp = _whole_number(system.get("SentTimestamp"))
    sent = datetime.fromtimestamp(sent_timestamp / 1000, UTC)
    return Message(
        message_id=message_id,
        receipt_handle=receipt_handle if isinstance(receipt_handle, str) else "",
        body=body if isinstance(body, str) else "",
        receive_count=max(1, _whole_number(system.get("ApproximateReceiveCount"))),
        first_seen=_moment(_attribute(members, "firstSeen")) or sent,
        redrives=_whole_number(_attribute(members, "redrives")) + 1 if parked_before else 0,
        viewed=_FLAGS.get(_attribute(members, "offerViewed") or ""),
        sent_at=sent if sent_timestamp else None,
    )


def _attribute(members: Mapping[str, Any], name: str) -> str | None:
    value = _map(_map(members.get("messageAttributes")).get(name)).get("stringValue")
    return value if isinstance(value, str) else None


def _map(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _whole_number(value: object) -> int:
    """Return the number that SQS wrote as text; 0 if it is not one."""
    is_number = isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= len("1784000000000")
    return int(str(value)) if is_number else 0


def _moment(written: str | None) -> datetime | None:
    """Return the moment in UTC; None if it cannot be read, lacks its zone, or has no year in UTC."""
    try:
        moment = datetime.fromisoformat(written or "")
        return moment.astimezone(UTC) if moment.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None
