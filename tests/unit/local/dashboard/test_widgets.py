"""A dashboard's body."""

import json

import pytest

from local.cloudwatch.metrics import Metric
from local.dashboard.widgets import chart, parse
from tests.dashboard_samples import BODY, TITLES


def test_widgets_come_from_top_to_bottom_and_left_to_right() -> None:
    """A narrow screen and a screen reader have them in this order."""
    assert [widget.title for widget in parse(json.dumps(BODY)).widgets] == TITLES


@pytest.mark.parametrize(("start", "seconds"), [("-PT1H", 3_600), ("-PT12H", 43_200), ("", 10_800)])
def test_the_time_range_is_the_body_s(start: str, seconds: int) -> None:
    """CloudWatch's own default is three hours."""
    assert parse(json.dumps({"start": start, "widgets": []})).seconds == seconds


def test_a_chart_has_the_metrics_and_expressions_of_its_rows() -> None:
    """An option of a row goes before the widget's own."""
    rows = [
        ["N", "a", "service", "writer", {"stat": "p99", "yAxis": "right", "id": "a"}],
        ["N", "b"],
        [{"expression": "a / 2", "label": "half", "id": "h", "visible": False}],
    ]
    found = chart({"metrics": rows, "stat": "Sum"})
    assert [query.metric for query in found.queries] == [
        Metric("N", "a", (("service", "writer"),)),
        Metric("N", "b", ()),
        None,
    ]
    assert [query.statistic for query in found.queries[:2]] == ["p99", "Sum"]
    assert found.right == {"a"}
    half = found.queries[2]
    assert (half.expression, half.label, half.shown) == ("a / 2", "half", False)
