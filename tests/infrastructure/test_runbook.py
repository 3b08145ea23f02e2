"""The runbook has a section for every alarm and every reason, and names only what exists."""

import re
from pathlib import Path

from engagement.reasons import Reason
from engagement.telemetry import Metric
from tests.infrastructure.template import PARAMETERS, TEMPLATE, of_type
from writer.swapped_answers import CAUSE

ROOT = Path(__file__).parents[2]
RUNBOOK = (ROOT / "docs" / "runbook.md").read_text(encoding="utf-8")
HEADINGS = set(re.findall(r"^### (.+)$", RUNBOOK, re.MULTILINE))
ALARMS = {**of_type("AWS::CloudWatch::Alarm"), **of_type("AWS::CloudWatch::CompositeAlarm")}


def test_every_alarm_and_every_reason_has_its_section() -> None:
    """An alarm's mail and a parked message send their reader there."""
    assert {*ALARMS, *map(str, Reason)} - HEADINGS == set()


def test_every_alarm_names_its_section() -> None:
    """The mail is all that an operator has at three in the morning."""
    assert [name for name, alarm in ALARMS.items() if not _names(alarm["Properties"], name)] == []


def _names(properties: dict[str, str], name: str) -> bool:
    return f"docs/runbook.md, {name}." in properties["AlarmDescription"]


def test_every_parameter_and_output_that_is_named_exists() -> None:
    """They are what one deploys with and looks up."""
    words = set(re.findall(r"`([A-Z]\w+[a-z])(?:=\w+)?`", RUNBOOK))
    services = {"PutProfileObject", "SendMessage"}
    known = {*PARAMETERS, *TEMPLATE["Outputs"], *services, *map(str, Metric), CAUSE}
    assert {word for word in words if not word.endswith(("Exception", "Error"))} - known == set()
