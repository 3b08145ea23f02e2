"""What a campaign costs; docs/engineer.md has the arithmetic for a million customers.

us-east-1, list prices of November 2026 without the free tier. Customer Profiles, Connect and e-mails are not in it.
"""

from collections.abc import Mapping

from ops.plan.campaign import Campaign, Settings, pace
from ops.plan.estimate import Estimate

LAMBDA_REQUEST = 0.20e-6
LAMBDA_GB_SECOND = 0.0000133334
SQS_REQUEST = 0.40e-6
FAIR_QUEUE_REQUEST = 0.10e-6
LOGS_GB = 0.50
TRACE = 5.00e-6
"""US$."""
CUSTOMERS_A_CALL = 50
INGEST_SECONDS = 0.2
INGEST_GB = 1.0
WRITER_GB = 0.5
MESSAGES_A_REQUEST = 10
INGEST_LOG = 2.8e3
BATCH_LOG = 3.0e3
RECORD_LOG = 0.42e3
"""Bytes: of an ingest invocation, of a writer's without its records, of one record's line (measured)."""
BATCHING_WINDOW = 1.0
"""Seconds that Lambda waits for a batch to fill."""
TRACED = 0.05
"""Share of the invocations beyond one a second that X-Ray traces."""


def costs(campaign: Campaign, settings: Settings, estimated: Estimate) -> Mapping[str, float]:
    """Return US$ by what they are paid for."""
    records = campaign.records
    ingests = records / CUSTOMERS_A_CALL
    batches = records / _records_a_batch(campaign, settings, estimated)
    # a send, a receive and a delete for each ten messages
    requests = 3 * records / MESSAGES_A_REQUEST
    logged = ingests * INGEST_LOG + batches * BATCH_LOG + records * settings.logs_records * RECORD_LOG
    rate = pace(settings, campaign)
    busy = records / rate * settings.writers if rate else 0.0
    invocations = ingests + batches
    traced_by_rate = min(invocations, estimated.finished or 0.0)
    return {
        "ingest requests": ingests * LAMBDA_REQUEST,
        "ingest compute": ingests * INGEST_SECONDS * INGEST_GB * LAMBDA_GB_SECOND,
        "SQS requests": requests * SQS_REQUEST,
        "SQS fair queue": requests * FAIR_QUEUE_REQUEST,
        "writer requests": batches * LAMBDA_REQUEST,
        "writer compute": busy * WRITER_GB * LAMBDA_GB_SECOND,
        "logs": logged / 1e9 * LOGS_GB,
        "traces": (traced_by_rate + TRACED * (invocations - traced_by_rate)) * TRACE,
    }


def _records_a_batch(campaign: Campaign, settings: Settings, estimated: Estimate) -> float:
    """Return how full a batch is: full from a backlog, else what arrives within the batching window."""
    if not campaign.over or estimated.peak >= settings.batch_size * settings.writers:
        return settings.batch_size
    return min(settings.batch_size, max(1.0, campaign.records / campaign.over * BATCHING_WINDOW))
