"""Putting metrics where CloudWatch keeps them."""

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING

import boto3
import pytest
from moto import mock_aws

from local.cloudwatch import store
from local.cloudwatch.datum import Datum

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
    store.put(cloudwatch, data)
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
