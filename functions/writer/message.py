"""The SQS event that Lambda's event source hands to the writer, typed."""

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
        message_id: SQS's id, by which the batch response names it; empty where there is none.
        receipt_handle: By which its visibility is changed; empty where there is none.
        body: As it was sent; empty where there is none.
        receives: Times that the queue handed it out, this one included (ApproximateReceiveCount).
        first_seen: When it was sent to this queue; where it was parked before, when the pipeline first had it.
        redrives: Times that it came back from the dead-letter queue, this one included.
        viewed: Which channel function took it, where ingest had parked it: its body does not say.
        sent_at: When it was sent to this queue, from which on the queue's retention counts; None where it is not told.
    """

    message_id: str
    receipt_handle: str
    body: str
    receives: int
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
        # Not from SQS, but not to be lost: it is parked as a whole. Should even that fail, an empty id in the batch
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
        receives=max(1, _whole_number(system.get("ApproximateReceiveCount"))),
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
    """Return the number that SQS wrote as text; 0 where somebody else wrote something else."""
    is_number = isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= len("1784000000000")
    return int(str(value)) if is_number else 0


def _moment(written: str | None) -> datetime | None:
    """Return the moment in UTC; None where it is none, lacks its zone, or UTC has no year for it."""
    try:
        moment = datetime.fromisoformat(written or "")
        return moment.astimezone(UTC) if moment.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None
