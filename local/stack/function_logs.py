"""The functions' log lines: out of the local CloudWatch Logs, as Lambda's Python runtime writes them.

Of an invocation that raised, ministack 1.5.33 writes Python's traceback, each line an event. Lambda's runtime writes
one event: `[ERROR] Type: message`, and the traceback below it (aws-lambda-python-runtime-interface-client, log format
Text). Of one that timed out ministack writes the words without the time and the request id that stand before them.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mypy_boto3_logs import CloudWatchLogsClient

Line = tuple[int, str]
"""When, in milliseconds since the epoch, and what."""

TRACEBACK = "Traceback (most recent call last):"
END = re.compile(r"^END RequestId: ")
RAISED = re.compile(r"^(?P<module>[A-Za-z_][\w.]*\.)?(?P<type>[A-Za-z_]\w*)(?P<message>:.*)?$", re.DOTALL)
TIMED_OUT = re.compile(r"^Task timed out after ")
START = re.compile(r"^START RequestId: (\S+)")


def group_of(configuration: Mapping[str, Any]) -> str:
    """Return the log group that a function with this configuration writes to."""
    group: str = configuration.get("LoggingConfig", {}).get("LogGroup", "")
    return group or f"/aws/lambda/{configuration['FunctionName']}"


def collect(logs: "CloudWatchLogsClient", directory: Path) -> None:
    """Write each log group to a file named by the last part of its name, oldest line first."""
    directory.mkdir(parents=True, exist_ok=True)
    for page in logs.get_paginator("describe_log_groups").paginate():
        for group in page["logGroups"]:
            name = group["logGroupName"]
            with (directory / f"{name.rsplit('/', 1)[-1]}.log").open("w", encoding="utf-8") as file:
                file.writelines(f"{line}\n" for line in lines(logs, name))


def lines(logs: "CloudWatchLogsClient", group: str) -> list[str]:
    """Return the lines of a log group in the order of their time."""
    return [line for _, line in since(logs, group)]


def since(logs: "CloudWatchLogsClient", group: str, start_ms: int = 0) -> list[Line]:
    """Return the same with the times, from a moment on in milliseconds since the epoch."""
    streams: defaultdict[str, list[Line]] = defaultdict(list)
    pages = logs.get_paginator("filter_log_events").paginate(logGroupName=group, startTime=start_ms)
    for page in pages:
        for event in page["events"]:
            streams[event["logStreamName"]].append((event["timestamp"], event["message"]))
    written = [line for stream in streams.values() for line in as_lambda_writes(stream)]
    return sorted(written, key=lambda line: line[0])


def as_lambda_writes(lines: Iterable[Line]) -> Iterator[Line]:
    """Yield the lines of one log stream, those of a failed invocation as Lambda's runtime would write them."""
    request, traceback, since = "", list[str](), 0
    for at, line in lines:
        if found := START.match(line):
            request = found[1]
        if traceback and not END.match(line):
            traceback.append(line)
            continue
        if traceback:
            yield since, _raised(traceback)
            traceback = []
        if line == TRACEBACK:
            traceback, since = [line], at
        elif TIMED_OUT.match(line):
            yield at, f"{datetime.fromtimestamp(at / 1000, UTC):%Y-%m-%dT%H:%M:%S}.{at % 1000:03}Z {request} {line}"
        else:
            yield at, line
    if traceback:
        yield since, _raised(traceback)


def _raised(traceback: list[str]) -> str:
    """Return the runtime's one line: the exception that was raised last stands after the last frame."""
    begins = max(number for number, line in enumerate(traceback) if line == TRACEBACK)
    frames = [number for number, line in enumerate(traceback) if number > begins and line.startswith("  ")]
    behind = (frames[-1] if frames else begins) + 1
    found = RAISED.match("\n".join(traceback[behind:]))
    error = f"{found['type']}{found['message'] or ''}" if found else "\n".join(traceback[behind:])
    return "\n".join([f"[ERROR] {error}", *traceback[begins:behind]])
