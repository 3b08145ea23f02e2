"""An alarm that notifies no one is none."""

import pytest

from ops.doctor.alarms import Alarm, judge_alarms
from ops.doctor.finding import Verdict


def _alarm(name: str, **described: object) -> Alarm:
    return Alarm.read({"AlarmName": name, "StateValue": "OK", **described})


LOUD = _alarm("loud", AlarmActions=["arn:topic"])
SILENT = _alarm("silent")
COMPOSITE = _alarm("all", AlarmActions=["arn:topic"], AlarmRule='ALARM(silent) OR ALARM("other")')


@pytest.mark.parametrize("alarms", [[LOUD], [SILENT, COMPOSITE], [_alarm("other"), COMPOSITE, LOUD]])
def test_alarms_that_notify_someone_are_ok(alarms: list[Alarm]) -> None:
    """By themselves, or through the composite one."""
    assert judge_alarms([alarm.name for alarm in alarms], alarms).verdict is Verdict.OK


def test_an_operator_whom_no_alarm_notifies_gets_both_ways_to_be_notified() -> None:
    """An organisation with topics of its own wants no mail."""
    fix = judge_alarms(["silent"], [SILENT]).fix
    assert "AlarmEmail" in fix
    assert "AlarmTopicArn" in fix


@pytest.mark.parametrize(
    ("expected", "alarms", "seen"),
    [
        ([], [], "the stack has none"),
        (["loud", "gone"], [LOUD], "gone: gone"),
        (["silent"], [SILENT], "none of 1 alarm notifies anyone"),
        (["silent", "loud"], [SILENT, LOUD], "notifying nobody: silent"),
        (["silenced"], [_alarm("silenced", AlarmActions=["arn"], ActionsEnabled=False)], "none of 1 alarm"),
        (["sil"], [_alarm("sil"), COMPOSITE], "notifying nobody: sil"),
        (["fires"], [_alarm("fires", AlarmActions=["arn"], StateValue="ALARM")], "in ALARM: fires"),
    ],
)
def test_an_alarm_that_is_of_no_use_is_a_problem(expected: list[str], alarms: list[Alarm], seen: str) -> None:
    """It is learned too late otherwise."""
    finding = judge_alarms(expected, alarms)

    assert finding.verdict is Verdict.PROBLEM
    assert seen in finding.seen
    assert finding.fix
