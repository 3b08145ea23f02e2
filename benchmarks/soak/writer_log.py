"""What the writer's own log says: its batches' counts, and why records were returned."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from local.demo import writer_log
from local.demo.account import WriterCounts

if TYPE_CHECKING:
    from mypy_boto3_logs import CloudWatchLogsClient


@dataclass(frozen=True, slots=True)
class WriterSaid:
    """Sums over invocations.

    Attributes:
        counts: Of messages, by outcome.
        causes: Of returned messages, by cause.
    """

    counts: WriterCounts = field(default_factory=WriterCounts)
    causes: Counter[str] = field(default_factory=Counter)


def lines(logs: "CloudWatchLogsClient", group: str, since: float) -> list[str]:
    """Return the lines that count a batch, from ``since`` (seconds since the epoch) on.

    By their text, since the local CloudWatch Logs answers with 10,000 lines at most and knows no further page.
    """
    answer = logs.filter_log_events(
        logGroupName=group, filterPattern=f'"{writer_log.MESSAGE}"', startTime=round(since * 1000)
    )
    return [event["message"] for event in answer["events"]]


def read(batches: Sequence[str]) -> WriterSaid:
    """Return what the lines that count a batch say in all."""
    causes: Counter[str] = Counter()
    for line in batches:
        causes.update(_causes(line))
    return WriterSaid(writer_log.counts(batches), causes)


def _causes(line: str) -> dict[str, int]:
    try:
        document = json.loads(line)
    except ValueError:
        return {}
    causes = document.get("causes") if isinstance(document, dict) else None
    return causes if isinstance(causes, dict) else {}
