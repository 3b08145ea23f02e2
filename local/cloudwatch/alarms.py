"""What state each alarm is in, by CloudWatch's rules.

ministack evaluates alarms without looking at their dimensions. So the stack withholds their metrics from it
(`local.stack.alarms`), and the feed sets their states; composite alarms follow by ministack's own doing.

Source of the rules: the CloudWatch user guide, "Evaluating an alarm" and "Configuring how CloudWatch alarms treat
missing data". A period under way counts if more is alarming: a value can only grow until its end. If less is alarming,
only whole periods count.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from local.cloudwatch import queries
from local.cloudwatch.metrics import Metric, Points, Range
from local.cloudwatch.queries import Query

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch import CloudWatchClient
    from mypy_boto3_cloudwatch.literals import StateValueType

COMPARISONS = {
    "GreaterThanThreshold": float.__gt__,
    "GreaterThanOrEqualToThreshold": float.__ge__,
    "LessThanThreshold": float.__lt__,
    "LessThanOrEqualToThreshold": float.__le__,
}


@dataclass(frozen=True, slots=True)
class Alarm:
    """An alarm, as DescribeAlarms returns it: it fires if `enough` of so many `periods`, in seconds each, breach.

    `missing` is what a period without data counts as: missing, breaching or notBreaching. One query is shown.
    """

    name: str
    queries: tuple[Query, ...]
    comparison: str
    threshold: float
    period: int
    periods: int
    enough: int
    missing: str = "missing"

    @classmethod
    def of(cls, properties: Mapping[str, Any]) -> "Alarm":
        """Return the alarm with these properties of DescribeAlarms."""
        math = properties.get("Metrics", [])
        periods = [query["MetricStat"]["Period"] for query in math if "MetricStat" in query]
        count = int(properties["EvaluationPeriods"])
        return cls(
            properties["AlarmName"],
            tuple(map(_query, math)) or (_single(properties),),
            properties["ComparisonOperator"],
            float(properties["Threshold"]),
            int(properties.get("Period") or max(map(int, periods))),
            count,
            int(properties.get("DatapointsToAlarm") or count),
            properties.get("TreatMissingData", "missing"),
        )


def _single(properties: Mapping[str, Any]) -> Query:
    statistic = properties.get("ExtendedStatistic") or properties.get("Statistic", "Average")
    return Query("m", properties["MetricName"], _metric(properties), statistic)


def _query(query: Mapping[str, Any]) -> Query:
    label = query.get("Label", query["Id"])
    shown = str(query.get("ReturnData", True)).lower() != "false"
    if "Expression" in query:
        return Query(query["Id"], label, expression=query["Expression"], shown=shown)
    stored = query["MetricStat"]
    return Query(query["Id"], label, _metric(stored["Metric"]), stored["Stat"], shown=shown)


def _metric(found: Mapping[str, Any]) -> Metric:
    dimensions = tuple(sorted((each["Name"], str(each["Value"])) for each in found.get("Dimensions", [])))
    return Metric(found["Namespace"], found["MetricName"], dimensions)


@dataclass(frozen=True, slots=True)
class State:
    """An alarm's state, and the reason for people."""

    value: "StateValueType"
    reason: str


def judge(alarm: Alarm, points: Points, span: Range) -> State:
    """Return the state that the points mean.

    Args:
        alarm: which one.
        points: of its one shown query.
        span: the periods that were asked for, one more than the alarm evaluates; the last of them is under way.
    """
    *whole, under_way = span.moments
    breaches = COMPARISONS[alarm.comparison]
    current = points.get(under_way) if alarm.comparison.startswith("Greater") else None
    # a period under way takes the place of the oldest, if by now it breaches
    in_time = current is not None and breaches(float(current), alarm.threshold)
    moments = [*whole[1:], under_way] if in_time else whole
    values = [float(points[at]) for at in moments if at in points]
    if not values and alarm.missing == "missing":
        return State("INSUFFICIENT_DATA", f"no data in {alarm.periods} periods of {alarm.period} s")
    absent = len(moments) - len(values)
    breaching = sum(breaches(value, alarm.threshold) for value in values)
    breaching += absent if alarm.missing == "breaching" else 0
    found = f"{breaching} of {alarm.periods} periods of {alarm.period} s: {alarm.comparison} {alarm.threshold:g}"
    newest = f", the newest value is {values[-1]:g}" if values else ", no data"
    return State("ALARM" if breaching >= alarm.enough else "OK", found + newest)


def update(cloudwatch: "CloudWatchClient", alarms: Sequence[Alarm], now: float) -> None:
    """Set the state of each alarm whose state has changed."""
    pages = cloudwatch.get_paginator("describe_alarms").paginate(AlarmTypes=["MetricAlarm"])
    before = {alarm["AlarmName"]: alarm["StateValue"] for page in pages for alarm in page["MetricAlarms"]}
    for alarm in alarms:
        span = Range.until(now, (alarm.periods + 1) * alarm.period, alarm.period)
        found = queries.answer(cloudwatch, alarm.queries, span)
        [shown] = [query for query in alarm.queries if query.shown]
        points = found[shown.id][0].points if found[shown.id] else {}
        state = judge(alarm, points, span)
        if before.get(alarm.name) not in {None, state.value}:
            cloudwatch.set_alarm_state(AlarmName=alarm.name, StateValue=state.value, StateReason=state.reason)
