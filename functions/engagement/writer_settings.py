"""The writer's settings.

They are read twice: by bootstrap at deployment, before anything is changed, and by the writer when it starts.
"""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from engagement import settings
from engagement.errors import SettingsError

MAX_SECONDS_A_BATCH = 15
"""Seconds in which the budget must have room for a whole batch: what the function's 30 s leave of it for calls."""
RETENTION = 604_800
"""Seconds for which the engagement queue keeps a message: the template's MessageRetentionPeriod."""


@dataclass(frozen=True, slots=True)
class DeliverySettings:
    """How fast the writer writes, and how often and for how long it returns records.

    Attributes:
        max_writes_per_second: Of all environments together, 1 to 10,000 (MAX_WRITES_PER_SECOND).
        environments: Writers at once, 2 to 1,000: the event source's MaximumConcurrency (MAXIMUM_CONCURRENCY).
        batch_size: Messages in a batch, 1 to 1,000: the event source's (BATCH_SIZE).
        max_receives: The queue's maxReceiveCount, 10 to 1,000 (MAX_RECEIVES).
        first_backoff: Seconds for which a record is returned at its first receive, 1 to 3,600 (FIRST_BACKOFF_SECONDS).
        longest_backoff: Seconds; the longest for which a record is returned, 1 to 43,000 (LONGEST_BACKOFF_SECONDS).
        park_without_limit: Whether an operator has decided that most records really are bad (PARK_WITHOUT_LIMIT).
    """

    max_writes_per_second: int
    environments: int
    batch_size: int
    max_receives: int
    first_backoff: int
    longest_backoff: int
    park_without_limit: bool

    @staticmethod
    def of(environment: Mapping[str, str]) -> "DeliverySettings":
        """Return the settings that ``environment`` holds, which also fit one another.

        Raises:
            SettingsError: one is missing, out of range, or contradicts another; the message names it and its value.
        """
        read = DeliverySettings(
            max_writes_per_second=settings.whole_number(environment, "MAX_WRITES_PER_SECOND", 1, 10_000),
            environments=settings.whole_number(environment, "MAXIMUM_CONCURRENCY", 2, 1_000),
            batch_size=settings.whole_number(environment, "BATCH_SIZE", 1, 1_000),
            max_receives=settings.whole_number(environment, "MAX_RECEIVES", 10, 1_000),
            first_backoff=settings.whole_number(environment, "FIRST_BACKOFF_SECONDS", 1, 3_600),
            longest_backoff=settings.whole_number(environment, "LONGEST_BACKOFF_SECONDS", 1, 43_000),
            park_without_limit=settings.flag(environment, "PARK_WITHOUT_LIMIT"),
        )
        read._check_together()
        return read

    @property
    def share(self) -> float:
        """Writes a second that one environment may make."""
        return self.max_writes_per_second / self.environments

    def _check_together(self) -> None:
        if self.first_backoff > self.longest_backoff:
            raise SettingsError(
                "FIRST_BACKOFF_SECONDS",
                str(self.first_backoff),
                f"no more than LONGEST_BACKOFF_SECONDS, {self.longest_backoff}",
            )
        if self.max_receives * self.longest_backoff > RETENTION:
            raise SettingsError(
                "MAX_RECEIVES",
                str(self.max_receives),
                f"no more than {RETENTION // self.longest_backoff}, so that a record which is returned "
                f"for LONGEST_BACKOFF_SECONDS, {self.longest_backoff}, each time is parked before the queue drops it",
            )
        if self.batch_size > self.share * MAX_SECONDS_A_BATCH:
            raise SettingsError(
                "MAX_WRITES_PER_SECOND",
                str(self.max_writes_per_second),
                f"at least {math.ceil(self.batch_size * self.environments / MAX_SECONDS_A_BATCH)}, so that each of "
                f"{self.environments} environments can write a batch of {self.batch_size} in time",
            )


@dataclass(frozen=True, slots=True)
class WriterSettings(DeliverySettings):
    """Where the writer writes, and how.

    Attributes:
        domain_name: The Customer Profiles domain (PROFILE_DOMAIN_NAME).
        object_type_name: The profile object type (PROFILE_OBJECT_TYPE_NAME).
        queue_url: Where records come from, and return to (ENGAGEMENT_QUEUE_URL).
        dead_letter_queue_url: Where records are parked (DEAD_LETTER_QUEUE_URL).
        threads: Calls to Customer Profiles at once, 1 to 64 (WRITER_THREADS).
    """

    domain_name: str
    object_type_name: str
    queue_url: str
    dead_letter_queue_url: str
    threads: int

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> "WriterSettings":
        """Return the settings that ``environment`` holds.

        Raises:
            SettingsError: one is missing or out of range; the message names it and its value.
        """
        return cls(
            domain_name=settings.text(
                environment, "PROFILE_DOMAIN_NAME", settings.PROFILE_NAME, "1 to 64 of a-z, A-Z, 0-9, _ and -"
            ),
            object_type_name=settings.text(
                environment, "PROFILE_OBJECT_TYPE_NAME", settings.OBJECT_TYPE_NAME, settings.OBJECT_TYPE_NAME_EXPECTED
            ),
            queue_url=settings.queue_url(environment, "ENGAGEMENT_QUEUE_URL"),
            dead_letter_queue_url=settings.queue_url(environment, "DEAD_LETTER_QUEUE_URL"),
            threads=settings.whole_number(environment, "WRITER_THREADS", 1, 64),
            **asdict(DeliverySettings.of(environment)),
        )
