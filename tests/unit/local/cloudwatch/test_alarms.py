"""The states of alarms."""

from dataclasses import replace
from typing import Any

import pytest

from local.cloudwatch.alarms import Alarm, judge
from local.cloudwatch.metrics import Points, Range

DESCRIBED: dict[str, Any] = {
    "AlarmName": "a",
    "Namespace": "AWS/SQS",
    "MetricName": "ApproximateNumberOfMessagesVisible",
    "Dimensions": [{"Name": "QueueName", "Value": "dlq"}],
    "Statistic": "Maximum",
    "Period": 60,
    "EvaluationPeriods": 3,
    "DatapointsToAlarm": 2,
    "Threshold": 10.0,
    "ComparisonOperator": "GreaterThanThreshold",
    "TreatMissingData": "missing",
}
ALARM = Alarm.of(DESCRIBED)
SPAN = Range(0, 240, 60)  # three whole periods and the one under way


def state(points: Points, **changes: Any) -> str:
    """Return the state that the points mean."""
    return judge(replace(ALARM, **changes), points, SPAN).value


@pytest.mark.parametrize(
    ("points", "expected"),
    [
        ({0: 11.0, 60: 11.0, 120: 1.0}, "ALARM"),
        ({0: 11.0, 60: 10.0, 120: 1.0}, "OK"),
        ({0: 11.0}, "OK"),
        ({60: 11.0, 120: 11.0}, "ALARM"),
        ({}, "INSUFFICIENT_DATA"),
    ],
)
def test_enough_periods_must_breach(points: Points, expected: str) -> None:
    """Two of three, here."""
    assert state(points) == expected


def test_a_period_under_way_counts_once_it_breaches() -> None:
    """What can only grow need not be waited for."""
    assert state({120: 11.0, 180: 11.0}) == "ALARM"
    assert state({0: 11.0, 60: 11.0, 180: 1.0}) == "ALARM"


def test_a_period_under_way_never_counts_where_less_is_alarming() -> None:
    """It has hardly begun."""
    assert state({0: 99.0, 60: 99.0, 120: 99.0, 180: 0.0}, comparison="LessThanThreshold", enough=1) == "OK"


@pytest.mark.parametrize(
    ("missing", "expected"),
    [("missing", "INSUFFICIENT_DATA"), ("breaching", "ALARM"), ("notBreaching", "OK")],
)
def test_missing_data_is_treated_as_the_alarm_says(missing: str, expected: str) -> None:
    """No traffic is alarming only where some was expected."""
    assert state({}, missing=missing) == expected


def test_an_alarm_over_an_expression_has_its_queries() -> None:
    """The time to drain is one."""
    stored = {"Metric": {"Namespace": "N", "MetricName": "m"}, "Period": 300, "Stat": "Sum"}
    math = {
        key: value for key, value in DESCRIBED.items() if key not in {"Namespace", "MetricName", "Statistic", "Period"}
    }
    metrics = [{"Id": "e", "Expression": "m / 2"}, {"Id": "m", "ReturnData": False, "MetricStat": stored}]
    alarm = Alarm.of(math | {"Metrics": metrics})
    assert alarm.period == 300
    assert [(query.id, query.shown, query.expression) for query in alarm.queries] == [
        ("e", True, "m / 2"),
        ("m", False, ""),
    ]
