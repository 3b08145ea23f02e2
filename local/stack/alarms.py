"""What ministack 1.5.33 cannot do about alarms.

Its CloudFormation refuses a template with composite alarms or metric math in one, even under a condition that does not
hold: they are held back from the deployment.

It evaluates alarms without looking at their dimensions: it would ring the alarm of one queue for another's messages. So
after the deployment each is put anew without its metric, which leaves it nothing to evaluate, and what the alarm looks
at is kept in a file, for the feed of the local CloudWatch to do it.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from samcli.yamlhelper import yaml_dump, yaml_parse  # type: ignore[import-untyped]  # sam has no types

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch import CloudWatchClient
    from mypy_boto3_cloudwatch.type_defs import MetricAlarmTypeDef

ALARM = "AWS::CloudWatch::Alarm"
COMPOSITE = "AWS::CloudWatch::CompositeAlarm"
# needs no properties, and does nothing
NOTHING = "AWS::CloudFormation::WaitConditionHandle"
KEPT = (
    "AlarmName",
    "AlarmDescription",
    "ActionsEnabled",
    "OKActions",
    "AlarmActions",
    "InsufficientDataActions",
    "EvaluationPeriods",
    "DatapointsToAlarm",
    "Threshold",
    "ComparisonOperator",
    "TreatMissingData",
)


def hold_back(template: Path) -> Path:
    """Write a template beside this one, without the alarms that ministack refuses; return its path."""
    document = yaml_parse(template.read_text(encoding="utf-8"))
    for resource in document["Resources"].values():
        if resource["Type"] == COMPOSITE or (resource["Type"] == ALARM and "Metrics" in resource["Properties"]):
            resource["Type"] = NOTHING
            del resource["Properties"]
    written = template.with_name("deployed.yaml")
    written.write_text(yaml_dump(document), encoding="utf-8")
    return written


def file(directory: Path) -> Path:
    """Return the file that tells the feed which alarms there are, and what they look at."""
    return directory / "tmp" / "alarms.json"


def take_over(cloudwatch: "CloudWatchClient", directory: Path) -> None:
    """Write every deployed alarm to the file, and leave ministack nothing to evaluate."""
    alarms = list(_deployed(cloudwatch))
    file(directory).write_text(json.dumps(alarms, default=str), encoding="utf-8")
    for alarm in alarms:
        kept: dict[str, Any] = {key: value for key, value in alarm.items() if key in KEPT}
        cloudwatch.put_metric_alarm(**kept)


def _deployed(cloudwatch: "CloudWatchClient") -> "Iterator[MetricAlarmTypeDef]":
    for page in cloudwatch.get_paginator("describe_alarms").paginate(AlarmTypes=["MetricAlarm"]):
        yield from page["MetricAlarms"]
