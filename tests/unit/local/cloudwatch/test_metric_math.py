"""Metric math."""

import pytest

from local.cloudwatch.metric_math import ExpressionError, Scope, evaluate
from local.cloudwatch.series import Points, Range, Series

SPAN = Range(0, 240, 60)
SERIES = {
    "m1": Series("one", {0: 60.0, 60: 120.0, 180: 30.0}),
    "m2": Series("two", {0: 2.0, 60: 0.0, 120: 5.0}),
    "none": Series("none", {}),
    "c": Series("a condition", {0: 1.0, 60: 1.0, 120: 0.0, 180: 0.0}),
    "t": Series("where it holds", {0: 30.0, 120: 0.0, 180: 0.0, 240: 30.0}),
    "f": Series("where it does not", {0: 0.0, 60: 0.0, 120: 20.0, 240: 20.0}),
    "e1": Series("an expression", {0: 1000.0}),
}


def search(text: str, statistic: str) -> list[Series]:
    """Answer every search with two series."""
    return [Series(f"{text} {statistic}", {0: 1.0}), Series("empty", {})]


def points(expression: str) -> Points:
    """Return the points of an expression that yields one series."""
    [series] = evaluate(expression, Scope(SERIES, frozenset({"m1", "m2", "none"}), SPAN, search), "label")
    assert series.label == "label"
    return series.points


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("m1 / PERIOD(m1)", {0: 1.0, 60: 2.0, 180: 0.5}),
        ("m1 / m2", {0: 30.0, 120: 0.0}),  # a missing value is 0, and a division by zero has no value
        ("m2 / m1", {0: 1 / 30, 60: 0.0, 180: 0.0}),
        ("m1 + m2", {0: 62.0, 60: 120.0, 120: 5.0, 180: 30.0}),
        ("m1 - none", {0: 60.0, 60: 120.0, 180: 30.0}),
        ("m1 > m2", {0: 1.0, 60: 1.0, 120: 0.0, 180: 1.0}),
        ("m2 > 15 && m1 > 15", {0: 0.0, 60: 0.0, 120: 0.0, 180: 0.0}),
        ("none + none", {}),
        ("100 * m2 - -1", {0: 201.0, 60: 1.0, 120: 501.0}),
        ("m2 ^ 2", {0: 4.0, 60: 0.0, 120: 25.0}),
        ("none * 2", {}),
        ("IF(m2 > 0, m1 / m2, 7)", {0: 30.0, 60: 7.0, 120: 0.0}),
        # the guide's three tables of IF, each of their columns a moment
        ("IF(c, t, f)", {0: 30.0, 60: 0.0, 120: 20.0}),
        ("IF(c, 5, f)", {0: 5.0, 60: 5.0, 120: 20.0}),
        ("IF(c, t, 5)", {0: 30.0, 60: 0.0, 120: 5.0, 180: 5.0, 240: 5.0}),
        ("IF(c, t)", {0: 30.0, 60: 0.0}),
        ("IF(1, t, f)", {0: 30.0, 120: 0.0, 180: 0.0, 240: 30.0}),
        ("IF(0, t, f)", {0: 0.0, 60: 0.0, 120: 20.0, 240: 20.0}),
        ("IF(m2 > 1 && m2 < 5, 1, 0)", {0: 1.0, 60: 0.0, 120: 0.0}),
        ("IF(m2 < 1 || m2 == 5, 1)", {60: 1.0, 120: 1.0}),
        ("FILL(m1, 0)", {0: 60.0, 60: 120.0, 120: 0.0, 180: 30.0}),
        ("FILL(m2, REPEAT)", {0: 2.0, 60: 0.0, 120: 5.0, 180: 5.0}),
        ("SUM([m1, m2])", {0: 62.0, 60: 120.0, 120: 5.0, 180: 30.0}),
        ("MAX(METRICS())", {0: 60.0, 60: 120.0, 120: 5.0, 180: 30.0}),
        ('SUM(METRICS("m2"))', {0: 2.0, 60: 0.0, 120: 5.0}),
        ("m2 / SUM(m2) * 7", {0: 2.0, 60: 0.0, 120: 5.0}),
        ("AVG(m1)", dict.fromkeys(range(0, 240, 60), 70.0)),
        ("RATE(m1)", {60: 1.0, 180: -0.75}),
        ("ABS(DIFF(m1))", {60: 60.0, 180: 90.0}),
        ("RUNNING_SUM(m1)", {0: 60.0, 60: 180.0, 180: 210.0}),
    ],
)
def test_expressions_are_reckoned_as_cloudwatch_does(expression: str, expected: Points) -> None:
    """A wrong figure on a dashboard is worse than none."""
    assert points(expression) == pytest.approx(expected)


def test_a_search_yields_one_series_for_each_metric_found() -> None:
    """Reasons are not known beforehand."""
    expression = "REMOVE_EMPTY(SEARCH('{N,reason} MetricName=\"m\"', 'Sum', 300))"
    [found] = evaluate(expression, Scope(SERIES, frozenset(), SPAN, search), "")
    assert found == Series('{N,reason} MetricName="m" Sum', {0: 1.0})


@pytest.mark.parametrize(
    "expression",
    ["ANOMALY_DETECTION_BAND(m1)", "m1 +", "unknown", "m1 if m2 else 0", "'text'", "SUM(m1, m2)", "FILL(m1, LINEAR)"],
)
def test_what_is_not_understood_is_said(expression: str) -> None:
    """The widget then shows this instead of an invented line."""
    with pytest.raises(ExpressionError):
        points(expression)
