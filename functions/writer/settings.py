"""The writer's settings."""

from collections.abc import Mapping
from dataclasses import dataclass

from engagement import settings


@dataclass(frozen=True, slots=True)
class WriterSettings:
    """Where the writer writes, and with how many threads.

    Attributes:
        domain_name: The Customer Profiles domain (PROFILE_DOMAIN_NAME).
        object_type_name: The profile object type (PROFILE_OBJECT_TYPE_NAME).
        dead_letter_queue_url: Where records are parked (DEAD_LETTER_QUEUE_URL).
        threads: Calls to Customer Profiles at once, 1 to 64 (WRITER_THREADS).
    """

    domain_name: str
    object_type_name: str
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
                environment,
                "PROFILE_OBJECT_TYPE_NAME",
                settings.OBJECT_TYPE_NAME,
                "1 to 255 of a-z, A-Z, 0-9, _ and -, the first a letter or _",
            ),
            dead_letter_queue_url=settings.queue_url(environment, "DEAD_LETTER_QUEUE_URL"),
            threads=settings.whole_number(environment, "WRITER_THREADS", 1, 64),
        )
