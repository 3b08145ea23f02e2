"""What the functions tell the outside: structured log lines and metrics, under one closed list of names.

Neither holds anything personal: records are named by their id.
"""

from collections.abc import Mapping
from enum import StrEnum

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

_CALLER = 3
"""Frames from the logger to whoever called `Telemetry`: the place that a line names as its location."""


class Metric(StrEnum):
    """The metrics of the pipeline, each a count for one invocation."""

    RECORDS_RECEIVED = "RecordsReceived"
    """Customers that ingest, or messages that the writer, was handed."""
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
    RECORDS_FAILED = "RecordsFailed"
    """Customers that ingest could neither queue nor park: the caller was told."""
    RECORDS_REDRIVEN = "RecordsRedriven"
    """Messages, among the writer's received, that had been parked before."""
    SYSTEMIC_FAILURES = "SystemicFailures"
    """Invocations of the writer that met a failure which was not the records' own."""
    DOMAIN_WITHOUT_DEAD_LETTER_QUEUE = "DomainWithoutDeadLetterQueue"
    """1 where bootstrap registered the object type in a domain without a dead-letter queue, 0 where it has one."""


class Telemetry:
    """One function's logger and metrics.

    Args:
        logger: Where lines go; its service name comes from POWERTOOLS_SERVICE_NAME.
        metrics: Where counts go; its namespace comes from POWERTOOLS_METRICS_NAMESPACE.
    """

    def __init__(self, logger: Logger, metrics: Metrics) -> None:
        self._logger = logger
        self._metrics = metrics

    @classmethod
    def from_environment(cls) -> "Telemetry":
        """Return telemetry configured by the environment variables of Powertools."""
        return cls(Logger(), Metrics())

    def begin(self, request_id: str) -> None:
        """Name the invocation in every line that follows."""
        self._logger.append_keys(function_request_id=request_id)

    def info(self, message: str, **details: object) -> None:
        """Log one line about what happened as expected."""
        self._logger.info(message, extra=details, stacklevel=_CALLER)

    def warning(self, message: str, **details: object) -> None:
        """Log one line about what an operator may want to look at."""
        self._logger.warning(message, extra=details, stacklevel=_CALLER)

    def error(self, message: str, **details: object) -> None:
        """Log one line about what failed the invocation."""
        self._logger.error(message, extra=details, stacklevel=_CALLER)

    def count(self, counts: Mapping[Metric, int]) -> None:
        """Emit the counts of this invocation, in one EMF blob."""
        for metric, value in counts.items():
            self._metrics.add_metric(name=str(metric), unit=MetricUnit.Count, value=value)
        self._metrics.flush_metrics()
