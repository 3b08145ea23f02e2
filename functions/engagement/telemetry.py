"""Structured log lines and metrics, under one closed list of names.

Neither holds anything personal: records are named by their id.
"""

import logging
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from enum import StrEnum

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

_CALLER = 3
"""Frames from the logger to the caller of `Telemetry`, which a line names as its location."""
_TALKATIVE = ("boto3", "botocore", "urllib3")
"""Loggers that below WARNING write whole requests: customers, and CloudFormation's signed URLs."""
_NEVER_FILTERED = "FATAL"
"""The level of a line of metrics.

Lambda's log controls drop what is below the level that an operator chose, and take a line without a level, or without a
timestamp of RFC 3339, for INFO (developer guide, "Log-level filtering"). FATAL is the highest that can be chosen.
"""


class Metric(StrEnum):
    """The metrics of the pipeline: a count for one invocation, or a value for each call or record of it.

    Each has the one dimension ``service``; `Telemetry.emit_by_reason` adds a second one.
    """

    RECORDS_RECEIVED = "RecordsReceived"
    """Customers that ingest, or messages that the writer, received."""
    RECORDS_QUEUED = "RecordsQueued"
    """Records that ingest put on the queue."""
    RECORDS_WRITTEN = "RecordsWritten"
    """Messages whose record Customer Profiles accepted, duplicates in the batch included."""
    RECORDS_DUPLICATE = "RecordsDuplicate"
    """Messages, among the written, whose record the same batch had already written."""
    RECORDS_PARKED = "RecordsParked"
    """Customers or messages put on the dead-letter queue with their reason."""
    RECORDS_RETURNED = "RecordsReturned"
    """Messages that the writer gave back to the queue."""
    RETURNED_AGE = "ReturnedAge"
    """Milliseconds for which the pipeline has had a message that the writer gave back: the oldest of the invocation.

    SQS's own age of the oldest leaves out a message that was received three times.
    """
    RECORD_AGE = "RecordAge"
    """Milliseconds from a record's acceptance to its being written: one value for each written record."""
    WRITE_CALLS = "WriteCalls"
    """Calls of PutProfileObject, whatever came of them."""
    WRITE_LATENCY = "WriteLatency"
    """Milliseconds of a PutProfileObject: one value for each call."""
    WRITES_THROTTLED = "WritesThrottled"
    """1 for each call that Customer Profiles throttled, 0 for each other: the average is the throttled share."""
    WRITES_RETRIED = "WritesRetried"
    """Calls that repeated one which had failed in the same invocation."""
    CALLS_OUTLASTED = "CallsOutlasted"
    """Calls of Customer Profiles or SQS that did not end in their time, or were not made because too many hang."""
    RECORDS_FAILED = "RecordsFailed"
    """Customers that ingest could neither queue nor park: rejected, and the caller was informed."""
    USER_IDS_SHARED = "UserIdsShared"
    """Customers whose user id too many different addresses share: probably a placeholder that is not listed yet."""
    RECORDS_REDRIVEN = "RecordsRedriven"
    """Messages, among the writer's received, that had been parked before."""
    RECORDS_IN_DOUBT = "RecordsInDoubt"
    """Customers whose record was made though a part of the event could not be used; each ``reason`` says which."""
    SYSTEMIC_FAILURES = "SystemicFailures"
    """Invocations of the writer that met a failure which was not the records' own."""
    DOMAIN_WITHOUT_DEAD_LETTER_QUEUE = "DomainWithoutDeadLetterQueue"
    """1 where bootstrap registered the object type in a domain without a dead-letter queue, 0 if it has one."""

    @property
    def unit(self) -> MetricUnit:
        """What the metric is measured in."""
        return MetricUnit.Milliseconds if self in _MILLISECONDS else MetricUnit.Count


_MILLISECONDS = frozenset({Metric.RETURNED_AGE, Metric.RECORD_AGE, Metric.WRITE_LATENCY})


class Telemetry:
    """One function's logger and metrics.

    Args:
        logger: Where lines go; its service name comes from POWERTOOLS_SERVICE_NAME.
        metrics: Where metrics go; its namespace comes from POWERTOOLS_METRICS_NAMESPACE.
    """

    def __init__(self, logger: Logger, metrics: Metrics) -> None:
        self._logger = logger
        self._metrics = metrics

    @classmethod
    def from_environment(cls) -> "Telemetry":
        """Return telemetry configured by the environment variables of Powertools.

        Whatever level Lambda gives the root logger, the libraries that would write customers' data stay at WARNING.
        """
        for name in _TALKATIVE:
            logging.getLogger(name).setLevel(logging.WARNING)
        return cls(Logger(use_rfc3339=True, utc=True), Metrics())

    def begin(self, request_id: str) -> None:
        """Name the invocation in every line that follows."""
        self._logger.append_keys(function_request_id=request_id)

    def info(self, message: str, **details: object) -> None:
        """Log what happened as expected."""
        self._logger.info(message, extra=details, stacklevel=_CALLER)

    def warning(self, message: str, **details: object) -> None:
        """Log what an operator may want to check."""
        self._logger.warning(message, extra=details, stacklevel=_CALLER)

    def error(self, message: str, **details: object) -> None:
        """Log what failed the invocation, or keeps failing it until somebody fixes it."""
        self._logger.error(message, extra=details, stacklevel=_CALLER)

    def emit(self, values: Mapping[Metric, float | Sequence[float]]) -> None:
        """Emit this invocation's metrics; a metric without a value is left out.

        One EMF blob holds at most 100 values of a metric: if there are more, more blobs follow.
        """
        self._keep()
        # Single values last: after a hundredth value nothing is left to emit, and there always is a single one.
        for metric, value in sorted(values.items(), key=lambda item: not isinstance(item[1], Sequence)):
            for one in value if isinstance(value, Sequence) else (value,):
                self._metrics.add_metric(name=str(metric), unit=metric.unit, value=one)
        self._metrics.flush_metrics()

    def emit_by_reason(self, metric: Metric, counts: Mapping[str, int]) -> None:
        """Emit a count for each reason, with the further dimension ``reason``: the reasons must be a closed list."""
        for reason, count in counts.items():
            self._keep()
            self._metrics.add_dimension(name="reason", value=reason)
            self._metrics.add_metric(name=str(metric), unit=metric.unit, value=count)
            self._metrics.flush_metrics()

    def _keep(self) -> None:
        """Mark the blobs that follow, up to the next flush, so that no log control of Lambda's drops them."""
        self._metrics.add_metadata(key="level", value=_NEVER_FILTERED)
        self._metrics.add_metadata(key="timestamp", value=datetime.now(UTC).isoformat(timespec="milliseconds"))
