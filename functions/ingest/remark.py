"""What is told of a customer whose record was made though a part of the event was of no use."""

from dataclasses import dataclass
from enum import StrEnum


class Doubt(StrEnum):
    """The closed list of what is told; the value is the dimension of a metric."""

    UNREADABLE_TIME = "unreadable_time"
    """The event gives a time that cannot be read: the record's time is recorded as unknown."""
    OFFER_NOT_NAMED = "offer_not_named"
    """The custom data is JSON without ``offerName``: the settings' offer counts."""
    UNREADABLE_CUSTOMER_DATA = "unreadable_customer_data"
    """Connect's ``CustomerData`` cannot be read: the record goes without it."""


@dataclass(frozen=True, slots=True)
class Remark:
    """One such thing.

    Attributes:
        doubt: What it is.
        detail: One line about what was given, without personal data.
    """

    doubt: Doubt
    detail: str
