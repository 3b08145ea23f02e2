"""The writer's own log: one line for each batch, with the counts of its outcomes."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

from local.stack.function_logs import group_of

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_logs import CloudWatchLogsClient

MESSAGE = "batch delivered"


@dataclass(frozen=True, slots=True)
class WriterCounts:
    """Sums over batches. Messages, not customers: one may come twice."""

    invocations: int = 0
    received: int = 0
    written: int = 0
    duplicates: int = 0
    parked: int = 0
    returned: int = 0
    causes: Counter[str] = field(default_factory=Counter)

    @property
    def settled(self) -> int:
        """Messages that are done with."""
        return self.written + self.parked


COUNTED = tuple(each.name for each in fields(WriterCounts) if each.name not in {"invocations", "causes"})


@dataclass(frozen=True, slots=True)
class Batch:
    """One batch: when it was logged, in seconds since the epoch, and its counts."""

    at: float
    counts: WriterCounts


def log_group(functions: "LambdaClient", function: str) -> str:
    """Return the log group that a function writes to."""
    return group_of(functions.get_function_configuration(FunctionName=function))


def batches(logs: "CloudWatchLogsClient", group: str, since: float) -> list[Batch]:
    """Return the batches that were logged from ``since`` on, in seconds since the epoch, in their order.

    Filtered by their text: the local CloudWatch Logs answers with 10,000 lines at most, and has no further page.
    """
    answer = logs.filter_log_events(logGroupName=group, filterPattern=f'"{MESSAGE}"', startTime=int(since * 1000))
    return read((event["timestamp"] / 1000, event["message"]) for event in answer["events"])


def read(lines: Iterable[tuple[float, str]]) -> list[Batch]:
    """Return the batches of lines with their times; other lines, which a runtime writes between, are skipped."""
    parsed = ((at, _parsed(line)) for at, line in sorted(lines))
    return [Batch(at, _counts(line)) for at, line in parsed if line.get("message") == MESSAGE]


def total(batches: Iterable[Batch]) -> WriterCounts:
    """Return the sums over batches."""
    counts = [batch.counts for batch in batches]
    causes: Counter[str] = Counter()
    for each in counts:
        causes.update(each.causes)
    sums = {name: sum(getattr(each, name) for each in counts) for name in COUNTED}
    return WriterCounts(len(counts), **sums, causes=causes)


def _counts(line: dict[str, Any]) -> WriterCounts:
    causes = line.get("causes")
    counted = {cause: _number(count) for cause, count in causes.items()} if isinstance(causes, dict) else {}
    return WriterCounts(1, **{name: _number(line.get(name)) for name in COUNTED}, causes=+Counter(counted))


def _parsed(line: str) -> dict[str, Any]:
    try:
        parsed = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return parsed if isinstance(parsed, dict) else {}


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0
