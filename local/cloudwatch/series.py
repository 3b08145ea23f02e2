"""A metric over time, and where it is read."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from local.cloudwatch.datum import Dimensions

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch import CloudWatchClient

Points = Mapping[int, float]
"""Values by the beginning of their period, in seconds since the epoch."""
QUERIES_IN_CALL = 500


@dataclass(frozen=True, slots=True)
class Series:
    """One line of a chart.

    Attributes:
        label: for people.
        points: its values; empty where there is no data.
    """

    label: str
    points: Points


@dataclass(frozen=True, slots=True)
class Range:
    """What time is looked at.

    Attributes:
        start: the first moment, in seconds since the epoch; a whole number of periods.
        end: the first moment past it.
        period: of each value, in seconds.
    """

    start: int
    end: int
    period: int

    @classmethod
    def until(cls, now: float, seconds: int, period: int) -> "Range":
        """Return the whole periods of the given time up to and with the one that is under way."""
        end = (int(now) // period + 1) * period
        return cls(end - -(-seconds // period) * period, end, period)

    @property
    def is_one(self) -> bool:
        """Whether the whole time is one period."""
        return self.end - self.start == self.period

    @property
    def moments(self) -> range:
        """The beginning of each period."""
        return range(self.start, self.end, self.period)


@dataclass(frozen=True, slots=True)
class Metric:
    """What a query names.

    Attributes:
        namespace: of the metric.
        name: of the metric.
        dimensions: of the metric, exactly.
    """

    namespace: str
    name: str
    dimensions: Dimensions


def read(cloudwatch: "CloudWatchClient", wanted: Sequence[tuple[Metric, str]], span: Range) -> list[dict[int, float]]:
    """Return the points of each metric by its statistic (Sum, Average, p95 ...), in the order asked."""
    found: list[dict[int, float]] = []
    for start in range(0, len(wanted), QUERIES_IN_CALL):
        chunk = wanted[start : start + QUERIES_IN_CALL]
        answer = cloudwatch.get_metric_data(
            MetricDataQueries=[
                {
                    "Id": f"q{number}",
                    "MetricStat": {
                        "Metric": {
                            "Namespace": metric.namespace,
                            "MetricName": metric.name,
                            "Dimensions": [{"Name": name, "Value": value} for name, value in metric.dimensions],
                        },
                        "Period": _asked(span),
                        "Stat": statistic,
                    },
                }
                for number, (metric, statistic) in enumerate(chunk)
            ],
            StartTime=dt.datetime.fromtimestamp(span.start, tz=dt.UTC),
            EndTime=dt.datetime.fromtimestamp(span.end, tz=dt.UTC),
        )
        by_id = {result["Id"]: result for result in answer["MetricDataResults"]}
        for number in range(len(chunk)):
            result = by_id[f"q{number}"]
            moments = [span.start if span.is_one else int(moment.timestamp()) for moment in result["Timestamps"]]
            found.append(dict(sorted(zip(moments, result["Values"], strict=True))))
    return found


def _asked(span: Range) -> int:
    """Return the period to ask for: that of the span, but where it is one period, one that does not end within it.

    ministack begins periods at whole multiples of their length.
    """
    period = span.period
    while span.is_one and span.start // period != (span.end - 1) // period:
        period *= 2
    return period
