"""The pipeline's own metrics over the last minutes, of CloudWatch."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from engagement.telemetry import Metric
from ops.errors import AWS_FAILURES, explained

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch import CloudWatchClient

PERIOD = 60
"""Seconds of one datapoint."""
INGEST = ("viewed-offer", "not-viewed-offer")
WRITER = ("writer",)


@dataclass(frozen=True, slots=True)
class Series:
    """One figure of the last minutes.

    Attributes:
        metric: Its name.
        services: The functions whose counts are added up.
        statistic: Sum, or a percentile.
    """

    metric: Metric
    services: tuple[str, ...]
    statistic: str = "Sum"


SERIES: Mapping[str, Series] = {
    "received": Series(Metric.RECORDS_RECEIVED, INGEST),
    "queued": Series(Metric.RECORDS_QUEUED, INGEST),
    "written": Series(Metric.RECORDS_WRITTEN, WRITER),
    "returned": Series(Metric.RECORDS_RETURNED, WRITER),
    "redriven": Series(Metric.RECORDS_REDRIVEN, WRITER),
    "parked at ingest": Series(Metric.RECORDS_PARKED, INGEST),
    "parked by the writer": Series(Metric.RECORDS_PARKED, WRITER),
    "rejected, caller informed": Series(Metric.RECORDS_FAILED, INGEST),
    "systemic failures": Series(Metric.SYSTEMIC_FAILURES, WRITER),
}
"""What is shown, by its name there."""


def recent(cloudwatch: "CloudWatchClient", namespace: str, now: datetime, minutes: int) -> dict[str, int]:
    """Return each figure of `SERIES` over the last ``minutes``; 0 if nothing was measured.

    Args:
        cloudwatch: The client.
        namespace: The stack's own: other stacks of the account have theirs.
        now: The end of the time that is counted.
        minutes: Its length.

    Raises:
        OpsError: CloudWatch could not be asked.
    """
    queries: list[Any] = [
        _query(f"s{number}_{place}", namespace, series, service)
        for number, series in enumerate(SERIES.values())
        for place, service in enumerate(series.services)
    ]
    sums: defaultdict[str, float] = defaultdict(float)
    try:
        for page in cloudwatch.get_paginator("get_metric_data").paginate(
            MetricDataQueries=queries, StartTime=now - timedelta(minutes=minutes), EndTime=now
        ):
            for result in page["MetricDataResults"]:  # a query's values may be spread over pages
                sums[result["Id"]] += sum(result["Values"])
    except AWS_FAILURES as error:
        raise explained(error) from error
    return {
        name: round(sum(sums[f"s{number}_{place}"] for place in range(len(series.services))))
        for number, (name, series) in enumerate(SERIES.items())
    }


def _query(identity: str, namespace: str, series: Series, service: str) -> dict[str, Any]:
    return {
        "Id": identity,
        "MetricStat": {
            "Metric": {
                "Namespace": namespace,
                "MetricName": str(series.metric),
                "Dimensions": [{"Name": "service", "Value": service}],
            },
            "Period": PERIOD,
            "Stat": series.statistic,
        },
    }
