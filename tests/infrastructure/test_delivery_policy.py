"""The template's figures against the delivery policy: time-outs, receives, budget, retention."""

import math

import pytest

from engagement.sqs_batch import MAX_VISIBILITY
from engagement.writer_settings import MAX_SECONDS_A_BATCH, RETENTION, WriterSettings
from ingest import handler as ingest
from local.stack.deployment import DOMAIN_EXPIRATION_DAYS
from tests.infrastructure.template import INGEST, environment, number, properties
from writer import handler as writer
from writer.backoff import Backoff

HOUR = 3_600
DAY = 24 * HOUR
OUTAGE = 36 * HOUR
"""Seconds of Customer Profiles' absence after which the dead-letter queue must still be empty."""
ENGAGEMENTS = properties("WriterFunction")["Events"]["Engagements"]["Properties"]
QUEUE = properties("EngagementQueue")
DEAD_LETTERS = properties("DeadLetterQueue")
SETTINGS = WriterSettings.read(environment("WriterFunction"))
MAX_RECEIVES = number(QUEUE["RedrivePolicy"]["maxReceiveCount"])
WRITER_TIMEOUT = properties("WriterFunction")["Timeout"]


def receives_in(outage: float, backoff: Backoff, *, systemic: bool) -> int:
    """Return the most receives that an outage can cost one record: each time the shortest absence of many."""
    waited, receives = 0.0, 0
    while waited < outage:
        receives += 1
        waited += min(backoff.seconds(receives, systemic=systemic) for _ in range(200))
    return receives


@pytest.mark.parametrize("systemic", [True, False])
def test_an_outage_of_thirty_six_hours_does_not_use_up_the_receives(*, systemic: bool) -> None:
    """Its end must find every record in the queue and none in the dead-letter queue, whatever the jitter."""
    backoff = Backoff(SETTINGS.first_backoff, SETTINGS.longest_backoff, writer.SYSTEMIC_BACKOFF)

    receives = receives_in(OUTAGE, backoff, systemic=systemic)

    assert receives < MAX_RECEIVES
    assert receives < 0.6 * MAX_RECEIVES, "a record that met faults before must survive the outage, too"


def test_every_record_comes_back_within_the_hour_after_an_outage() -> None:
    """A longer absence than this one would break the promise by itself."""
    assert SETTINGS.longest_backoff + WRITER_TIMEOUT <= HOUR
    assert SETTINGS.longest_backoff <= MAX_VISIBILITY


def test_the_figures_of_the_guarantees_are_the_templates() -> None:
    """Operators and integrators rely on them."""
    assert (SETTINGS.first_backoff, SETTINGS.longest_backoff) == (30, 30 * 60)
    assert (MAX_RECEIVES, QUEUE["VisibilityTimeout"]) == (300, 200)
    assert (QUEUE["MessageRetentionPeriod"], DEAD_LETTERS["MessageRetentionPeriod"]) == (7 * DAY, 14 * DAY)
    assert SETTINGS.max_writes_per_second == 80


def test_an_outage_of_a_minute_delays_records_by_about_a_minute() -> None:
    """The first absence is the shortest."""
    assert SETTINGS.first_backoff <= 60


def test_the_queue_and_the_writer_count_to_the_same_last_receive() -> None:
    """Where they differ, SQS moves a message away before the writer has parked it with its reason."""
    assert SETTINGS.max_receives == MAX_RECEIVES
    assert 1 <= MAX_RECEIVES <= 1_000
    assert environment("WriterFunction")["MAX_RECEIVES"] == str(MAX_RECEIVES)


def test_a_message_stays_hidden_for_six_writer_time_outs() -> None:
    """AWS's advice; and a mapping whose function outlives the visibility is refused, which cfn-lint does not see."""
    assert QUEUE["VisibilityTimeout"] >= 6 * WRITER_TIMEOUT + ENGAGEMENTS["MaximumBatchingWindowInSeconds"]


def test_records_wait_longer_than_the_outage_and_parked_ones_longer_still() -> None:
    """A standard dead-letter queue counts retention from the first enqueue."""
    retention, parked = QUEUE["MessageRetentionPeriod"], DEAD_LETTERS["MessageRetentionPeriod"]

    assert retention >= 2 * OUTAGE
    assert retention >= 4 * DAY, "an outage over a long weekend is noticed on Tuesday"
    assert retention + 2 * DAY <= parked == 14 * DAY
    assert retention > MAX_VISIBILITY


def test_the_queue_keeps_a_record_until_the_writer_parks_it() -> None:
    """What it forgets before the last receive is lost without a word."""
    assert QUEUE["MessageRetentionPeriod"] == RETENTION >= MAX_RECEIVES * SETTINGS.longest_backoff


def test_a_large_batch_has_a_window() -> None:
    """SQS refuses more than ten without one."""
    assert number(ENGAGEMENTS["BatchSize"]) <= 10 or ENGAGEMENTS["MaximumBatchingWindowInSeconds"] >= 1


def test_the_mapping_hands_over_what_the_writer_is_told_of() -> None:
    """The writer divides the budget by these figures; they must be the mapping's own."""
    assert number(ENGAGEMENTS["BatchSize"]) == SETTINGS.batch_size
    assert number(ENGAGEMENTS["ScalingConfig"]["MaximumConcurrency"]) == SETTINGS.environments


def test_every_environment_can_write_a_batch_within_its_time() -> None:
    """A batch that the budget cannot serve in time goes back to the queue, and costs a receive for nothing."""
    for_calls = WRITER_TIMEOUT - writer.ANSWERING - writer.SETTLING - writer.SETTLING_STARTS - writer.LONGEST_CALL

    assert for_calls >= MAX_SECONDS_A_BATCH
    assert SETTINGS.batch_size <= SETTINGS.share * MAX_SECONDS_A_BATCH


def test_all_writers_together_leave_some_of_the_accounts_quota() -> None:
    """The quota of 100 a second is shared with everything else in the account."""
    assert math.isclose(SETTINGS.share * SETTINGS.environments, SETTINGS.max_writes_per_second)
    assert SETTINGS.max_writes_per_second <= 80


@pytest.mark.parametrize("function", INGEST)
def test_a_channel_function_has_time_left_for_its_calls(function: str) -> None:
    """Time that is kept for a last call and for the answer is not time to send in."""
    assert properties(function)["Timeout"] >= 2 * (ingest.LONGEST_CALL + ingest.ANSWERING)


def test_offers_outlive_the_domains_own_default() -> None:
    """The object type says how long an offer is kept; a domain's default must not be what decides."""
    assert number(properties("ProfileObjectType")["ExpirationDays"]) > DOMAIN_EXPIRATION_DAYS
