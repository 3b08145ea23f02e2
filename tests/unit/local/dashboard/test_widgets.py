"""A dashboard's body."""

import json

import pytest

from local.cloudwatch.series import Metric
from local.dashboard.widgets import Alarms, Chart, Text, Unknown, parse
from tests.dashboard_samples import BODY


def chart(**properties: object) -> Chart:
    """Return the one chart of a body."""
    [widget] = parse(json.dumps({"widgets": [{"type": "metric", "properties": {"metrics": [], **properties}}]})).widgets
    assert isinstance(widget, Chart)
    return widget


def test_widgets_come_from_top_to_bottom_and_left_to_right() -> None:
    """A narrow screen and a screen reader have them in this order."""
    kinds = [type(widget).__name__ for widget in parse(json.dumps(BODY)).widgets]
    assert kinds == ["Text", "Alarms", "Chart", "Chart", "Chart", "Chart", "Log", "Unknown"]


@pytest.mark.parametrize(("start", "seconds"), [("-PT3H", 10_800), ("-P1D", 86_400), ("-P1W", 604_800), ("", 10_800)])
def test_the_time_that_is_looked_back_at_is_the_body_s(start: str, seconds: int) -> None:
    """CloudWatch's own default is three hours."""
    assert parse(json.dumps({"start": start, "widgets": []})).seconds == seconds


def test_rows_may_leave_out_what_stands_above_them() -> None:
    """CloudWatch's editor writes them so."""
    rows = [["N", "a", "service", "writer", {"stat": "p99"}], [".", "b", ".", "reader"], ["...", "last"]]
    metrics = [query.metric for query in chart(metrics=rows).queries]
    assert metrics == [
        Metric("N", "a", (("service", "writer"),)),
        Metric("N", "b", (("service", "reader"),)),
        Metric("N", "b", (("service", "last"),)),
    ]
    assert [query.statistic for query in chart(metrics=rows, stat="Sum").queries] == ["p99", "Sum", "Sum"]


def test_an_alarm_is_known_by_its_name_and_words_are_kept() -> None:
    """The rest of an ARN says where."""
    words, alarms, *_, unknown = parse(json.dumps(BODY)).widgets
    assert isinstance(words, Text)
    assert isinstance(alarms, Alarms)
    assert alarms.names == ("stack-Quiet", "stack-Rings", "stack-Gone")
    assert isinstance(unknown, Unknown)
