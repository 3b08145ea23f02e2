"""Tells what became of an event's customers: lines and metrics."""

from collections import Counter
from collections.abc import Mapping, Sequence

from engagement.record import EngagementRecord
from engagement.telemetry import Metric, Telemetry
from ingest.remark import Remark
from ingest.source import Outcome, Reading, Status

IDS_A_LINE = 100
"""Record ids in one line: 4 KB of the 256 KB that CloudWatch Logs takes."""


def report(source: str, outcomes: Sequence[Outcome], outlasted: int, telemetry: Telemetry) -> None:
    """Log one line for the event, the ids of its records, and emit the metrics.

    Args:
        source: The source's name.
        outcomes: What became of its customers.
        outlasted: Calls of SQS that did not end in their time.
        telemetry: Where it is told.
    """
    counts = Counter(outcome.status for outcome in outcomes)
    reasons = Counter(outcome.reason for outcome in outcomes if outcome.reason is not None)
    log = telemetry.warning if reasons or outlasted else telemetry.info
    log(
        "customers accepted",
        source=source,
        received=len(outcomes),
        queued=counts[Status.QUEUED],
        parked=counts[Status.PARKED],
        failed=counts[Status.FAILED],
        reasons=dict(reasons),
        calls_outlasted=outlasted,
    )
    _tell_records(outcomes, telemetry)
    parked = Counter(str(outcome.reason) for outcome in outcomes if outcome.status is Status.PARKED)
    telemetry.emit_by_reason(Metric.RECORDS_PARKED, parked)
    telemetry.emit(
        {
            Metric.RECORDS_RECEIVED: len(outcomes),
            Metric.RECORDS_QUEUED: counts[Status.QUEUED],
            Metric.RECORDS_PARKED: counts[Status.PARKED],
            Metric.RECORDS_FAILED: counts[Status.FAILED],
            Metric.CALLS_OUTLASTED: outlasted,
        }
    )


def report_remarks(remarks: Mapping[Remark, int], telemetry: Telemetry) -> None:
    """Tell what of the event was of no use though its customers have records: nobody would otherwise look for it."""
    for remark, customers in remarks.items():
        telemetry.warning(
            "event read in part", cause=str(remark.doubt), detail=remark.detail, customers=customers, stage="ingest"
        )
    doubts: Counter[str] = Counter()
    for remark, customers in remarks.items():
        doubts[str(remark.doubt)] += customers
    telemetry.emit_by_reason(Metric.RECORDS_IN_DOUBT, doubts)


def report_shared_user_ids(readings: Sequence[Reading], passing: Sequence[str], telemetry: Telemetry) -> None:
    """Log and count the customers whose user id too many addresses share.

    ``readings`` are the event's: those whose user id was set aside are told. ``passing`` are the records by whose
    address a user id came to have too many, over the last hour's events.
    """
    results = [reading.result for reading in readings if reading.user_id_set_aside]
    set_aside = [result.record_id for result in results if isinstance(result, EngagementRecord)]
    if not results and not passing:
        return
    telemetry.warning(
        "user id shared by too many addresses",
        set_aside=len(results),
        set_aside_record_ids=set_aside[:IDS_A_LINE],
        used=len(passing),
        used_record_ids=passing[:IDS_A_LINE],
    )
    telemetry.emit({Metric.USER_IDS_SHARED: len(results) + len(passing)})


def _tell_records(outcomes: Sequence[Outcome], telemetry: Telemetry) -> None:
    """Name the records, so that a customer's can be followed from here on; a customer without one has no name here."""
    queued = [outcome.record_id for outcome in outcomes if outcome.status is Status.QUEUED]
    for start in range(0, len(queued), IDS_A_LINE):
        telemetry.info("records queued", record_ids=queued[start : start + IDS_A_LINE])
    for outcome in outcomes:
        if outcome.status is Status.PARKED and outcome.record_id is not None:
            telemetry.warning(
                "record parked", outcome="parked", record_id=outcome.record_id, cause=outcome.reason, stage="ingest"
            )
