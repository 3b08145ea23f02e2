"""Waiting for what other processes do, and reading what they told the local CloudWatch."""

import datetime as dt
import time
from collections.abc import Callable

from local.stack import LocalStack
from local.stack.processes import POLL_SECONDS

PATIENCE = 60.0
AGES = dt.timedelta(hours=1)


def until(condition: Callable[[], object]) -> None:
    """Return when the condition holds; the feed looks every other second."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "in vain"
        time.sleep(POLL_SECONDS)  # another process is at work: there is no clock of it to inject


def total(stack: LocalStack, namespace: str, name: str, **dimensions: str) -> float:
    """Return the sum of a metric over all time."""
    now = dt.datetime.now(dt.UTC)
    points = stack.clients.cloudwatch().get_metric_statistics(
        Namespace=namespace,
        MetricName=name,
        Dimensions=[{"Name": key, "Value": value} for key, value in dimensions.items()],
        StartTime=now - AGES,
        EndTime=now + AGES,
        Period=int(AGES.total_seconds()),
        Statistics=["Sum"],
    )["Datapoints"]
    return sum(point["Sum"] for point in points)
