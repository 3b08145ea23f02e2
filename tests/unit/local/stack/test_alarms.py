"""What the stack does about alarms."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import pytest
import yaml
from moto import mock_aws

from local.cloudwatch.alarms import Alarm
from local.cloudwatch.metrics import Metric
from local.stack import alarms

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch import CloudWatchClient

TEMPLATE = """
Resources:
  Plain: {Type: AWS::CloudWatch::Alarm, Properties: {MetricName: m, Threshold: !Ref Limit}}
  Math:
    Type: AWS::CloudWatch::Alarm
    Properties:
      Threshold: 3
      Metrics:
        - {Id: e, Expression: m / 2}
        - Id: m
          MetricStat:
            Metric: {Namespace: !Sub 'N/${AWS::StackName}', MetricName: m, Dimensions: [{Name: Q, Value: !Ref Queue}]}
            Period: 60
            Stat: Sum
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


def stood_in(directory: Path) -> dict[str, Any]:
    """Return the resources of the template that is deployed."""
    built = directory / "template.yaml"
    built.write_text(TEMPLATE, encoding="utf-8")
    resources: dict[str, Any] = yaml.safe_load(alarms.stand_in(built).read_text(encoding="utf-8"))["Resources"]
    assert built.read_text(encoding="utf-8") == TEMPLATE
    return resources


def test_only_what_the_local_aws_refuses_is_stood_in_for(tmp_path: Path) -> None:
    """Everything else is deployed as it is; references are left for CloudFormation to resolve."""
    resources = stood_in(tmp_path)
    assert resources["Plain"]["Properties"] == {"MetricName": "m", "Threshold": {"Ref": "Limit"}}
    assert {resource["Type"] for resource in resources.values()} == {alarms.ALARM}
    assert resources["Math"]["Properties"]["Dimensions"] == [
        {"Name": "value0", "Value": {"Fn::Sub": "N/${AWS::StackName}"}},
        {"Name": "value1", "Value": {"Ref": "Queue"}},
    ]
    assert resources["Math"]["Properties"]["Threshold"] == 3


def test_what_was_stood_in_for_is_put_together_again(cloudwatch: "CloudWatchClient", tmp_path: Path) -> None:
    """The time to drain is reckoned from three metrics. Composite alarms are tried with the deployed stack."""
    properties = stood_in(tmp_path)["Math"]["Properties"]
    # as CloudFormation resolves them
    properties["Dimensions"] = [{"Name": "value0", "Value": "N/stack"}, {"Name": "value1", "Value": "queue"}]
    further = {"AlarmName": "Math", "EvaluationPeriods": 1, "ComparisonOperator": "GreaterThanThreshold"}
    cloudwatch.put_metric_alarm(**{"Period": 60, "Statistic": "Sum", **further, **properties})
    alarms.file(tmp_path).parent.mkdir()
    alarms.take_over(cloudwatch, tmp_path)
    watched = {kept["AlarmName"]: Alarm.of(kept) for kept in json.loads(alarms.file(tmp_path).read_text("utf-8"))}
    assert watched.keys() == {"parked", "Math"}
    [expression, stored] = watched["Math"].queries
    assert expression.expression == "m / 2"
    assert stored.metric == Metric("N/stack", "m", (("Q", "queue"),))
    assert watched["Math"].threshold == 3


def test_an_alarm_that_was_taken_over_is_known_whole_and_keeps_its_actions(
    cloudwatch: "CloudWatchClient", tmp_path: Path
) -> None:
    """The feed needs its metric, the local AWS must not have it, and its actions stay as they were."""
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
