"""Documents, dashboard and `ops plan` compute costs with the same prices, and with the memory that functions have."""

import re

import pytest

from docs import tables
from ops.plan import cost
from tests.infrastructure.template import TEMPLATE, properties
from tests.infrastructure.view import widgets

DEFAULT = TEMPLATE["Globals"]["Function"]["MemorySize"]


def gigabytes(function: str) -> float:
    """Return a function's memory."""
    return float(properties(function).get("MemorySize", DEFAULT) / 1024)


def test_compute_is_priced_by_the_memory_that_the_functions_have() -> None:
    """Compute is priced by it."""
    assert gigabytes("ViewedOfferFunction") == gigabytes("NotViewedOfferFunction") == cost.INGEST_GB
    assert gigabytes("WriterFunction") == cost.WRITER_GB


def test_the_dashboard_has_the_prices_of_the_plan() -> None:
    """Two sums that differ are both doubted."""
    [widget] = [widget for widget in widgets("metric") if widget["title"].startswith("Cost")]
    expressions = [row[0]["expression"] for row in widget["metrics"] if isinstance(row[0], dict)]
    prices = {price for text in expressions for price in re.findall(r"\b0\.\d+\b", text)} - {"0.5"}  # its gigabytes
    millions = (cost.LAMBDA_REQUEST * 1e6, cost.SQS_REQUEST * 1e6, cost.FAIR_QUEUE_REQUEST * 1e6)
    expected = sorted((*millions, cost.LAMBDA_GB_SECOND, cost.LOGS_GB))
    assert sorted(map(float, prices)) == pytest.approx(expected)


def test_the_dashboard_has_the_memory_that_the_functions_have() -> None:
    """Compute is priced by it."""
    [compute] = re.findall(r"d1 \* ([\d.]+) \+ d2 \* ([\d.]+) \+ d3 \* ([\d.]+)", str(widgets("metric")))
    functions = ("ViewedOfferFunction", "NotViewedOfferFunction", "WriterFunction")
    assert [float(each) for each in compute] == [gigabytes(function) for function in functions]


def test_arithmetic_that_the_plan_does_not_compute_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The table's second column is written beside the code that computes: a price of its own would go unnoticed."""
    costs = cost.costs
    monkeypatch.setattr(cost, "costs", lambda *given: {**costs(*given), "logs": 0.50})
    with pytest.raises(ArithmeticError, match="logs"):
        tables.costs()
