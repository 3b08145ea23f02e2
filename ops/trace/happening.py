"""One thing that happened to a record, as the functions' log lines tell it."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from engagement.wire import timestamp


class What(StrEnum):
    """What a line tells of a record."""

    QUEUED = "queued"
    WRITTEN = "written"
    RETURNED = "returned"
    PARKED = "parked"


MESSAGES = {f"record {what}": what for what in (What.WRITTEN, What.RETURNED, What.PARKED)} | {
    "records queued": What.QUEUED
}
"""By the line's ``message``; other lines tell nothing of single records."""


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that happened to a record.

    Attributes:
        at: When the function said so, UTC.
        where: The function's service name.
        what: What happened.
        receives: Times that the queue had handed it out; 0 at ingest.
        cause: Why it was parked or returned; empty otherwise.
        request_id: Of the invocation, by which its other lines are found.
        message_id: Of the SQS message; empty at ingest.
    """

    at: datetime
    where: str
    what: What
    receives: int = 0
    cause: str = ""
    request_id: str = ""
    message_id: str = ""

    @property
    def document(self) -> Mapping[str, Any]:
        """The same as JSON."""
        members = {
            "at": timestamp(self.at),
            "where": self.where,
            "what": str(self.what),
            "receives": self.receives,
            "cause": self.cause,
            "requestId": self.request_id,
            "messageId": self.message_id,
        }
        return {name: value for name, value in members.items() if value not in ("", 0)}


def read(events: Iterable[Mapping[str, Any]], record_id: str) -> list[Happening]:
    """Return what log events, as FilterLogEvents gives them, tell of a record, in the order of time."""
    found = (_happening(event, record_id) for event in events)
    return sorted((one for one in found if one is not None), key=lambda one: (one.at, one.receives))


def _happening(event: Mapping[str, Any], record_id: str) -> Happening | None:
    line = _parsed(event.get("message", ""))
    what = MESSAGES.get(str(line.get("message")))
    if what is None or record_id not in (line.get("record_id"), *_listed(line.get("record_ids"))):
        return None
    receives = line.get("receives", 0)
    detail = line.get("detail")
    cause = str(line.get("cause") or "")
    return Happening(
        at=_moment(line.get("timestamp"), event.get("timestamp", 0)),
        where=str(line.get("service", "")),
        what=what,
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
    """Return the line's own time; where it has none, when CloudWatch got it, in milliseconds."""
    try:
        moment = datetime.fromisoformat(written if isinstance(written, str) else "")
    except ValueError:
        return datetime.fromtimestamp(received / 1000, UTC)
    return moment.astimezone(UTC)
