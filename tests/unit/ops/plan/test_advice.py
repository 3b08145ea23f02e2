"""What is wrong with a campaign's settings, and which ones fit."""

import pytest

from engagement.writer_settings import MAX_SECONDS_A_BATCH
from ops.deployment import Deployment
from ops.plan import advice
from ops.plan.campaign import RETENTION, THREADS, Campaign, Settings, pace
from ops.plan.simulation import simulate
from tests.infrastructure.template import PARAMETERS, properties

HOUR = 3_600


def _faults(campaign: Campaign, settings: Settings) -> str:
    return " | ".join(advice.faults(campaign, settings, simulate(campaign, settings)))


def _remarks(campaign: Campaign, settings: Settings) -> str:
    return " | ".join(advice.remarks(campaign, settings, simulate(campaign, settings)))


def test_the_defaults_are_the_template_s() -> None:
    """`--defaults` reckons with what is deployed when nobody says more."""
    given = {name: str(parameter["Default"]) for name, parameter in PARAMETERS.items() if "Default" in parameter}
    deployed = Deployment("one", "eu-west-1", "q", "d", None, "v", "n", "w", "Domain", "Offers", "Ours", given)

    assert Settings.of(deployed) == Settings()
    assert int(properties("EngagementQueue")["MessageRetentionPeriod"]) == RETENTION
    assert int(properties("WriterFunction")["Environment"]["Variables"]["WRITER_THREADS"]) == THREADS


def test_a_campaign_that_goes_well_has_no_fault() -> None:
    """A million at the defaults."""
    assert _faults(Campaign(1_000_000), Settings()) == ""
    assert _remarks(Campaign(1_000_000), Settings()) == ""


@pytest.mark.parametrize(
    ("campaign", "settings", "said"),
    [
        (Campaign(100), Settings(writes_per_second=120), "120 writes a second are more than the 100"),
        (Campaign(100, others=40), Settings(), "more than the 60 that are left"),
        (Campaign(100, others=100), Settings(), "it never ends"),
        (Campaign(100_000_000), Settings(), "the rest is lost"),
        (Campaign(100, outage=HOUR), Settings(max_receives=2), "100 records would be parked after 2 receives"),
        (Campaign(100), Settings(writes_per_second=5), "the writer refuses to start"),
    ],
)
def test_each_way_to_fail_is_told(campaign: Campaign, settings: Settings, said: str) -> None:
    """Before the campaign, not after."""
    assert said in _faults(campaign, settings)


@pytest.mark.parametrize(
    ("campaign", "settings", "said"),
    [
        (Campaign(2_000_000), Settings(), "OldestRecordSeconds is 14400"),
        (Campaign(5_000_000), Settings(), "DrainTimeSeconds is 28800"),
        (Campaign(1_000, quota=1_000, latency=1.0), Settings(writes_per_second=500), "2 writers are too few"),
        (Campaign(1_000, outage=HOUR), Settings(), "times in all"),
    ],
)
def test_what_is_good_to_know_is_told(campaign: Campaign, settings: Settings, said: str) -> None:
    """An alarm that rings as planned is one that is not believed the next time."""
    assert said in _remarks(campaign, settings)


@pytest.mark.parametrize("latency", [0.02, 0.1, 1.0])
@pytest.mark.parametrize("quota", [10, 100, 1_000, 10_000])
@pytest.mark.parametrize("records", [1, 100_000, 1_000_000])
def test_what_is_said_to_fit_does(quota: int, records: int, latency: float) -> None:
    """No fault, no alarm, a pace that its writers keep, and batches that they can write."""
    campaign = Campaign(records, quota=quota, latency=latency)
    fit = advice.fitting(campaign, Settings(), None)

    assert _faults(campaign, fit) == ""
    assert "rings" not in _remarks(campaign, fit)
    assert fit.writes_per_second <= 0.8 * quota
    assert pace(fit, campaign) == pytest.approx(fit.writes_per_second, rel=0.05)
    assert fit.batch_size <= fit.writes_per_second / fit.writers * MAX_SECONDS_A_BATCH


def test_a_time_limit_asks_for_no_more_than_it_needs() -> None:
    """Others in the account write too."""
    campaign = Campaign(360_000, quota=1_000)
    fit = advice.fitting(campaign, Settings(), 2 * HOUR)

    assert fit.writes_per_second == 50
    assert advice.quota_for(campaign, 2 * HOUR) is None


def test_a_quota_that_is_too_small_is_told_with_the_one_that_it_takes() -> None:
    """A request for a higher one takes days."""
    campaign = Campaign(3_600_000, others=20)
    quota = advice.quota_for(campaign, 10 * HOUR)

    assert quota == 145
    raised = Campaign(3_600_000, others=20, quota=quota)
    finished = simulate(raised, advice.fitting(raised, Settings(), 10 * HOUR)).finished
    assert finished is not None
    assert finished <= 10 * HOUR * 1.001
