"""What ministack 1.5.33 cannot do about alarms.

Its CloudFormation refuses a template with composite alarms, or with metric math in an alarm. A plain alarm is deployed
in the place of each, so that CloudFormation still resolves what the alarm refers to.

It evaluates alarms without looking at their dimensions: the alarm of one queue would fire for another's messages. So
after the deployment each is put anew without its metric, which leaves it nothing to evaluate, and its queries are kept
in a file, for the feed of the local CloudWatch to evaluate. Composite alarms are made then, by the API.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from samcli.yamlhelper import yaml_dump, yaml_parse  # type: ignore[import-untyped]  # sam has no types

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch import CloudWatchClient
    from mypy_boto3_cloudwatch.type_defs import MetricAlarmTypeDef

ALARM = "AWS::CloudWatch::Alarm"
COMPOSITE = "AWS::CloudWatch::CompositeAlarm"
DEPLOYED = "deployed.yaml"
"""The file, beside the built template, that is deployed here."""
STAND_IN = "StandIn"
"""The namespace of an alarm that stands for another: its metric's name has that one's metrics, as JSON."""
RULE = "AlarmRule"
KEY = "StandsFor"
"""In such JSON: the member that stands for a value, by the name of the dimension that has it."""
# what a plain alarm needs, and a composite one has not
NEVER = {"Threshold": 0, "EvaluationPeriods": 1, "ComparisonOperator": "GreaterThanThreshold"}
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


def stand_in(template: Path) -> Path:
    """Write a template beside this one in which plain alarms stand for those that are refused; return its path."""
    document = yaml_parse(template.read_text(encoding="utf-8"))
    for resource in document["Resources"].values():
        if resource["Type"] == COMPOSITE:
            resource["Type"] = ALARM
            resource["Properties"] |= NEVER | _stand_in(RULE, {RULE: resource["Properties"].pop(RULE)})
        elif resource["Type"] == ALARM and "Metrics" in resource["Properties"]:
            resource["Properties"] |= _stand_in(*_taken_apart(resource["Properties"].pop("Metrics")))
    written = template.with_name(DEPLOYED)
    written.write_text(yaml_dump(document), encoding="utf-8")
    return written


def _stand_in(name: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what makes an alarm a plain one; the values, which CloudFormation resolves, are its dimensions."""
    return {
        "Namespace": STAND_IN,
        "MetricName": name,
        "Dimensions": [{"Name": key, "Value": value} for key, value in values.items()],
    }


def _taken_apart(metrics: list[dict[str, Any]]) -> tuple[str, dict[str, Any]]:
    """Return metrics as JSON in which a key stands for each value that CloudFormation resolves, and the values."""
    values: dict[str, Any] = {}

    def keyed(value: Any) -> Any:  # noqa: ANN401 - any part of a template
        match value:
            case dict() if any(name == "Ref" or name.startswith("Fn::") for name in value):
                key = f"value{len(values)}"
                values[key] = value
                return {KEY: key}
            case dict():
                return {name: keyed(part) for name, part in value.items()}
            case list():
                return [keyed(part) for part in value]
            case _:
                return value

    return json.dumps(keyed(metrics)), values


def _put_together(alarm: Mapping[str, Any]) -> dict[str, Any]:
    """Return an alarm with the metrics that were taken apart."""
    values = {dimension["Name"]: dimension["Value"] for dimension in alarm["Dimensions"]}

    def resolved(found: dict[str, Any]) -> Any:  # noqa: ANN401 - any part of a template
        return values[found[KEY]] if KEY in found else found

    metrics = json.loads(alarm["MetricName"], object_hook=resolved)
    return {key: value for key, value in alarm.items() if key in KEPT} | {"Metrics": metrics}


def file(directory: Path) -> Path:
    """Return the file that lists the alarms and their queries for the feed."""
    return directory / "tmp" / "alarms.json"


def take_over(cloudwatch: "CloudWatchClient", directory: Path) -> None:
    """Write every deployed alarm to the file, leave ministack nothing to evaluate, and make the composite ones."""
    deployed: list[dict[str, Any]] = [{**alarm} for alarm in _deployed(cloudwatch)]
    composite = [alarm for alarm in deployed if alarm.get("MetricName") == RULE]
    watched = [
        _put_together(alarm) if alarm.get("Namespace") == STAND_IN else alarm
        for alarm in deployed
        if alarm not in composite
    ]
    file(directory).write_text(json.dumps(watched, default=str), encoding="utf-8")
    for alarm in watched:
        kept: dict[str, Any] = {key: value for key, value in alarm.items() if key in KEPT}
        cloudwatch.put_metric_alarm(**kept)
    for alarm in composite:
        cloudwatch.delete_alarms(AlarmNames=[alarm["AlarmName"]])
        kept = {key: value for key, value in alarm.items() if key in KEPT[: KEPT.index("EvaluationPeriods")]}
        [rule] = (dimension["Value"] for dimension in alarm["Dimensions"])
        cloudwatch.put_composite_alarm(**kept, AlarmRule=rule)


def _deployed(cloudwatch: "CloudWatchClient") -> "Iterator[MetricAlarmTypeDef]":
    for page in cloudwatch.get_paginator("describe_alarms").paginate(AlarmTypes=["MetricAlarm"]):
        yield from page["MetricAlarms"]
