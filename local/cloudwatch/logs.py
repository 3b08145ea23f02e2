"""Reads each log event of every group once."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_logs import CloudWatchLogsClient

LATE_MS = 30_000
"""How much older than the newest event of its group a new one may be and still be found."""


@dataclass(frozen=True, slots=True)
class Event:
    """One line of a log group, with its time in milliseconds since the epoch."""

    group: str
    at_ms: int
    message: str


@dataclass(slots=True)
class _Position:
    newest_ms: int = 0
    # of each stream within reach: the time of its newest event, and the token that continues after it
    streams: dict[str, tuple[int, str]] = field(default_factory=dict)


class LogReader:
    """Reads what is new, by the service's own tokens."""

    def __init__(self, logs: "CloudWatchLogsClient") -> None:
        self._logs = logs
        self._positions: dict[str, _Position] = {}

    def read(self) -> list[Event]:
        """Return the events that no call returned before, oldest first."""
        pages = self._logs.get_paginator("describe_log_groups").paginate()
        groups = [group["logGroupName"] for page in pages for group in page["logGroups"]]
        return sorted((event for group in groups for event in self._read_group(group)), key=lambda event: event.at_ms)

    def _read_group(self, group: str) -> Iterator[Event]:
        position = self._positions.setdefault(group, _Position())
        for stream, newest_ms in self._streams_since(group, position.newest_ms - LATE_MS):
            seen_ms, token = position.streams.get(stream, (-1, ""))
            # a late event may leave the newest as it is: within reach the token decides, not the time
            events, token = self._read_stream(group, stream, token)
            position.streams[stream] = (max(seen_ms, newest_ms), token)
            position.newest_ms = max(position.newest_ms, newest_ms)
            yield from events
        # ministack makes a stream for every invocation: only those within reach are kept
        kept = position.newest_ms - LATE_MS
        position.streams = {name: seen for name, seen in position.streams.items() if seen[0] >= kept}

    def _streams_since(self, group: str, since_ms: int) -> Iterator[tuple[str, int]]:
        pages = self._logs.get_paginator("describe_log_streams").paginate(
            logGroupName=group, orderBy="LastEventTime", descending=True
        )
        for page in pages:
            for stream in page["logStreams"]:
                newest_ms = stream.get("lastEventTimestamp", -1)
                if newest_ms < since_ms:
                    return
                yield stream["logStreamName"], newest_ms

    def _read_stream(self, group: str, stream: str, token: str) -> tuple[list[Event], str]:
        events: list[Event] = []
        while True:
            after = {"nextToken": token} if token else {}
            answer = self._logs.get_log_events(logGroupName=group, logStreamName=stream, startFromHead=True, **after)  # type: ignore[arg-type]  # the stub wants each key typed by name
            events += [Event(group, event["timestamp"], event["message"]) for event in answer["events"]]
            if answer["nextForwardToken"] == token or not answer["events"]:
                return events, answer["nextForwardToken"]
            token = answer["nextForwardToken"]
