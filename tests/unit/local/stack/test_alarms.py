"""What the stack does about alarms."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import boto3
import pytest
import yaml
from moto import mock_aws

from local.cloudwatch.alarms import Alarm
from local.stack import alarms

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch import CloudWatchClient

TEMPLATE = """
Resources:
  Plain: {Type: AWS::CloudWatch::Alarm, Properties: {MetricName: m, Threshold: !Ref Limit}}
  Math: {Type: AWS::CloudWatch::Alarm, Condition: C, Properties: {Metrics: [{Id: e, Expression: 1}]}}
  All: {Type: AWS::CloudWatch::CompositeAlarm, Properties: {AlarmRule: !Sub 'ALARM("${Plain}")'}}
"""


@pytest.fixture
def cloudwatch() -> Iterator["CloudWatchClient"]:
    """A service with one alarm."""
    with mock_aws():
        client = boto3.client("cloudwatch", "us-east-1", aws_access_key_id="a", aws_secret_access_key="b")
        client.put_metric_alarm(
            AlarmName="parked",
            Namespace="AWS/SQS",
            MetricName="ApproximateNumberOfMessagesVisible",
            Dimensions=[{"Name": "QueueName", "Value": "dlq"}],
            Statistic="Maximum",
            Period=60,
            EvaluationPeriods=1,
            Threshold=0,
            ComparisonOperator="GreaterThanThreshold",
            TreatMissingData="notBreaching",
            AlarmActions=["arn:aws:sns:us-east-1:123456789012:mail"],
        )
        yield client


def test_only_what_the_local_aws_refuses_is_held_back(tmp_path: Path) -> None:
    """Everything else is deployed as it is."""
    built = tmp_path / "template.yaml"
    built.write_text(TEMPLATE, encoding="utf-8")
    resources = yaml.safe_load(alarms.hold_back(built).read_text(encoding="utf-8"))["Resources"]
    assert resources["Plain"]["Properties"] == {"MetricName": "m", "Threshold": {"Ref": "Limit"}}
    assert resources["Math"] == {"Type": alarms.NOTHING, "Condition": "C"}
    assert resources["All"] == {"Type": alarms.NOTHING}
    assert built.read_text(encoding="utf-8") == TEMPLATE


def test_an_alarm_that_was_taken_over_is_known_whole_and_keeps_its_actions(
    cloudwatch: "CloudWatchClient", tmp_path: Path
) -> None:
    """The feed needs its metric, the local AWS must not have it, and whoever is told stays told."""
    alarms.file(tmp_path).parent.mkdir()
    alarms.take_over(cloudwatch, tmp_path)
    [kept] = json.loads(alarms.file(tmp_path).read_text(encoding="utf-8"))
    [query] = Alarm.of(kept).queries
    assert query.metric is not None
    assert query.metric.dimensions == (("QueueName", "dlq"),)
    [left] = cloudwatch.describe_alarms()["MetricAlarms"]
    assert not left.get("MetricName")
    assert left["AlarmActions"] == ["arn:aws:sns:us-east-1:123456789012:mail"]
    assert left["TreatMissingData"] == "notBreaching"
