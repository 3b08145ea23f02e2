"""An alarm that tells nobody is none."""

import pytest

from ops.doctor.alarms import Alarm, judge_alarms
from ops.doctor.finding import Verdict


def _alarm(name: str, **described: object) -> Alarm:
    return Alarm.read({"AlarmName": name, "StateValue": "OK", **described})


TOLD = _alarm("told", AlarmActions=["arn:topic"])
SILENT = _alarm("silent")
COMPOSITE = _alarm("all", AlarmActions=["arn:topic"], AlarmRule='ALARM(silent) OR ALARM("other")')


@pytest.mark.parametrize("alarms", [[TOLD], [SILENT, COMPOSITE], [_alarm("other"), COMPOSITE, TOLD]])
def test_alarms_that_reach_somebody_are_fine(alarms: list[Alarm]) -> None:
    """By themselves, or through the composite one."""
    assert judge_alarms([alarm.name for alarm in alarms], alarms).verdict is Verdict.FINE


def test_whoever_hears_of_no_alarm_is_told_both_ways_to() -> None:
    """An organisation with topics of its own wants no mail."""
    mend = judge_alarms(["silent"], [SILENT]).mend
    assert "AlarmEmail" in mend
    assert "AlarmTopicArn" in mend


@pytest.mark.parametrize(
    ("expected", "alarms", "seen"),
    [
        ([], [], "the stack has none"),
        (["told", "gone"], [TOLD], "gone: gone"),
        (["silent"], [SILENT], "none of 1 alarm reaches anybody"),
        (["silent", "told"], [SILENT, TOLD], "reaching nobody: silent"),
        (["silenced"], [_alarm("silenced", AlarmActions=["arn"], ActionsEnabled=False)], "none of 1 alarm"),
        (["sil"], [_alarm("sil"), COMPOSITE], "reaching nobody: sil"),
        (["rings"], [_alarm("rings", AlarmActions=["arn"], StateValue="ALARM")], "in alarm: rings"),
    ],
)
def test_alarms_that_are_of_no_use_are_told(expected: list[str], alarms: list[Alarm], seen: str) -> None:
    """It is learned too late otherwise."""
    finding = judge_alarms(expected, alarms)

    assert finding.verdict is Verdict.PROBLEM
    assert seen in finding.seen
    assert finding.mend
