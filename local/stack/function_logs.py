"""The functions' log lines, out of the local CloudWatch Logs and into files that outlive it."""

from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

from local.cloudwatch.runtime_lines import Line, as_lambda_writes

if TYPE_CHECKING:
    from mypy_boto3_logs import CloudWatchLogsClient


def collect(logs: "CloudWatchLogsClient", directory: Path) -> None:
    """Write each log group to a file named by the last part of its name, oldest line first."""
    directory.mkdir(parents=True, exist_ok=True)
    for page in logs.get_paginator("describe_log_groups").paginate():
        for group in page["logGroups"]:
            name = group["logGroupName"]
            with (directory / f"{name.rsplit('/', 1)[-1]}.log").open("w", encoding="utf-8") as file:
                file.writelines(f"{line}\n" for line in lines(logs, name))


def lines(logs: "CloudWatchLogsClient", group: str) -> list[str]:
    """Return the lines of a log group in the order of their time, as Lambda's runtime would write them."""
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
