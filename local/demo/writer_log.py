"""What the writer says of itself: one log line an invocation, with the counts of its outcomes."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from local.demo.account import WriterCounts
from local.demo.returns import Backoff

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_logs import CloudWatchLogsClient

MESSAGE = "batch delivered"
COUNTED = ("received", "written", "duplicates", "parked", "returned")


@dataclass(frozen=True, slots=True)
class Writer:
    """The deployed writer, as far as the demo has to know it.

    Attributes:
        log_group: Where it writes its lines.
        backoff: For how long it leaves a returned record away.
    """

    log_group: str
    backoff: Backoff


def writer(functions: "LambdaClient", function: str) -> Writer:
    """Return the writer as its function is configured."""
    variables = functions.get_function_configuration(FunctionName=function)["Environment"]["Variables"]
    return Writer(
        log_group=log_group(functions, function),
        backoff=Backoff(int(variables["FIRST_BACKOFF_SECONDS"]), int(variables["LONGEST_BACKOFF_SECONDS"])),
    )


def log_group(functions: "LambdaClient", function: str) -> str:
    """Return the log group that a function writes to."""
    configuration = functions.get_function_configuration(FunctionName=function)
    return configuration.get("LoggingConfig", {}).get("LogGroup") or f"/aws/lambda/{function}"


def lines(logs: "CloudWatchLogsClient", group: str, since: float) -> list[tuple[float, str]]:
    """Return the lines that count a batch, with their times, in their order; all times in seconds since the epoch.

    By their text and from ``since`` on: the local CloudWatch Logs answers with 10,000 lines at most, and knows no
    further page.
    """
    answer = logs.filter_log_events(logGroupName=group, filterPattern=f'"{MESSAGE}"', startTime=int(since * 1000))
    return sorted((event["timestamp"] / 1000, event["message"]) for event in answer["events"])


def counts(lines: Iterable[str]) -> WriterCounts:
    """Return the sums over the lines that count a batch; other lines, which a runtime writes between, are skipped."""
    batches = [line for line in map(_parsed, lines) if line.get("message") == MESSAGE]
    return WriterCounts(len(batches), *(sum(_number(batch.get(name)) for batch in batches) for name in COUNTED))


def _parsed(line: str) -> dict[str, object]:
    try:
        parsed = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return parsed if isinstance(parsed, dict) else {}


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0
