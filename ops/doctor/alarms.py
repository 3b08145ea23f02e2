"""Whether somebody is told when something needs a person."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ops.doctor.finding import Finding, judged, problem
from ops.text import count

GIVE_SOMEBODY = (
    "deploy with AlarmEmail, and confirm the mail that SNS sends, or with AlarmTopicArn, a topic that somebody hears"
)

MADE_AGAIN = (
    "CloudFormation does not notice what was deleted by hand: take the alarm out of the template, deploy, put it back"
)


@dataclass(frozen=True, slots=True)
class Alarm:
    """An alarm of the stack.

    Attributes:
        name: Its name.
        tells: Whether going off makes it call somebody.
        state: ``OK``, ``ALARM`` or ``INSUFFICIENT_DATA``.
        rule: Of a composite alarm, which names others; empty for one of a metric.
    """

    name: str
    tells: bool
    state: str
    rule: str = ""

    @classmethod
    def read(cls, described: Mapping[str, Any]) -> "Alarm":
        """Return what DescribeAlarms answered of one."""
        return cls(
            name=described["AlarmName"],
            tells=bool(described.get("ActionsEnabled", True) and described.get("AlarmActions")),
            state=described.get("StateValue", "INSUFFICIENT_DATA"),
            rule=described.get("AlarmRule", ""),
        )


def judge_alarms(expected: Sequence[str], alarms: Sequence[Alarm]) -> Finding:
    """Judge the alarms that the stack is said to have, by name, against those that there are."""
    check = "alarms"
    if not expected:
        return problem(check, "the stack has none: nobody is told of anything", "deploy a version that has alarms")
    there = {alarm.name for alarm in alarms}
    missing = sorted(set(expected) - there)
    silent = [alarm.name for alarm in alarms if not _reaches_somebody(alarm, alarms)]
    ringing = [alarm.name for alarm in alarms if alarm.state == "ALARM"]
    wrong = []
    if missing:
        wrong.append((f"gone: {', '.join(missing)}", MADE_AGAIN))
    if silent and len(silent) == len(alarms):
        wrong.append((f"none of {count(len(alarms), 'alarm')} reaches anybody", GIVE_SOMEBODY))
    elif silent:
        wrong.append((f"reaching nobody: {', '.join(silent)}", GIVE_SOMEBODY))
    if ringing:
        wrong.append((f"in alarm: {', '.join(ringing)}", "each alarm's description says what to do first"))
    return judged(check, wrong, f"{count(len(alarms), 'alarm')}, each reaches somebody, none rings")


def _reaches_somebody(alarm: Alarm, alarms: Sequence[Alarm]) -> bool:
    """Whether it calls somebody itself, or a composite one that does names it."""
    named = re.compile(rf"\(\s*[\"']?{re.escape(alarm.name)}[\"']?\s*\)")
    return alarm.tells or any(other.tells and named.search(other.rule) is not None for other in alarms)
