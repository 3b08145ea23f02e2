"""What is wrong with a campaign's settings, and which ones fit."""

import pytest

from engagement.writer_settings import MAX_SECONDS_A_BATCH
from ops.deployment import Deployment
from ops.plan import advice
from ops.plan.campaign import RETENTION, THREADS, Campaign, Settings, pace
from ops.plan.estimate import estimate
from tests.infrastructure.template import PARAMETERS, properties

HOUR = 3_600


def _problems(campaign: Campaign, settings: Settings) -> str:
    return " | ".join(advice.problems(campaign, settings, estimate(campaign, settings)))


def _notes(campaign: Campaign, settings: Settings) -> str:
    return " | ".join(advice.notes(campaign, settings, estimate(campaign, settings)))


def test_the_defaults_are_the_template_s() -> None:
    """`--defaults` estimates with what is deployed unless a parameter is given."""
    given = {name: str(parameter["Default"]) for name, parameter in PARAMETERS.items() if "Default" in parameter}
    deployed = Deployment("one", "eu-west-1", "q", "d", None, "v", "n", "w", "Domain", "Offers", "Ours", given)

    assert Settings.of(deployed) == Settings()
    assert int(properties("EngagementQueue")["MessageRetentionPeriod"]) == RETENTION
    assert int(properties("WriterFunction")["Environment"]["Variables"]["WRITER_THREADS"]) == THREADS


def test_a_campaign_that_goes_well_has_no_problem() -> None:
    """A million at the defaults."""
    assert _problems(Campaign(1_000_000), Settings()) == ""
    assert _notes(Campaign(1_000_000), Settings()) == ""


@pytest.mark.parametrize(
    ("campaign", "settings", "said"),
    [
        (Campaign(100), Settings(writes_per_second=120), "120 writes a second are more than the 100"),
        (Campaign(100, others=40), Settings(), "more than the 60 that are left"),
        (Campaign(100, others=100), Settings(), "it never ends"),
        (Campaign(100_000_000), Settings(), "the rest is lost"),
        (Campaign(100), Settings(writes_per_second=5), "the writer refuses to start"),
    ],
)
def test_each_way_to_fail_is_named(campaign: Campaign, settings: Settings, said: str) -> None:
    """Before the campaign, not after."""
    assert said in _problems(campaign, settings)


@pytest.mark.parametrize(
    ("campaign", "settings", "said"),
    [
        (Campaign(2_000_000), Settings(), "OldestRecordSeconds is 14400"),
        (Campaign(5_000_000), Settings(), "DrainTimeSeconds is 28800"),
        (Campaign(1_000, quota=1_000, latency=1.0), Settings(writes_per_second=500), "2 writers are too few"),
    ],
)
def test_what_the_operator_should_know_is_a_note(campaign: Campaign, settings: Settings, said: str) -> None:
    """An alarm that fires as planned is not believed the next time."""
    assert said in _notes(campaign, settings)


@pytest.mark.parametrize("latency", [0.02, 0.1, 1.0])
@pytest.mark.parametrize("quota", [10, 100, 1_000, 10_000])
@pytest.mark.parametrize("records", [1, 100_000, 1_000_000])
def test_what_is_said_to_fit_does(quota: int, records: int, latency: float) -> None:
    """No problem, no alarm, a pace that its writers keep, and batches that they can write."""
    campaign = Campaign(records, quota=quota, latency=latency)
    fit = advice.fitting(campaign, Settings(), None)

    assert _problems(campaign, fit) == ""
    assert "fires" not in _notes(campaign, fit)
    assert fit.writes_per_second <= 0.8 * quota
    assert pace(fit, campaign) == pytest.approx(fit.writes_per_second, rel=0.05)
    assert fit.batch_size <= fit.writes_per_second / fit.writers * MAX_SECONDS_A_BATCH


def test_a_time_limit_asks_for_no_more_than_it_needs() -> None:
    """Others in the account write too."""
    campaign = Campaign(360_000, quota=1_000)
    fit = advice.fitting(campaign, Settings(), 2 * HOUR)

    assert fit.writes_per_second == 50
    assert advice.quota_for(campaign, 2 * HOUR) is None


def test_a_quota_that_is_too_small_is_named_with_the_one_that_it_takes() -> None:
    """A request for a higher one takes days."""
    campaign = Campaign(3_600_000, others=20)
    quota = advice.quota_for(campaign, 10 * HOUR)

    assert quota == 145
    raised = Campaign(3_600_000, others=20, quota=quota)
    finished = estimate(raised, advice.fitting(raised, Settings(), 10 * HOUR)).finished
    assert finished is not None
    assert finished <= 10 * HOUR * 1.001


@pytest.mark.parametrize(("records", "hours"), [(80 * 13_000, 5), (80 * 14_400, 5), (80 * 15_000, 6)])
def test_an_alarm_gets_a_quarter_more_than_the_longest_wait_in_whole_hours(records: int, hours: int) -> None:
    """So that it does not fire for a campaign that is a little slower than planned."""
    assert advice.fitting(Campaign(records), Settings(), None).oldest_alarm == hours * HOUR


def test_an_alarm_never_gets_less_than_it_has_nor_more_than_the_queue_keeps() -> None:
    """A short campaign is no reason to be notified sooner, and the template refuses more than the retention."""
    assert advice.fitting(Campaign(80), Settings(oldest_alarm=9_000), None).oldest_alarm == 9_000
    assert advice.fitting(Campaign(10**9), Settings(), None).oldest_alarm == RETENTION


@pytest.mark.parametrize(("within", "quota"), [(36_000, None), (35_999, 101), (0.5, 3_600_000)])
def test_the_quota_keeps_a_fifth_free(within: float, quota: float | None) -> None:
    """2,880,000 customers in ten hours are 80 a second, four fifths of 100; less than a second counts as one."""
    campaign = Campaign(2_880_000)

    assert advice.quota_for(campaign, within) == quota
