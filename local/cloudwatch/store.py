"""Puts metrics into the local CloudWatch."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import groupby
from typing import TYPE_CHECKING

from local.cloudwatch.datum import Datum

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch import CloudWatchClient
    from mypy_boto3_cloudwatch.type_defs import MetricDatumTypeDef

MOST_IN_CALL = 500
"""Of PutMetricData's 1,000, so that a call stays below its megabyte."""


def put(cloudwatch: "CloudWatchClient", data: Sequence[Datum]) -> None:
    """Put all data, a namespace at a time as PutMetricData wants it."""
    for namespace, found in groupby(sorted(data, key=_order), key=lambda datum: datum.namespace):
        for chunk in _chunks(list(found)):
            cloudwatch.put_metric_data(Namespace=namespace, MetricData=[_metric_datum(datum) for datum in chunk])


def _order(datum: Datum) -> tuple[str, int]:
    return datum.namespace, datum.at_ms


def _chunks(data: list[Datum]) -> Iterator[list[Datum]]:
    for start in range(0, len(data), MOST_IN_CALL):
        yield data[start : start + MOST_IN_CALL]


def _metric_datum(datum: Datum) -> "MetricDatumTypeDef":
    counts = Counter(datum.values)
    return {
        "MetricName": datum.name,
        "Dimensions": [{"Name": name, "Value": value} for name, value in datum.dimensions],
        "Timestamp": datetime.fromtimestamp(datum.at_ms / 1000, tz=UTC),
        "Values": list(counts),
        "Counts": [float(count) for count in counts.values()],
        "Unit": datum.unit,  # type: ignore[typeddict-item]  # whatever the line says; the service checks it
    }
