"""Metrics, put and read again."""

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING

import boto3
import pytest
from moto import mock_aws

from local.cloudwatch import metrics
from local.cloudwatch.metrics import Datum, Metric, Range

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch import CloudWatchClient

AT = dt.datetime(2026, 11, 23, 12, 0, tzinfo=dt.UTC)


@pytest.fixture
def cloudwatch() -> Iterator["CloudWatchClient"]:
    """An empty service."""
    with mock_aws():
        yield boto3.client("cloudwatch", "us-east-1", aws_access_key_id="a", aws_secret_access_key="b")


def test_every_value_of_every_namespace_arrives(cloudwatch: "CloudWatchClient") -> None:
    """More than one call's worth of them, and two namespaces mixed."""
    at_ms = int(AT.timestamp() * 1000)
    data = [
        Datum(namespace, "Latency", (("service", "writer"),), "Milliseconds", at_ms + number, (1.0, 3.0))
        for number in range(600)
        for namespace in ("Ours", "Theirs")
    ]
    metrics.put(cloudwatch, data)
    for namespace in ("Ours", "Theirs"):
        [point] = cloudwatch.get_metric_statistics(
            Namespace=namespace,
            MetricName="Latency",
            Dimensions=[{"Name": "service", "Value": "writer"}],
            StartTime=AT,
            EndTime=AT + dt.timedelta(minutes=1),
            Period=60,
            Statistics=["SampleCount", "Sum", "Maximum"],
        )["Datapoints"]
        assert (point["SampleCount"], point["Sum"], point["Maximum"]) == (1200.0, 2400.0, 3.0)


def test_what_was_put_is_read_again_by_its_exact_dimensions(cloudwatch: "CloudWatchClient") -> None:
    """A total and its split by reason are two metrics."""
    start, ours = int(AT.timestamp()), Metric("Ours", "Parked", (("reason", "r"), ("service", "writer")))
    data = [Datum("Ours", "Parked", ours.dimensions, "Count", (start + at) * 1000, (1.0,)) for at in (0, 30, 60)]
    metrics.put(cloudwatch, [*data, Datum("Ours", "Parked", (("service", "writer"),), "Count", start * 1000, (9.0,))])
    assert ours in metrics.stored(cloudwatch, "Ours")
    [points] = metrics.read(cloudwatch, [(ours, "Maximum")], Range(start, start + 120, 60))
    assert points.keys() == {start, start + 60}


def test_a_range_ends_with_the_period_that_is_under_way() -> None:
    """The newest value is of an unfinished minute."""
    span = Range.until(1_000, 120, 60)
    assert (span.start, span.end, list(span.moments)) == (900, 1_020, [900, 960])
    assert not span.is_one
    assert Range(900, 1_020, 120).is_one
