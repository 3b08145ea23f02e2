"""Compares a parked record with what its customer's profiles already show."""

from dataclasses import dataclass
from enum import StrEnum

from engagement.record import Customer, EngagementRecord
from engagement.wire import timestamp
from ops.profile_objects import ProfileObjects


class ProfileState(StrEnum):
    """What a profile shows of a parked record."""

    ABSENT = "absent"
    WRITTEN = "written"
    """The profile shows this very record."""
    SUPERSEDED = "superseded"
    """The profile shows something newer for the same offer."""


@dataclass(frozen=True, slots=True)
class ProfileCheck:
    """The customers' profiles.

    Attributes:
        objects: What is on them.
    """

    objects: ProfileObjects

    def state(self, record: EngagementRecord) -> ProfileState:
        """Return what the customer's profiles show of a record.

        Raises:
            OpsError: the service could not be asked.
        """
        shown = self.objects.of_customer(record.customer)
        if any(found.record_id == record.record_id for found in shown):
            return ProfileState.WRITTEN
        # a record whose time is unknown is no older than any other
        newer = record.engaged_at is not None and any(
            found.members.get("offerName") == record.offer_name
            and str(found.members.get("engagedAt", "")) > timestamp(record.engaged_at)
            for found in shown
        )
        return ProfileState.SUPERSEDED if newer else ProfileState.ABSENT

    def has(self, record_id: str, customer: Customer) -> bool:
        """Return whether one of the customer's profiles shows a record.

        Raises:
            OpsError: the service could not be asked.
        """
        return bool(self.objects.of_record(record_id, customer))
