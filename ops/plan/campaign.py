"""A campaign and the settings that it meets."""

from dataclasses import dataclass
from math import ceil

from engagement.writer_settings import MAX_SECONDS_A_BATCH
from ops.deployment import Deployment

THREADS = 8
"""Calls at once of one writer (WRITER_THREADS in the template)."""
GAP = 0.15
"""Seconds between two batches of one writer, as the budget's simulation assumes them."""
LATENCY = 0.1
"""Seconds of one PutProfileObject: assumed, since none was measured on AWS."""
RETENTION = 604_800
"""Seconds that the engagement queue keeps a message (7 days, in the template)."""
MOST_WRITERS = 1_000
FEWEST_WRITERS = 2
"""The limits of an SQS event source's MaximumConcurrency."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The template's parameters that decide the pace; the defaults are the template's.

    Attributes:
        writes_per_second: MaxWritesPerSecond, of all writers together.
        writers: WriterMaximumConcurrency.
        batch_size: WriterBatchSize.
        oldest_alarm: Seconds from which the alarm of the oldest record fires (OldestRecordSeconds).
        drain_alarm: Seconds from which the alarm of the time to drain fires (DrainTimeSeconds).
        logs_records: Whether each record has its line in the log (LogLevel INFO or DEBUG).
    """

    writes_per_second: int = 80
    writers: int = 2
    batch_size: int = 50
    oldest_alarm: int = 14_400
    drain_alarm: int = 28_800
    logs_records: bool = True

    @classmethod
    def of(cls, deployment: Deployment) -> "Settings":
        """Return the settings of a deployed stack."""
        return cls(
            writes_per_second=deployment.number("MaxWritesPerSecond", cls().writes_per_second),
            writers=deployment.number("WriterMaximumConcurrency", cls().writers),
            batch_size=deployment.number("WriterBatchSize", cls().batch_size),
            oldest_alarm=deployment.number("OldestRecordSeconds", cls().oldest_alarm),
            drain_alarm=deployment.number("DrainTimeSeconds", cls().drain_alarm),
            logs_records=deployment.parameters.get("LogLevel", "INFO") in {"INFO", "DEBUG"},
        )

    @property
    def least_writes_per_second(self) -> int:
        """The fewest at which every writer can write a batch in time: the writer refuses to start at fewer."""
        return ceil(self.batch_size * self.writers / MAX_SECONDS_A_BATCH)


@dataclass(frozen=True, slots=True)
class Campaign:
    """What a marketer is about to start.

    Attributes:
        records: Customers, one record each.
        over: Seconds during which the journey calls the channel functions, evenly; 0: all at once.
        quota: PutProfileObject calls a second that the account may make.
        others: Writes a second that something else in the account makes.
        latency: Seconds of one PutProfileObject.
    """

    records: int
    over: float = 0.0
    quota: float = 100.0
    others: float = 0.0
    latency: float = LATENCY

    @property
    def left(self) -> float:
        """What others leave of the quota."""
        return max(0.0, self.quota - self.others)


def pace(settings: Settings, campaign: Campaign) -> float:
    """Return the records a second that the writers write while there are enough of them."""
    return min(settings.writes_per_second, campaign.left, settings.writers * _of_one(settings, campaign.latency))


def _of_one(settings: Settings, latency: float) -> float:
    """Return the calls a second that one writer can make, by its threads and the latency, whatever the budget."""
    calls = max(1, settings.batch_size)
    return calls / (ceil(calls / THREADS) * latency + GAP)


def writers_for(writes_per_second: float, batch_size: int, latency: float) -> int:
    """Return the fewest writers that can keep up a pace."""
    each = _of_one(Settings(batch_size=batch_size), latency)
    return min(MOST_WRITERS, max(FEWEST_WRITERS, ceil(writes_per_second / each)))
