"""What a campaign costs, by what it is paid for."""

from dataclasses import replace

import pytest

from ops.plan import cost
from ops.plan.campaign import Campaign, Settings
from ops.plan.estimate import estimate

MILLION = {
    "ingest requests": 20_000 * 0.20e-6,
    "ingest compute": 20_000 * 0.2 * 1.0 * 0.0000133334,
    "SQS requests": 300_000 * 0.40e-6,
    "SQS fair queue": 300_000 * 0.10e-6,
    "writer requests": 20_000 * 0.20e-6,
    "writer compute": 10_000 * 2 * 0.5 * 0.0000133334,
    "logs": (20_000 * 2.8 + 20_000 * 24) / 1e6 * 0.50,
    "traces": 11_500 * 5.00e-6,
}
"""US$ of a million customers in batches of 50, at 100 writes a second and the list prices of November 2026."""
SETTINGS = Settings(writes_per_second=100)


def _costs(campaign: Campaign, settings: Settings = SETTINGS) -> dict[str, float]:
    return dict(cost.costs(campaign, settings, estimate(campaign, settings)))


def test_a_million_customers_cost_two_thirds_of_a_dollar() -> None:
    """Each part computed by hand."""
    assert _costs(Campaign(1_000_000)) == pytest.approx(MILLION, abs=0.0005)
    assert sum(MILLION.values()) == pytest.approx(0.67, abs=0.005)


def test_records_without_lines_cost_less() -> None:
    """LogLevel WARNING leaves out a line for each."""
    quiet = _costs(Campaign(1_000_000), replace(SETTINGS, logs_records=False))

    assert _costs(Campaign(1_000_000))["logs"] - quiet["logs"] == pytest.approx(0.21, abs=0.005)


def test_a_trickle_costs_more_invocations_and_no_more_time() -> None:
    """Batches are not full then; and a writer that has nothing to do costs nothing."""
    trickle, at_once = _costs(Campaign(10_000, over=10_000)), _costs(Campaign(10_000))

    assert trickle["writer requests"] == pytest.approx(50 * at_once["writer requests"])
    assert trickle["writer compute"] == pytest.approx(at_once["writer compute"])
