"""Reading every log event once."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, cast

from local.cloudwatch.logs import LATE_MS, LogReader

if TYPE_CHECKING:
    from mypy_boto3_logs import CloudWatchLogsClient

GROUP = "/aws/lambda/writer"
NOW = 1_700_000_000_000


class Pages:
    """One page of an operation's answer."""

    def __init__(self, answer: Callable[..., dict[str, Any]]) -> None:
        self._answer = answer

    def paginate(self, **request: Any) -> Iterator[dict[str, Any]]:
        yield self._answer(**request)


class Logs:
    """Holds one group; its tokens count the events of a stream, and at the end return what they were given."""

    def __init__(self) -> None:
        self.streams: dict[str, list[dict[str, Any]]] = {}

    def write(self, stream: str, *lines: str, at: int = NOW) -> None:
        """Put lines into a stream."""
        self.streams.setdefault(stream, []).extend({"timestamp": at, "message": line} for line in lines)

    def client(self) -> "CloudWatchLogsClient":
        """Return it as the client that the reader wants."""
        return cast("CloudWatchLogsClient", self)

    def get_paginator(self, operation: str) -> Pages:
        return Pages(getattr(self, operation))

    def describe_log_groups(self) -> dict[str, Any]:
        return {"logGroups": [{"logGroupName": GROUP}]}

    def describe_log_streams(self, **_request: Any) -> dict[str, Any]:
        newest = {name: max(event["timestamp"] for event in events) for name, events in self.streams.items()}
        ordered = sorted(newest, key=lambda name: -newest[name])
        return {"logStreams": [{"logStreamName": name, "lastEventTimestamp": newest[name]} for name in ordered]}

    def get_log_events(self, *, logStreamName: str, nextToken: str = "0", **_request: Any) -> dict[str, Any]:  # noqa: N803 - the service's names
        page = self.streams[logStreamName][int(nextToken) : int(nextToken) + 2]
        return {"events": page, "nextForwardToken": str(int(nextToken) + len(page))}


def texts(reader: LogReader) -> list[str]:
    """Return the lines that one call yields."""
    return [event.message for event in reader.read()]


def test_each_event_is_read_once() -> None:
    """A metric that is counted twice is a false one."""
    logs = Logs()
    reader = LogReader(logs.client())
    logs.write("a", "1", "2", "3b")
    assert texts(reader) == ["1", "2", "3b"]
    assert texts(reader) == []
    logs.write("a", "3", at=NOW + 1)
    logs.write("b", "4", at=NOW + 2)
    assert texts(reader) == ["3", "4"]
    assert texts(reader) == []


def test_a_late_event_is_found_within_reach_and_streams_beyond_are_left_alone() -> None:
    """The local AWS makes a stream for every invocation: reading must not slow down with their number."""
    logs = Logs()
    reader = LogReader(logs.client())
    logs.write("old", "1")
    reader.read()
    logs.write("new", "2", at=NOW + LATE_MS + 1)
    assert texts(reader) == ["2"]
    logs.write("new", "late", at=NOW + 2)
    assert texts(reader) == ["late"]
    logs.write("behind", "in another stream", at=NOW + 3)
    assert texts(reader) == ["in another stream"]
    logs.write("old", "too late", at=NOW)
    assert texts(reader) == []
