"""Messages as the functions park them."""

from datetime import timedelta
from typing import Any

from engagement.parking import Parked, Stage
from engagement.reasons import Reason
from engagement.wire import encode
from tests.fakes.clock import START
from tests.fakes.queues import DEAD, FakeSqsService
from tests.samples import engagement_record


def park(queues: FakeSqsService, body: str | None = None, **changes: Any) -> str:
    """Park a message, by default a record that the service refused an hour ago, and return its id."""
    record = changes.pop("record", None) or engagement_record()
    members: dict[str, Any] = {
        "reason": Reason.REJECTED_BY_SERVICE,
        "detail": "BadRequestException (request 7a1c0de0-0000-4000-8000-000000000000)",
        "stage": Stage.WRITER,
        "first_seen": START - timedelta(hours=1),
        "record_id": record.record_id if body is None else None,
        "receive_count": 1,
        **changes,
    }
    entry = Parked(body=encode(record) if body is None else body, **members).entry()
    return queues.put(DEAD, entry.body, entry.attributes)
