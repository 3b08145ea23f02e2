"""A record of our own, sent through the pipeline, read back from its profile, and removed again."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from engagement.clock import Clock
from engagement.record import Customer, EngagementRecord, Journey, JourneyKind, record_id
from engagement.wire import encode, timestamp
from ops.doctor.finding import Finding, ok, problem
from ops.errors import AWS_FAILURES, OpsError, UnofferedError, explained, offered
from ops.profile_objects import Attached, ProfileObjects
from ops.text import duration

if TYPE_CHECKING:
    from mypy_boto3_customer_profiles import CustomerProfilesClient

CHECK = "canary"
CUSTOMER = Customer(user_id="ops-doctor-canary")
"""The same for every run: at most one profile is ever left behind."""
OFFER = "ops doctor canary"
SOURCE = "ops-doctor"
PAUSE = 1.0
"""Seconds between two reads of the profile."""


class Objects(Protocol):
    """Customer Profiles: see `ops.profile_objects.ProfileObjects`."""

    def of_record(self, record_id: str, customer: Customer) -> list[Attached]:
        """Return the objects with this record id on the customer's profiles."""

    def remove(self, attached: Attached) -> None:
        """Remove one object."""


class Send(Protocol):
    """Puts a record's wire form onto the engagement queue."""

    def __call__(self, body: str) -> None:
        """Send it; raises OpsError."""


class RemoveProfile(Protocol):
    """Deletes the canary's own profile."""

    def __call__(self, profile_id: str) -> str:
        """Delete it; return why it stays, or an empty text."""


@dataclass(frozen=True, slots=True)
class Canary:
    """One canary record on its way.

    Attributes:
        send: The engagement queue.
        objects: Customer Profiles.
        remove_profile: The same.
        clock: The time.
        patience: Seconds to wait for it to arrive.
    """

    send: Send
    objects: Objects
    remove_profile: RemoveProfile
    clock: Clock
    patience: float

    def round_trip(self) -> Finding:
        """Send one record through, read it back, remove it, and return what became of it.

        Raises:
            OpsError: a call failed.
        """
        record = canary_record(self.clock.now())
        started = self.clock.monotonic()
        self.send(encode(record))
        while not (found := self.objects.of_record(record.record_id, CUSTOMER)):
            if self.clock.monotonic() - started >= self.patience:
                return problem(
                    CHECK,
                    f"record {record.record_id} is on no profile {duration(self.patience)} after it was queued",
                    f"`ops trace {record.record_id} --user {CUSTOMER.user_id}` shows where it is; when it arrives it"
                    " stays, on the profile with that account number",
                )
            self.clock.sleep(PAUSE)
        took = self.clock.monotonic() - started
        return self._removed(record, found, took)

    def _removed(self, record: EngagementRecord, found: list[Attached], took: float) -> Finding:
        arrived = f"record {record.record_id} reached its profile in {took:.1f} s"
        try:
            for attached in found:
                self.objects.remove(attached)
        except OpsError as error:
            return problem(CHECK, f"{arrived}, and could not be removed: {error}", _by_hand())
        if self.objects.of_record(record.record_id, CUSTOMER):
            return problem(CHECK, f"{arrived}, and is still there after its removal", _by_hand())
        stays = [why for attached in found if (why := self.remove_profile(attached.profile_id))]
        if stays:
            return ok(CHECK, f"{arrived}; object removed; the empty profile {CUSTOMER.user_id} stays: {stays[0]}")
        return ok(CHECK, f"{arrived}; object and profile removed")


def canary_record(now: datetime) -> EngagementRecord:
    """Return the record of a journey of its own, another one at each moment."""
    journey = Journey(source=SOURCE, kind=JourneyKind.JOURNEY, id=SOURCE, run_id=timestamp(now))
    return EngagementRecord(
        record_id=record_id(journey, CUSTOMER, OFFER, viewed=False),
        journey=journey,
        customer=CUSTOMER,
        offer_name=OFFER,
        viewed=False,
        engaged_at=now,
        accepted_at=now,
        endpoint_id=SOURCE,
    )


def remove_profile(client: "CustomerProfilesClient", objects: ProfileObjects, profile_id: str) -> str:
    """Delete the canary's own profile, and no other; return why it stays, or an empty text."""
    try:
        found = objects.profiles_of(CUSTOMER)
        # a customer's profile may have been merged with the canary's: then nothing is deleted
        if [profile.get("ProfileId") for profile in found] != [profile_id]:
            return "it is not the canary's alone"
        if found[0].get("AccountNumber") != CUSTOMER.user_id:
            return "it has another account number"
        offered(lambda: client.delete_profile(DomainName=objects.domain, ProfileId=profile_id))
    except UnofferedError:
        return "this endpoint does not offer DeleteProfile"
    except OpsError as error:
        return str(error)
    except AWS_FAILURES as error:
        return str(explained(error))
    return ""


def _by_hand() -> str:
    return f"remove the offer '{OFFER}' from the profile with account number {CUSTOMER.user_id} by hand"
