"""The settings of a channel function."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from engagement import settings
from engagement.errors import SettingsError
from engagement.text import CLEAN, tidy
from ingest.fields.phone_number import regions


class OfferNameFrom(StrEnum):
    """Where the offer's name comes from if the caller has no field for it: Connect campaigns have none."""

    SETTINGS = "settings"
    CAMPAIGN = "campaign"
    ACTION = "action"


@dataclass(frozen=True, slots=True)
class IngestSettings:
    """What distinguishes one deployment of a channel function from another.

    Attributes:
        viewed: Which of the two channel functions this is (OFFER_VIEWED).
        offer_name: The offer if the journey names none (OFFER_NAME).
        queue_url: Where records are sent (ENGAGEMENT_QUEUE_URL).
        dead_letter_queue_url: Where customers are parked (DEAD_LETTER_QUEUE_URL).
        connect_offer_name_from: What names a Connect campaign's offer (CONNECT_OFFER_NAME_FROM).
        default_phone_region: The country of phone numbers that name none (DEFAULT_PHONE_REGION), ISO 3166-1 alpha-2;
            empty if it is not known.
    """

    viewed: bool
    offer_name: str
    queue_url: str
    dead_letter_queue_url: str
    connect_offer_name_from: OfferNameFrom
    default_phone_region: str = ""

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> "IngestSettings":
        """Return the settings that ``environment`` holds.

        Raises:
            SettingsError: one is missing or out of range; the message names it and its value.
        """
        return cls(
            viewed=settings.flag(environment, "OFFER_VIEWED"),
            offer_name=_offer_name(environment),
            queue_url=settings.queue_url(environment, "ENGAGEMENT_QUEUE_URL"),
            dead_letter_queue_url=settings.queue_url(environment, "DEAD_LETTER_QUEUE_URL"),
            connect_offer_name_from=settings.choice(environment, "CONNECT_OFFER_NAME_FROM", OfferNameFrom),
            default_phone_region=_region(environment),
        )


EXPECTED_OFFER = "1 to 255 printable characters"
OFFER_NAME = re.compile(rf"(?=.*\S){CLEAN.pattern}")
EXPECTED_REGION = "nothing, or a country's two capital letters (ISO 3166-1 alpha-2) that phonenumbers knows"
REGION = re.compile("(?:[A-Z]{2})?")


def _offer_name(environment: Mapping[str, str]) -> str:
    written = settings.text(environment, "OFFER_NAME", OFFER_NAME, EXPECTED_OFFER)
    if not (name := tidy(written)):
        raise SettingsError("OFFER_NAME", written, EXPECTED_OFFER)
    return name


def _region(environment: Mapping[str, str]) -> str:
    region = settings.text(environment, "DEFAULT_PHONE_REGION", REGION, EXPECTED_REGION)
    if region and region not in regions():
        raise SettingsError("DEFAULT_PHONE_REGION", region, EXPECTED_REGION)
    return region
