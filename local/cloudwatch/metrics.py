"""Metrics of the local CloudWatch: what is put, and what is read again."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch import CloudWatchClient
    from mypy_boto3_cloudwatch.type_defs import (
        DimensionTypeDef,
        MetricDataQueryTypeDef,
        MetricDatumTypeDef,
        MetricStatTypeDef,
        MetricTypeDef,
    )

Dimensions = tuple[tuple[str, str], ...]
"""Names and values, sorted by name: CloudWatch tells metrics apart by the set, not by its order."""
Points = Mapping[int, float]
"""Values by the beginning of their period, in seconds since the epoch."""
DATA_IN_CALL = 500
"""Of PutMetricData's 1,000, so that a call stays below its megabyte."""
QUERIES_IN_CALL = 500


@dataclass(frozen=True, slots=True)
class Datum:
    """Values of one metric at one moment, in milliseconds since the epoch; each value is one sample."""

    namespace: str
    name: str
    dimensions: Dimensions
    unit: str
    at_ms: int
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Metric:
    """What a query names: exactly these dimensions."""

    namespace: str
    name: str
    dimensions: Dimensions


@dataclass(frozen=True, slots=True)
class Range:
    """A time range in periods, in seconds since the epoch; `start` is a whole number of periods, `end` is past it."""

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


def put(cloudwatch: "CloudWatchClient", data: Sequence[Datum]) -> None:
    """Put all data, one namespace in a call as PutMetricData wants it."""
    ordered = sorted(data, key=lambda datum: (datum.namespace, datum.at_ms))
    for namespace, found in groupby(ordered, key=lambda datum: datum.namespace):
        rows = [_metric_datum(datum) for datum in found]
        for start in range(0, len(rows), DATA_IN_CALL):
            cloudwatch.put_metric_data(Namespace=namespace, MetricData=rows[start : start + DATA_IN_CALL])


def _metric_datum(datum: Datum) -> "MetricDatumTypeDef":
    counts = Counter(datum.values)
    return {
        "MetricName": datum.name,
        "Dimensions": [{"Name": name, "Value": value} for name, value in datum.dimensions],
        "Timestamp": dt.datetime.fromtimestamp(datum.at_ms / 1000, tz=dt.UTC),
        "Values": list(counts),
        "Counts": [float(count) for count in counts.values()],
        "Unit": datum.unit,  # type: ignore[typeddict-item]  # whatever the line says; the service checks it
    }


def stored(cloudwatch: "CloudWatchClient", namespace: str) -> list[Metric]:
    """Return every metric of a namespace."""
    pages = cloudwatch.get_paginator("list_metrics").paginate(Namespace=namespace)
    found = [metric for page in pages for metric in page["Metrics"]]
    return [Metric(namespace, one["MetricName"], _sorted(one["Dimensions"])) for one in found]


def _sorted(dimensions: "Iterable[DimensionTypeDef]") -> Dimensions:
    return tuple(sorted((each["Name"], each["Value"]) for each in dimensions))


def read(cloudwatch: "CloudWatchClient", wanted: Sequence[tuple[Metric, str]], span: Range) -> list[dict[int, float]]:
    """Return the points of each metric by its statistic (Sum, Average, p95 ...), in the order asked."""
    queries = [_query(number, metric, statistic, _asked(span)) for number, (metric, statistic) in enumerate(wanted)]
    found: dict[str, dict[int, float]] = {}
    for start in range(0, len(queries), QUERIES_IN_CALL):
        answer = cloudwatch.get_metric_data(
            MetricDataQueries=queries[start : start + QUERIES_IN_CALL],
            StartTime=dt.datetime.fromtimestamp(span.start, tz=dt.UTC),
            EndTime=dt.datetime.fromtimestamp(span.end, tz=dt.UTC),
        )
        for result in answer["MetricDataResults"]:
            moments = [span.start if span.is_one else int(moment.timestamp()) for moment in result["Timestamps"]]
            found[result["Id"]] = dict(sorted(zip(moments, result["Values"], strict=True)))
    return [found[query["Id"]] for query in queries]


def _query(number: int, metric: Metric, statistic: str, period: int) -> "MetricDataQueryTypeDef":
    dimensions: list[DimensionTypeDef] = [{"Name": name, "Value": value} for name, value in metric.dimensions]
    named: MetricTypeDef = {"Namespace": metric.namespace, "MetricName": metric.name, "Dimensions": dimensions}
    asked: MetricStatTypeDef = {"Metric": named, "Period": period, "Stat": statistic}
    return {"Id": f"q{number}", "MetricStat": asked}


def _asked(span: Range) -> int:
    """Return the period to ask for: that of the range, but if it is one period, one that does not end within it.

    ministack begins periods at whole multiples of their length.
    """
    period = span.period
    while span.is_one and span.start // period != (span.end - 1) // period:
        period *= 2
    return period
