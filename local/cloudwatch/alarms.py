"""What state each alarm is in, by CloudWatch's rules.

ministack evaluates alarms without looking at their dimensions. So the stack takes them over (`local.stack.alarms`), and
the feed sets their states; composite alarms follow by ministack's own doing.

Source of the rules: the CloudWatch user guide, "Evaluating an alarm" and "Configuring how CloudWatch alarms treat
missing data". Of a period that is under way, what can only grow counts: the alarm need not wait for its end. Where less
would be alarming, only whole periods count.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from local.cloudwatch import queries
from local.cloudwatch.queries import Query
from local.cloudwatch.series import Metric, Points, Range

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
    """An alarm, as DescribeAlarms tells it.

    Attributes:
        name: of the alarm.
        queries: what it looks at; one of them is shown.
        comparison: as CloudWatch names it.
        threshold: what the value is compared with.
        period: of a value, in seconds.
        periods: how many of them are looked at.
        enough: how many of these must breach.
        missing: what a period without data counts as: missing, breaching, notBreaching or ignore.
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
        """Return the alarm that DescribeAlarms tells of."""
        math = properties.get("Metrics")
        asked = tuple(_query(query) for query in math) if math else (_single(properties),)
        periods = [query["MetricStat"]["Period"] for query in math or () if "MetricStat" in query]
        periods += [query["Period"] for query in math or () if "Period" in query]
        count = int(properties["EvaluationPeriods"])
        return cls(
            properties["AlarmName"],
            asked,
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
    """Where an alarm stands.

    Attributes:
        value: OK, ALARM or INSUFFICIENT_DATA.
        reason: why, for people.
    """

    value: "StateValueType"
    reason: str


def judge(alarm: Alarm, points: Points, span: Range) -> State | None:
    """Return the state that the points mean; None where it stays what it was.

    Args:
        alarm: which one.
        points: of its one shown query.
        span: the periods that were asked for, one more than the alarm looks at; the last of them is under way.
    """
    *whole, under_way = span.moments
    breaches = COMPARISONS[alarm.comparison]
    current = points.get(under_way) if alarm.comparison.startswith("Greater") else None
    # a period under way takes the place of the oldest, if by now it breaches
    in_time = current is not None and breaches(float(current), alarm.threshold)
    moments = [*whole[1:], under_way] if in_time else whole
    values = [float(points[at]) for at in moments if at in points]
    if not values and alarm.missing == "ignore":
        return None
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
    if not alarms:
        return
    before = _states(cloudwatch)
    for alarm in alarms:
        span = Range.until(now, (alarm.periods + 1) * alarm.period, alarm.period)
        found = queries.answer(cloudwatch, alarm.queries, span)
        [shown] = [query for query in alarm.queries if query.shown]
        points = found[shown.id][0].points if found[shown.id] else {}
        state = judge(alarm, points, span)
        if state is not None and before.get(alarm.name) not in {None, state.value}:
            cloudwatch.set_alarm_state(AlarmName=alarm.name, StateValue=state.value, StateReason=state.reason)


def _states(cloudwatch: "CloudWatchClient") -> dict[str, str]:
    pages = cloudwatch.get_paginator("describe_alarms").paginate(AlarmTypes=["MetricAlarm"])
    return {alarm["AlarmName"]: alarm["StateValue"] for page in pages for alarm in page["MetricAlarms"]}
