"""Whether the stack's alarms are there, notify anyone, and fire."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ops.doctor.finding import Finding, judged, problem
from ops.text import count

NOTIFY = "deploy with AlarmEmail, and confirm the mail that SNS sends, or with AlarmTopicArn, a topic with a subscriber"

CREATE_AGAIN = (
    "CloudFormation does not notice what was deleted by hand: take the alarm out of the template, deploy, put it back"
)


@dataclass(frozen=True, slots=True)
class Alarm:
    """An alarm of the stack.

    Attributes:
        name: Its name.
        notifies: Whether it has actions that run when it fires.
        state: ``OK``, ``ALARM`` or ``INSUFFICIENT_DATA``.
        rule: Of a composite alarm, which names others; empty for a metric alarm.
    """

    name: str
    notifies: bool
    state: str
    rule: str = ""

    @classmethod
    def read(cls, described: Mapping[str, Any]) -> "Alarm":
        """Return what DescribeAlarms answered of one."""
        return cls(
            name=described["AlarmName"],
            notifies=bool(described.get("ActionsEnabled", True) and described.get("AlarmActions")),
            state=described.get("StateValue", "INSUFFICIENT_DATA"),
            rule=described.get("AlarmRule", ""),
        )


def judge_alarms(expected: Sequence[str], alarms: Sequence[Alarm]) -> Finding:
    """Judge the alarms that CloudFormation says the stack has, by name, against those that CloudWatch has."""
    check = "alarms"
    if not expected:
        return problem(check, "the stack has none: nobody is notified of anything", "deploy a version that has alarms")
    there = {alarm.name for alarm in alarms}
    missing = sorted(set(expected) - there)
    silent = [alarm.name for alarm in alarms if not _notifies_anyone(alarm, alarms)]
    firing = [alarm.name for alarm in alarms if alarm.state == "ALARM"]
    wrong = []
    if missing:
        wrong.append((f"gone: {', '.join(missing)}", CREATE_AGAIN))
    if silent and len(silent) == len(alarms):
        wrong.append((f"none of {count(len(alarms), 'alarm')} notifies anyone", NOTIFY))
    elif silent:
        wrong.append((f"notifying nobody: {', '.join(silent)}", NOTIFY))
    if firing:
        wrong.append((f"in ALARM: {', '.join(firing)}", "each alarm's description says what to do first"))
    return judged(check, wrong, f"{count(len(alarms), 'alarm')}, each notifies someone, none fires")


def _notifies_anyone(alarm: Alarm, alarms: Sequence[Alarm]) -> bool:
    """Whether it has actions itself, or a composite alarm that has some names it."""
    named = re.compile(rf"\(\s*[\"']?{re.escape(alarm.name)}[\"']?\s*\)")
    return alarm.notifies or any(other.notifies and named.search(other.rule) is not None for other in alarms)
