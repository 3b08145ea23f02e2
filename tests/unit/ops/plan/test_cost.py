"""The costs are the README's, for any campaign."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from ops.plan import cost
from ops.plan.campaign import Campaign, Settings
from ops.plan.estimate import estimate

README = (Path(__file__).parents[4] / "README.md").read_text(encoding="utf-8")
ROWS = {
    name.lower(): float(dollars)
    for name, dollars in re.findall(r"^\| ([^|]+) \|.*\| ([\d.]+) \|$", README, re.MULTILINE)
}
SETTINGS = Settings(writes_per_second=100)


def _costs(campaign: Campaign, settings: Settings = SETTINGS) -> dict[str, float]:
    return dict(cost.costs(campaign, settings, estimate(campaign, settings)))


@pytest.mark.parametrize("name", list(_costs(Campaign(1_000))))
def test_a_million_customers_cost_what_the_readme_says(name: str) -> None:
    """Two sums that differ are both doubted."""
    assert _costs(Campaign(1_000_000))[name] == pytest.approx(ROWS[name.lower()], abs=0.006)


def test_the_prices_are_the_readme_s() -> None:
    """A price that changes is changed at one place and found at the other."""
    assert sum(_costs(Campaign(1_000_000)).values()) == pytest.approx(float(_sum()), abs=0.01)


def test_records_without_lines_cost_less() -> None:
    """LogLevel WARNING leaves out a line for each."""
    quiet = _costs(Campaign(1_000_000), replace(SETTINGS, logs_records=False))

    assert _costs(Campaign(1_000_000))["logs"] - quiet["logs"] == pytest.approx(0.21, abs=0.005)


def test_a_trickle_costs_more_invocations_and_no_more_time() -> None:
    """Batches are not full then; and a writer that has nothing to do costs nothing."""
    trickle, at_once = _costs(Campaign(10_000, over=10_000)), _costs(Campaign(10_000))

    assert trickle["writer requests"] == pytest.approx(50 * at_once["writer requests"])
    assert trickle["writer compute"] == pytest.approx(at_once["writer compute"])


def _sum() -> str:
    [found] = re.findall(r"^\| \*\*Sum\*\* \| \| \*\*([\d.]+)\*\* \|$", README, re.MULTILINE)
    return str(found)
