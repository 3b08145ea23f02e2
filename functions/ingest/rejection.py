"""The parked form of a customer for whom no record can be queued."""

import hashlib
import json
from datetime import datetime

from engagement.errors import InvalidRecordError
from engagement.outbox import MAX_BYTES
from engagement.parking import Parked, Stage
from engagement.reasons import Reason
from engagement.text import MAX_TEXT
from ingest.source import Reading

MAX_BODY_BYTES = MAX_BYTES - 4_096
"""Bytes of a body that leave room for the attributes."""


def parked(reading: Reading, error: InvalidRecordError, *, viewed: bool, now: datetime) -> Parked:
    """Return the message to park: the event reduced to the one customer, which can be mended and handed over again.

    What no SQS message can hold is replaced by its size and digest, so that it can at least be found at its origin.
    """
    body, reason = _body(reading, error.reason)
    return Parked(body=body, reason=reason, detail=error.detail, stage=Stage.INGEST, first_seen=now, viewed=viewed)


def _body(reading: Reading, reason: Reason) -> tuple[str, Reason]:
    try:
        written = json.dumps(reading.event, separators=(",", ":"))
    except RecursionError:
        return _omitted(reading.key, why="nested too deeply"), reason
    if len(written) <= MAX_BODY_BYTES:
        return written, reason
    digest = hashlib.sha256(written.encode()).hexdigest()
    return _omitted(reading.key, bytes=len(written), sha256=digest), Reason.RECORD_TOO_LARGE


def _omitted(key: str | None, **facts: str | int) -> str:
    return json.dumps({"omitted": {"customer": None if key is None else key[:MAX_TEXT], **facts}})
