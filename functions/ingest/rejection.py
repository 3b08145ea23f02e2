"""The parked form of a customer for whom no record can be queued."""

import hashlib
import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from engagement.errors import InvalidRecordError
from engagement.outbox import MAX_BYTES
from engagement.parking import Parked, Stage
from engagement.reasons import Reason
from engagement.record import EngagementRecord
from engagement.text import MAX_TEXT
from ingest.source import Reading

MAX_BODY_BYTES = MAX_BYTES - 4_096
"""Bytes of a body that leave room for the attributes."""

_UNSENDABLE = re.compile("[\ud800-\udfff\ufffe\uffff]")
"""What JSON can spell and no SQS message may hold."""
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|-?Infinity|NaN')
_OVERFLOWN = {"Infinity": "1e999", "-Infinity": "-1e999", "NaN": "null"}
"""Python reads 1e999 as infinite and writes that as a word which is no JSON; it is parked as it came."""


def parked(reading: Reading, error: InvalidRecordError, *, viewed: bool, now: datetime) -> Parked:
    """Return the message to park: the event reduced to the one customer, which can be mended and handed over again.

    What no SQS message can hold is replaced by its size and digest, so that it can at least be found at its origin.
    """
    body, reason = _body(reading, error.reason)
    return Parked(
        body=body,
        reason=reason,
        detail=error.detail,
        stage=Stage.INGEST,
        first_seen=now,
        record_id=reading.result.record_id if isinstance(reading.result, EngagementRecord) else None,
        viewed=viewed,
    )


def _body(reading: Reading, reason: Reason) -> tuple[str, Reason]:
    try:
        written = _written(reading.event)
    except RecursionError:
        return _omitted(reading.key, why="nested too deeply"), reason
    encoded = written.encode()
    if len(encoded) <= MAX_BODY_BYTES:
        return written, reason
    digest = hashlib.sha256(encoded).hexdigest()
    return _omitted(reading.key, bytes=len(encoded), sha256=digest), Reason.RECORD_TOO_LARGE


def _written(event: Mapping[str, Any]) -> str:
    written = json.dumps(event, separators=(",", ":"), ensure_ascii=False)
    sendable = _UNSENDABLE.sub(lambda character: f"\\u{ord(character[0]):04x}", written)
    return _TOKEN.sub(lambda token: _OVERFLOWN.get(token[0], token[0]), sendable)


def _omitted(key: str | None, **facts: str | int) -> str:
    return json.dumps({"omitted": {"customer": None if key is None else key[:MAX_TEXT], **facts}})
