"""The object that is written to Customer Profiles: what an agent sees of a record."""

import json
from collections.abc import Mapping
from typing import Any

from engagement.errors import InvalidRecordError
from engagement.reasons import Reason
from engagement.record import EngagementRecord
from engagement.wire import timestamp

MAX_OBJECT = 256_000
"""Characters of a profile object, and bytes: the service's fixed quota of 250 KB."""


def profile_object(record: EngagementRecord) -> str:
    """Return the object as JSON text in ASCII. Members without a value are left out: the service refuses empty ones.

    Its members up to ``endpoint`` are those of the published sample that this project replaces.

    Raises:
        InvalidRecordError: the object exceeds the service's quota.
    """
    written = json.dumps(_members(record), separators=(",", ":"), allow_nan=False)
    if len(written) > MAX_OBJECT:
        raise InvalidRecordError(
            Reason.OBJECT_TOO_LARGE, f"{len(written)} characters; Customer Profiles takes {MAX_OBJECT}"
        )
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
        "engagedAt": timestamp(record.engaged_at),
    }
    return {name: value for name, value in members.items() if value is not None}
