"""The object that is written to Customer Profiles: what an agent sees of a record."""

import json
from collections.abc import Mapping
from typing import Any

from engagement.errors import InvalidRecordError
from engagement.reasons import Reason
from engagement.record import EngagementRecord
from engagement.text import LONE_SURROGATE
from engagement.wire import timestamp

MAX_OBJECT = 256_000
"""Bytes of a profile object: the service's fixed quota of 250 KB. Its model counts as many characters."""


def profile_object(record: EngagementRecord) -> str:
    """Return the object as JSON text that UTF-8 can hold.

    Members without a value are left out: the service refuses empty ones.
    Its members up to ``endpoint`` are those of the published sample that this project replaces.

    Raises:
        InvalidRecordError: the object exceeds the service's quota.
    """
    # Not escaped to ASCII, which would make an object in Greek three times as large as what the service counts.
    text = json.dumps(_members(record), separators=(",", ":"), allow_nan=False, ensure_ascii=False)
    written = LONE_SURROGATE.sub("\ufffd", text)
    size = len(written.encode())
    if size > MAX_OBJECT:
        raise InvalidRecordError(Reason.OBJECT_TOO_LARGE, f"{size} bytes; Customer Profiles takes {MAX_OBJECT}")
    return written


def _members(record: EngagementRecord) -> Mapping[str, Any]:
    journey, customer = record.journey, record.customer
    members = {
        "UserId": customer.user_id,
        "email": customer.email,
        "phone": customer.phone,
        "offerName": record.offer_name,
        "offerViewed": "true" if record.viewed else "false",
        "endpoint": record.endpoint,
        "recordId": record.record_id,
        "profileId": customer.profile_id,
        "endpointId": record.endpoint_id,
        "source": journey.source,
        "journeyKind": str(journey.kind),
        "journeyId": journey.id,
        "journeyRunId": journey.run_id,
        "journeyStepId": journey.step_id,
        "journeyName": journey.name,
        "applicationId": journey.application_id,
        "engagedAt": None if record.engaged_at is None else timestamp(record.engaged_at),
        # No moment at all could be taken for a fault of the reader; the day of the call would be wrong.
        "engagedAtUnknown": "true" if record.engaged_at is None else None,
    }
    return {name: value for name, value in members.items() if value is not None}
