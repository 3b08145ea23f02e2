"""What the functions' log lines say of a record."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from engagement.wire import timestamp


class EventKind(StrEnum):
    """What happened to a record."""

    QUEUED = "queued"
    WRITTEN = "written"
    RETURNED = "returned"
    PARKED = "parked"


MESSAGES = {f"record {kind}": kind for kind in (EventKind.WRITTEN, EventKind.RETURNED, EventKind.PARKED)} | {
    "records queued": EventKind.QUEUED
}
"""By the line's ``message``; other lines say nothing of single records."""


@dataclass(frozen=True, slots=True)
class LogEvent:
    """One line about a record.

    Attributes:
        at: When the function logged it, UTC.
        service: The function's service name.
        kind: What happened.
        receives: The message's receive count; 0 at ingest.
        cause: Why it was parked or returned; empty otherwise.
        request_id: The invocation's, which its other lines have too.
        message_id: The SQS message's; empty at ingest.
    """

    at: datetime
    service: str
    kind: EventKind
    receives: int = 0
    cause: str = ""
    request_id: str = ""
    message_id: str = ""

    @property
    def document(self) -> Mapping[str, Any]:
        """The same as JSON."""
        members = {
            "at": timestamp(self.at),
            "where": self.service,
            "what": str(self.kind),
            "receives": self.receives,
            "cause": self.cause,
            "requestId": self.request_id,
            "messageId": self.message_id,
        }
        return {name: value for name, value in members.items() if value not in ("", 0)}


def read_events(events: Iterable[Mapping[str, Any]], record_id: str) -> list[LogEvent]:
    """Return what FilterLogEvents found about a record; lines of other records or none are left out."""
    found = (_read(event, record_id) for event in events)
    return in_order(event for event in found if event is not None)


def in_order(events: Iterable[LogEvent]) -> list[LogEvent]:
    """Return events in the order of time; of one moment, the lower receive count first."""
    return sorted(events, key=lambda event: (event.at, event.receives))


def _read(event: Mapping[str, Any], record_id: str) -> LogEvent | None:
    line = _parsed(event.get("message", ""))
    kind = MESSAGES.get(str(line.get("message")))
    if kind is None or record_id not in (line.get("record_id"), *_listed(line.get("record_ids"))):
        return None
    receives = line.get("receives", 0)
    detail = line.get("detail")
    cause = str(line.get("cause") or "")
    return LogEvent(
        at=_moment(line.get("timestamp"), event.get("timestamp", 0)),
        service=str(line.get("service", "")),
        kind=kind,
        receives=receives if isinstance(receives, int) else 0,
        cause=f"{cause}: {detail}" if isinstance(detail, str) and detail else cause,
        request_id=str(line.get("function_request_id") or ""),
        message_id=str(line.get("message_id") or ""),
    )


def _parsed(text: str) -> Mapping[str, Any]:
    try:
        line = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return line if isinstance(line, dict) else {}


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _moment(written: object, received: int) -> datetime:
    """Return the line's own time; if it has none, when CloudWatch received it (milliseconds)."""
    try:
        moment = datetime.fromisoformat(written if isinstance(written, str) else "")
    except ValueError:
        return datetime.fromtimestamp(received / 1000, UTC)
    return moment.astimezone(UTC)
