"""Logs and counts what became of an event's customers."""

from collections import Counter
from collections.abc import Mapping, Sequence

from engagement.record import EngagementRecord
from engagement.telemetry import Metric, Telemetry
from ingest.sources.contract import CustomerOutcome, CustomerStatus, EventWarning, ParsedCustomer

IDS_A_LINE = 100
"""Record ids in one line: 4 KB of the 256 KB that CloudWatch Logs takes."""


def report_customers(source: str, outcomes: Sequence[CustomerOutcome], outlasted: int, telemetry: Telemetry) -> None:
    """Log one line for the event and the ids of its records, and emit the metrics.

    Args:
        source: The source's name.
        outcomes: What became of its customers.
        outlasted: Calls of SQS that did not end in their time.
        telemetry: Log lines and metrics.
    """
    counts = Counter(outcome.status for outcome in outcomes)
    reasons = Counter(outcome.reason for outcome in outcomes if outcome.reason is not None)
    log = telemetry.warning if reasons or outlasted else telemetry.info
    log(
        "customers accepted",
        source=source,
        received=len(outcomes),
        queued=counts[CustomerStatus.QUEUED],
        parked=counts[CustomerStatus.PARKED],
        failed=counts[CustomerStatus.FAILED],
        reasons=dict(reasons),
        calls_outlasted=outlasted,
    )
    _log_records(outcomes, telemetry)
    parked = Counter(str(outcome.reason) for outcome in outcomes if outcome.status is CustomerStatus.PARKED)
    telemetry.emit_by_reason(Metric.RECORDS_PARKED, parked)
    telemetry.emit(
        {
            Metric.RECORDS_RECEIVED: len(outcomes),
            Metric.RECORDS_QUEUED: counts[CustomerStatus.QUEUED],
            Metric.RECORDS_PARKED: counts[CustomerStatus.PARKED],
            Metric.RECORDS_FAILED: counts[CustomerStatus.FAILED],
            Metric.CALLS_OUTLASTED: outlasted,
        }
    )


def report_warnings(warnings: Mapping[EventWarning, int], telemetry: Telemetry) -> None:
    """Log and count what could not be used of an event whose customers have records, and so raise no alarm."""
    by_reason: Counter[str] = Counter()
    for warning, customers in warnings.items():
        telemetry.warning(
            "event read in part", cause=str(warning.reason), detail=warning.detail, customers=customers, stage="ingest"
        )
        by_reason[str(warning.reason)] += customers
    telemetry.emit_by_reason(Metric.RECORDS_IN_DOUBT, by_reason)


def report_shared_user_ids(
    customers: Sequence[ParsedCustomer], newly_shared: Sequence[str], telemetry: Telemetry
) -> None:
    """Log and count the customers whose user id too many addresses share.

    Args:
        customers: The event's customers, of whom some may have a user id that was set aside.
        newly_shared: Ids of the records with which a user id exceeded its addresses, over the last hour's events; the
            user id was used.
        telemetry: Log lines and metrics.
    """
    results = [customer.result for customer in customers if customer.user_id_set_aside]
    set_aside = [result.record_id for result in results if isinstance(result, EngagementRecord)]
    if not results and not newly_shared:
        return
    telemetry.warning(
        "user id shared by too many addresses",
        set_aside=len(results),
        set_aside_record_ids=set_aside[:IDS_A_LINE],
        used=len(newly_shared),
        used_record_ids=newly_shared[:IDS_A_LINE],
    )
    telemetry.emit({Metric.USER_IDS_SHARED: len(results) + len(newly_shared)})


def _log_records(outcomes: Sequence[CustomerOutcome], telemetry: Telemetry) -> None:
    """Name the records, so that each can be traced from here on; a customer without a record has no id to log."""
    queued = [outcome.record_id for outcome in outcomes if outcome.status is CustomerStatus.QUEUED]
    for start in range(0, len(queued), IDS_A_LINE):
        telemetry.info("records queued", record_ids=queued[start : start + IDS_A_LINE])
    for outcome in outcomes:
        if outcome.status is CustomerStatus.PARKED and outcome.record_id is not None:
            telemetry.warning(
                "record parked", outcome="parked", record_id=outcome.record_id, cause=outcome.reason, stage="ingest"
            )
