"""A Customer Profiles domain of its own, made for the questions that only writing answers, and deleted after them.

No customer's profile is in it, no key name of it is taken in a domain that is used, and deleting it leaves nothing.
"""

import json
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engagement.clock import Clock
from engagement.record import Customer
from ops.errors import AWS_FAILURES, OpsError, explained
from ops.interrupts import deferred
from ops.profile_objects import Attached, ProfileObjects

if TYPE_CHECKING:
    from mypy_boto3_customer_profiles import CustomerProfilesClient

PREFIX = "first-hour-"
PAUSE = 1.0
"""Seconds between two reads, and between two object types."""


@dataclass(frozen=True, slots=True)
class ThrowAwayDomain:
    """The domain.

    Attributes:
        client: Customer Profiles.
        name: Its name, another one each time.
        clock: The time.
        patience: Seconds to wait until what was written can be read.
    """

    client: "CustomerProfilesClient"
    name: str
    clock: Clock
    patience: float

    def register(self, object_type: str, definition: Mapping[str, Any]) -> None:
        """Register an object type, at most one a second, which is the service's quota; raises what boto3 raises."""
        self.clock.sleep(PAUSE)
        self.client.put_profile_object_type(
            DomainName=self.name, ObjectTypeName=object_type, Description="First hour", **definition
        )

    def write(self, object_type: str, **members: str) -> None:
        """Write an object; raises what boto3 raises."""
        self.client.put_profile_object(DomainName=self.name, ObjectTypeName=object_type, Object=json.dumps(members))

    def read(self, object_type: str, customer: Customer) -> list[Attached]:
        """Return what the profiles of a customer have; raises OpsError."""
        return ProfileObjects(self.client, self.name, object_type).of_customer(customer)

    def found_by(self, key: str, value: str) -> list[str]:
        """Return the ids of the profiles that one key finds, from every page; raises what boto3 raises."""
        found = ProfileObjects(self.client, self.name, "").search(key, value)
        return [profile["ProfileId"] for profile in found]

    def awaited(
        self, object_type: str, wanted: Callable[[Attached], bool], *customers: Customer
    ) -> tuple[Attached | None, float]:
        """Return the wanted object once one of the customers' profiles shows it, and after how many seconds.

        None if none shows it in time. Raises OpsError.
        """
        began = self.clock.monotonic()
        while True:
            shown = [one for customer in customers for one in self.read(object_type, customer)]
            took = self.clock.monotonic() - began
            found = next(filter(wanted, shown), None)
            if found is not None or took >= self.patience:
                return found, took
            self.clock.sleep(PAUSE)


@contextmanager
def throw_away(client: "CustomerProfilesClient", clock: Clock, patience: float) -> Iterator[ThrowAwayDomain]:
    """Make a domain, and delete it with all that is in it however the block ends.

    Raises:
        OpsError: it could not be made, or not be deleted; the message says how to do it by hand.
    """
    name = f"{PREFIX}{uuid.uuid4().hex[:12]}"
    try:
        client.create_domain(DomainName=name, DefaultExpirationDays=1, Tags={"made-by": "make first-hour"})
    except AWS_FAILURES as error:
        raise explained(error) from error
    try:
        yield ThrowAwayDomain(client, name, clock, patience)
    finally:
        with deferred():
            _delete(client, name)


def _delete(client: "CustomerProfilesClient", name: str) -> None:
    try:
        client.delete_domain(DomainName=name)
    except AWS_FAILURES as error:
        raise OpsError(
            f"the throw-away domain {name} stays ({explained(error)}): `aws customer-profiles delete-domain"
            f" --domain-name {name}` deletes it"
        ) from error
