"""Reports what became of a batch: a log line for the batch, one for each record, and the metrics."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from engagement.telemetry import Metric, Telemetry
from writer.calls import Calls
from writer.delivery import Outcome, ToPark, Written
from writer.settlement import Settled

MILLISECOND = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Report:
    """What one invocation reports.

    Attributes:
        settled: What finally became of the batch.
        calls: The calls for its records.
        outlasted: Calls, of the service and of SQS, that did not end in their time.
        now: When the batch was settled.
    """

    settled: Settled
    calls: Calls
    outlasted: int
    now: datetime

    def log(self, telemetry: Telemetry) -> None:
        """Log the lines and emit the metrics."""
        self._log_batch(telemetry)
        for outcome in self.settled.outcomes:
            _log_record(outcome, telemetry)
        telemetry.emit_by_reason(Metric.RECORDS_PARKED, self._reasons)
        telemetry.emit(
            {
                Metric.RECORDS_RECEIVED: len(self.settled.outcomes),
                Metric.RECORDS_WRITTEN: len(self._written),
                Metric.RECORDS_DUPLICATE: self._duplicates,
                Metric.RECORDS_PARKED: len(self._parked),
                Metric.RECORDS_RETURNED: len(self.settled.returned),
                Metric.RECORDS_REDRIVEN: sum(outcome.message.redrives > 0 for outcome in self.settled.outcomes),
                Metric.CALLS_OUTLASTED: self.outlasted,
                Metric.SYSTEMIC_FAILURES: int(self._systemic_cause is not None),
                Metric.RECORD_AGE: [outcome.age // MILLISECOND for outcome in self._written if outcome.age is not None],
                Metric.RETURNED_AGE: self._oldest_returned,
                Metric.WRITE_CALLS: len(self.calls.made),
                Metric.WRITE_LATENCY: [round(call.milliseconds, 1) for call in self.calls.made],
                Metric.WRITES_THROTTLED: [int(call.throttled) for call in self.calls.made],
                Metric.WRITES_RETRIED: sum(call.repeated for call in self.calls.made),
            }
        )

    def _log_batch(self, telemetry: Telemetry) -> None:
        log = telemetry.warning if self._parked or self.settled.returned or self.outlasted else telemetry.info
        log(
            "batch delivered",
            received=len(self.settled.outcomes),
            written=len(self._written),
            duplicates=self._duplicates,
            parked=len(self._parked),
            returned=len(self.settled.returned),
            reasons=self._reasons,
            causes=dict(Counter(outcome.cause for outcome in self.settled.returned)),
            backoff_failed=self.settled.backoff_failed,
            calls_outlasted=self.outlasted,
            writes_per_second=round(self.calls.budget.rate, 1),
        )
        if self._systemic_cause is not None:
            telemetry.error("systemic failure: not the records' own", cause=self._systemic_cause)

    @property
    def _written(self) -> list[Written]:
        return [outcome for outcome in self.settled.outcomes if isinstance(outcome, Written)]

    @property
    def _duplicates(self) -> int:
        return sum(outcome.duplicate for outcome in self._written)

    @property
    def _parked(self) -> list[ToPark]:
        return [outcome for outcome in self.settled.outcomes if isinstance(outcome, ToPark)]

    @property
    def _reasons(self) -> dict[str, int]:
        return dict(Counter(str(outcome.reason) for outcome in self._parked))

    @property
    def _oldest_returned(self) -> list[int]:
        """The greatest age alone, and none if nothing was returned."""
        ages = [(self.now - outcome.message.first_seen) // MILLISECOND for outcome in self.settled.returned]
        return sorted(ages)[-1:]

    @property
    def _systemic_cause(self) -> str | None:
        """What stopped the calls, or else the first cause that somebody must fix; None if all is well."""
        if self.calls.breaker.opened_by is not None:
            return str(self.calls.breaker.opened_by)
        return next((outcome.cause for outcome in self.settled.returned if outcome.systemic), None)


def _log_record(outcome: Outcome, telemetry: Telemetry) -> None:
    """Log the line by which a record is followed through the pipeline, by its id."""
    named = {
        "record_id": outcome.record_id,
        "message_id": outcome.message.message_id,
        "receives": outcome.message.receive_count,
    }
    match outcome:
        case Written(duplicate=duplicate):
            telemetry.info("record written", outcome="written", **named, duplicate=duplicate)
        case ToPark(reason=reason, detail=detail):
            telemetry.warning("record parked", outcome="parked", **named, cause=str(reason), detail=detail)
        case _ if _is_return_logged(outcome.message.receive_count):
            telemetry.warning("record returned", outcome="returned", **named, cause=outcome.cause)


def _is_return_logged(receive_count: int) -> bool:
    """Return whether this return has a line: the 1st, 2nd, 4th, 8th ... of a record.

    A day of outage returns each record some fifty times: with a million of them tens of gigabytes of log.
    The next line shows how often it was tried.
    """
    return receive_count.bit_count() == 1
