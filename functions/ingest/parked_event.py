"""The parked form of a customer who has no record: the event reduced to this customer, and how to send it again.

An event names no offer if the settings do, and often no time. The settings on the day of a redrive are not those of the
day on which the customer was sent the offer: so a parked event carries them, and `restore` reads them back.
"""

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from engagement.errors import InvalidRecordError
from engagement.parking import Parked, Stage
from engagement.reasons import Reason
from engagement.record import EngagementRecord
from engagement.sqs_batch import MAX_BYTES
from engagement.text import MAX_TEXT, is_clean, tidy
from engagement.wire import timestamp
from ingest.envelope import written
from ingest.settings import OfferNameFrom
from ingest.sources.contract import InvocationContext, ParsedCustomer

MEMBER = "parked"
"""The member of a parked event that carries the first call; no caller's format has one of that name."""
MAX_BODY_BYTES = MAX_BYTES - 4_096
"""Bytes of a body that leave room for the attributes."""


def parked(customer: ParsedCustomer, error: InvalidRecordError, invocation: InvocationContext) -> Parked:
    """Return the message to park: the event reduced to this customer, which can be corrected and sent again.

    It carries the offer and the moment of ``invocation``. An event that no SQS message can hold is replaced by its size
    and digest, by which it can be found at its origin.
    """
    body, fingerprint, reason = _body(customer, error.reason, written(first_call(invocation)))
    return Parked(
        body=body,
        reason=reason,
        detail=error.detail,
        stage=Stage.INGEST,
        first_seen=invocation.now,
        record_id=customer.result.record_id if isinstance(customer.result, EngagementRecord) else None,
        viewed=invocation.viewed,
        fingerprint=fingerprint,
    )


def first_call(invocation: InvocationContext) -> Mapping[str, Any]:
    """Return the member that a parked event has beside the caller's own."""
    return {
        MEMBER: {
            "offerName": invocation.offer_name,
            "connectOfferNameFrom": str(invocation.connect_offer_name_from),
            "acceptedAt": timestamp(invocation.now),
        }
    }


def restore(event: Mapping[str, Any], invocation: InvocationContext) -> tuple[Mapping[str, Any], InvocationContext]:
    """Return an event without `MEMBER`, and the invocation as it was when the customer was first received.

    What the member lacks, or what cannot be read, stays as ``invocation`` has it: an operator may have edited it, and
    events that were parked by an earlier version have no such member.
    """
    if MEMBER not in event:
        return event, invocation
    members = event[MEMBER] if isinstance(event[MEMBER], dict) else {}
    rest = {name: value for name, value in event.items() if name != MEMBER}
    name, source = members.get("offerName"), members.get("connectOfferNameFrom")
    sources = {str(known): known for known in OfferNameFrom}
    return rest, dataclasses.replace(
        invocation,
        offer_name=tidy(name) if isinstance(name, str) and is_clean(tidy(name)) else invocation.offer_name,
        connect_offer_name_from=sources.get(str(source), invocation.connect_offer_name_from),
        now=_moment(members.get("acceptedAt"), invocation.now) or invocation.now,
    )


def _moment(accepted_at: object, now: datetime) -> datetime | None:
    """Return the moment of the first call; None if it cannot be read, or lies in the future."""
    try:
        moment = datetime.fromisoformat(accepted_at) if isinstance(accepted_at, str) else None
        return moment.astimezone(UTC) if moment is not None and moment.tzinfo is not None and moment <= now else None
    except (ValueError, OverflowError):
        return None


def _body(customer: ParsedCustomer, reason: Reason, member: str) -> tuple[str, str, Reason]:
    """Return the body, its digest without the first call, which differs at each repeat, and the reason."""
    try:
        event = customer.event.written()
    except RecursionError:
        omitted = _omitted(customer.key, why="nested too deeply")
        return omitted, _digest(omitted.encode()), reason
    encoded = event.encode()
    digest = _digest(encoded)
    if len(encoded) + len(member.encode()) <= MAX_BODY_BYTES:
        return f"{event[:-1]},{member[1:]}", digest, reason
    return _omitted(customer.key, bytes=len(encoded), sha256=digest), digest, Reason.RECORD_TOO_LARGE


def _digest(encoded: bytes) -> str:
    return hashlib.sha256(encoded).hexdigest()


def _omitted(key: str | None, **facts: str | int) -> str:
    return json.dumps({"omitted": {"customer": None if key is None else key[:MAX_TEXT], **facts}})
