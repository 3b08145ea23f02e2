"""The parked form of a customer for whom no record can be queued."""

import hashlib
import json

from engagement.errors import InvalidRecordError
from engagement.parking import Parked, Stage
from engagement.reasons import Reason
from engagement.record import EngagementRecord
from engagement.sqs_batch import MAX_BYTES
from engagement.text import MAX_TEXT
from ingest.envelope import written
from ingest.memory import memory
from ingest.source import Reading, Step

MAX_BODY_BYTES = MAX_BYTES - 4_096
"""Bytes of a body that leave room for the attributes."""


def parked(reading: Reading, error: InvalidRecordError, step: Step) -> Parked:
    """Return the message to park: the event reduced to the one customer, which can be mended and handed over again.

    It remembers the offer and the moment of ``step``. What no SQS message can hold is replaced by its size and digest,
    so that it can at least be found at its origin.
    """
    body, fingerprint, reason = _body(reading, error.reason, written(memory(step)))
    return Parked(
        body=body,
        reason=reason,
        detail=error.detail,
        stage=Stage.INGEST,
        first_seen=step.now,
        record_id=reading.result.record_id if isinstance(reading.result, EngagementRecord) else None,
        viewed=step.viewed,
        fingerprint=fingerprint,
    )


def _body(reading: Reading, reason: Reason, remembered: str) -> tuple[str, str, Reason]:
    """Return the body, its digest without what it remembers, which is another at each repeat, and the reason."""
    try:
        event = reading.event.written()
    except RecursionError:
        omitted = _omitted(reading.key, why="nested too deeply")
        return omitted, _digest(omitted.encode()), reason
    encoded = event.encode()
    digest = _digest(encoded)
    if len(encoded) + len(remembered.encode()) <= MAX_BODY_BYTES:
        return f"{event[:-1]},{remembered[1:]}", digest, reason
    return _omitted(reading.key, bytes=len(encoded), sha256=digest), digest, Reason.RECORD_TOO_LARGE


def _digest(encoded: bytes) -> str:
    return hashlib.sha256(encoded).hexdigest()


def _omitted(key: str | None, **facts: str | int) -> str:
    return json.dumps({"omitted": {"customer": None if key is None else key[:MAX_TEXT], **facts}})
