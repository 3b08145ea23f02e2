"""The functions' log lines, out of the local CloudWatch Logs and into files that outlive it."""

from pathlib import Path
from typing import TYPE_CHECKING

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
    """Return the lines of a log group in the order of their time."""
    pages = logs.get_paginator("filter_log_events").paginate(logGroupName=group)
    events = [event for page in pages for event in page["events"]]
    return [event["message"] for event in sorted(events, key=lambda event: event["timestamp"])]
