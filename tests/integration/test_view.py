"""The contract of the view against a run: what the dashboard and the alarms name is what the functions emit."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from engagement.telemetry import Metric
from tests.infrastructure.view import OURS, SERVICES, Shown, shown
from tests.integration.worked import Worked

pytestmark = pytest.mark.xdist_group("after work")
NAMED = sorted({one for one in shown() if one.namespace == OURS}, key=lambda one: (one.name, one.place))


@dataclass(frozen=True)
class Emitted:
    """One metric as the functions' own lines tell CloudWatch of it."""

    namespace: str
    name: str
    dimensions: frozenset[tuple[str, str]]
    unit: str


@pytest.fixture(scope="module")
def emitted(after_work: Worked) -> set[Emitted]:
    """Return the metrics of every EMF line of a run that had everything in it."""
    return {metric for line in after_work.log_lines for metric in read(line)}


def read(line: str) -> Iterator[Emitted]:
    """Yield the metrics of an EMF line, as CloudWatch reads it; none of any other line."""
    if '"_aws"' not in line:
        return
    blob: dict[str, Any] = json.loads(line)
    for directive in blob["_aws"]["CloudWatchMetrics"]:
        for names in directive["Dimensions"]:
            dimensions = frozenset((name, blob[name]) for name in names)
            for metric in directive["Metrics"]:
                values = blob[metric["Name"]]
                assert len(values) <= 100, "CloudWatch ignores a blob that holds more"
                yield Emitted(directive["Namespace"], metric["Name"], dimensions, metric["Unit"])


def is_shown_by(metric: Emitted, one: Shown) -> bool:
    """Return whether a widget or an alarm names the metric, or searches for it."""
    if (metric.namespace, metric.name) != (one.namespace, one.name):
        return False
    searched = all(value is None for _, value in one.dimensions)
    if searched:
        return {name for name, _ in metric.dimensions} == {name for name, _ in one.dimensions}
    return metric.dimensions == one.dimensions


@pytest.mark.parametrize("one", NAMED, ids=lambda one: f"{one.name} in {one.place}")
def test_what_the_view_names_was_emitted_with_exactly_these_dimensions(emitted: set[Emitted], one: Shown) -> None:
    """A widget or an alarm on a metric that never comes is silent for ever."""
    assert [metric for metric in emitted if is_shown_by(metric, one)]


def test_what_was_emitted_is_shown(emitted: set[Emitted]) -> None:
    """A metric that nobody sees costs thirty cents a month for nothing."""
    assert [metric for metric in emitted if not any(is_shown_by(metric, one) for one in shown())] == []


def test_the_run_emitted_the_whole_closed_list_and_nothing_else(emitted: set[Emitted]) -> None:
    """A run that leaves a metric out has not looked at its widget."""
    assert {metric.name for metric in emitted} == set(Metric)
    assert {metric.namespace for metric in emitted} == {OURS}
    assert {value for metric in emitted for name, value in metric.dimensions if name == "service"} == SERVICES
    assert all(metric.unit == Metric(metric.name).unit.value for metric in emitted)
