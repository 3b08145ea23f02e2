"""Metric math and SEARCH."""

import pytest

from local.cloudwatch.expressions import ExpressionError, evaluate, search
from local.cloudwatch.metrics import Metric, Points, Range

SPAN = Range(0, 240, 60)
SERIES: dict[str, Points] = {
    "m1": {0: 60.0, 60: 120.0, 180: 30.0},
    "m2": {0: 2.0, 60: 0.0, 120: 5.0},
    "none": {},
    "c": {0: 1.0, 60: 1.0, 120: 0.0, 180: 0.0},
    "t": {0: 30.0, 120: 0.0, 180: 0.0, 240: 30.0},
    "f": {0: 0.0, 60: 0.0, 120: 20.0, 240: 20.0},
}


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("m1 / PERIOD(m1)", {0: 1.0, 60: 2.0, 180: 0.5}),
        ("m1 / m2", {0: 30.0, 120: 0.0}),  # a missing value is 0, and a division by zero has no value
        ("m2 / m1", {0: 1 / 30, 60: 0.0, 180: 0.0}),
        ("m1 + m2", {0: 62.0, 60: 120.0, 120: 5.0, 180: 30.0}),
        ("m1 - none", {0: 60.0, 60: 120.0, 180: 30.0}),
        ("m1 > m2", {0: 1.0, 60: 1.0, 120: 0.0, 180: 1.0}),
        ("none + none", {}),
        ("100 * m2 - 1", {0: 199.0, 60: -1.0, 120: 499.0}),
        ("none * 2", {}),
        ("2 * 3", {0: 6.0, 60: 6.0, 120: 6.0, 180: 6.0}),
        ("IF(m2 > 0, m1 / m2, 7)", {0: 30.0, 60: 7.0, 120: 0.0}),
        ("IF(m2 < 1, 1, 0)", {0: 0.0, 60: 1.0, 120: 0.0}),
        # the guide's three tables of IF, each of their columns a moment
        ("IF(c, t, f)", {0: 30.0, 60: 0.0, 120: 20.0}),
        ("IF(c, 5, f)", {0: 5.0, 60: 5.0, 120: 20.0}),
        ("IF(c, t, 5)", {0: 30.0, 60: 0.0, 120: 5.0, 180: 5.0, 240: 5.0}),
        ("FILL(m1, 0)", {0: 60.0, 60: 120.0, 120: 0.0, 180: 30.0}),
    ],
)
def test_expressions_have_cloudwatch_s_values(expression: str, expected: Points) -> None:
    """A wrong figure on a dashboard is worse than none."""
    assert evaluate(expression, SERIES, SPAN) == pytest.approx(expected)


@pytest.mark.parametrize(
    "expression",
    ["RATE(m1)", "m1 +", "unknown", "m1 if m2 else 0", "'text'", "FILL(m1, m2)", "IF(1, m1, m2)", "m1 ** 2"],
)
def test_what_is_not_understood_is_named(expression: str) -> None:
    """The widget then shows this instead of an invented line."""
    with pytest.raises(ExpressionError):
        evaluate(expression, SERIES, SPAN)


def test_a_search_means_the_metrics_with_exactly_its_dimensions() -> None:
    """The totals without a reason would count everything twice."""
    first, second = (Metric("N/s", "Parked", (("reason", reason), ("service", "writer"))) for reason in "ab")
    others = [Metric("N/s", "Parked", (("service", "writer"),)), Metric("N/s", "Written", first.dimensions)]
    found = search("""SEARCH('{"N/s",reason,service} MetricName="Parked"', 'Sum', 300)""")
    assert found is not None
    assert (found.namespace, found.statistic) == ("N/s", "Sum")
    assert found.select([second, *others, first]) == [first, second]
    assert search("m1 / 2") is None
