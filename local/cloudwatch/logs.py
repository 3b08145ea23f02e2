"""Reads each log event of every group once, across restarts too."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_logs import CloudWatchLogsClient

LATE_MS = 30_000
"""How much older than the newest event of its group a new one may be and still be found."""
GROUPS_AT_ONCE = 50
STREAMS_AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class Event:
    """One line.

    Attributes:
        group: the log group.
        at_ms: when, in milliseconds since the epoch.
        message: the line.
    """

    group: str
    at_ms: int
    message: str


@dataclass(slots=True)
class Position:
    """How far a group was read.

    Attributes:
        newest_ms: the time of the newest event that was read.
        streams: of each stream still within reach, the time of its newest event and the token that continues after it.
    """

    newest_ms: int = 0
    streams: dict[str, tuple[int, str]] = field(default_factory=dict)


class LogReader:
    """Reads what is new, by the service's own tokens.

    Positions are kept in a file and written *before* the events are handed out: whoever is killed in between misses a
    second's events, and counts none of them twice.

    Args:
        logs: The client.
        file: Where positions are kept.
    """

    def __init__(self, logs: "CloudWatchLogsClient", file: Path) -> None:
        self._logs = logs
        self._file = file
        self._positions = _load(file)

    def read(self) -> list[Event]:
        """Return the events that no call returned before, oldest first."""
        events = [event for group in self._groups() for event in self._read_group(group)]
        if events:
            self._save()
        return sorted(events, key=lambda event: event.at_ms)

    def _groups(self) -> Iterator[str]:
        for page in self._logs.get_paginator("describe_log_groups").paginate():
            yield from (group["logGroupName"] for group in page["logGroups"])

    def _read_group(self, group: str) -> Iterator[Event]:
        position = self._positions.setdefault(group, Position())
        reach = position.newest_ms - LATE_MS
        for stream, newest_ms in self._streams_since(group, reach):
            seen_ms, token = position.streams.get(stream, (-1, ""))
            # a late event may leave the newest as it is: within reach the token decides, not the time
            events, token = self._read_stream(group, stream, token)
            position.streams[stream] = (max(seen_ms, newest_ms), token)
            position.newest_ms = max(position.newest_ms, newest_ms)
            yield from events
        kept = position.newest_ms - LATE_MS
        position.streams = {name: seen for name, seen in position.streams.items() if seen[0] >= kept}

    def _streams_since(self, group: str, since_ms: int) -> list[tuple[str, int]]:
        """Return the streams with an event at that time or after it, and each one's newest; the newest stream first."""
        found: list[tuple[str, int]] = []
        pages = self._logs.get_paginator("describe_log_streams").paginate(
            logGroupName=group, orderBy="LastEventTime", descending=True
        )
        for page in pages:
            for stream in page["logStreams"]:
                newest_ms = stream.get("lastEventTimestamp", -1)
                if newest_ms < since_ms:
                    return found
                found.append((stream["logStreamName"], newest_ms))
        return found

    def _read_stream(self, group: str, stream: str, token: str) -> tuple[list[Event], str]:
        events: list[Event] = []
        while True:
            after = {"nextToken": token} if token else {}
            answer = self._logs.get_log_events(logGroupName=group, logStreamName=stream, startFromHead=True, **after)  # type: ignore[arg-type]  # the stub wants each key typed by name
            events += [Event(group, event["timestamp"], event["message"]) for event in answer["events"]]
            if answer["nextForwardToken"] == token or not answer["events"]:
                return events, answer["nextForwardToken"]
            token = answer["nextForwardToken"]

    def _save(self) -> None:
        written = self._file.with_suffix(".new")
        positions = {group: asdict(position) for group, position in self._positions.items()}
        written.write_text(json.dumps(positions), encoding="utf-8")
        written.replace(self._file)


def _load(file: Path) -> dict[str, Position]:
    if not file.exists():
        return {}
    positions = json.loads(file.read_text(encoding="utf-8"))
    return {
        group: Position(kept["newest_ms"], {name: (at, token) for name, (at, token) in kept["streams"].items()})
        for group, kept in positions.items()
    }
