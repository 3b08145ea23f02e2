"""The settings of a channel function."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from engagement import settings
from engagement.text import CLEAN, tidy


class OfferNameFrom(StrEnum):
    """Where the offer's name comes from when the caller has no field for it, as Connect campaigns do not."""

    SETTINGS = "settings"
    CAMPAIGN = "campaign"
    ACTION = "action"


@dataclass(frozen=True, slots=True)
class IngestSettings:
    """What distinguishes one deployment of a channel function from another.

    Attributes:
        viewed: Which of the two channel functions this is (OFFER_VIEWED).
        offer_name: The offer when the journey names none (OFFER_NAME).
        queue_url: Where records go (ENGAGEMENT_QUEUE_URL).
        dead_letter_queue_url: Where customers without a record are parked (DEAD_LETTER_QUEUE_URL).
        connect_offer_name_from: What names a Connect campaign's offer (CONNECT_OFFER_NAME_FROM).
    """

    viewed: bool
    offer_name: str
    queue_url: str
    dead_letter_queue_url: str
    connect_offer_name_from: OfferNameFrom

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> "IngestSettings":
        """Return the settings that ``environment`` holds.

        Raises:
            SettingsError: one is missing or out of range; the message names it and its value.
        """
        return cls(
            viewed=settings.flag(environment, "OFFER_VIEWED"),
            offer_name=tidy(settings.text(environment, "OFFER_NAME", OFFER_NAME, "1 to 255 printable characters")),
            queue_url=settings.queue_url(environment, "ENGAGEMENT_QUEUE_URL"),
            dead_letter_queue_url=settings.queue_url(environment, "DEAD_LETTER_QUEUE_URL"),
            connect_offer_name_from=settings.choice(environment, "CONNECT_OFFER_NAME_FROM", OfferNameFrom),
        )


OFFER_NAME = re.compile(rf"(?=.*\S){CLEAN.pattern}")
