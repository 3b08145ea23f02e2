"""Reads back from Customer Profiles what an agent would see: profiles, and the offers on them.

Profiles are found by what is known of the customer, as an agent finds them. Whether a record can be found by its id,
which is the UNIQUE key of its object, no document says.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engagement.record import Customer
from local.demo.queues import Time

if TYPE_CHECKING:
    from mypy_boto3_customer_profiles import CustomerProfilesClient

RATE = 80.0
"""Calls a second of each operation: below the service's quota of 100, which the rest of the account shares."""
PAGE = 100
SEARCHED_AT_ONCE = 5
"""Keys in one SearchProfiles (API reference: KeyName, and at most four AdditionalSearchKeys)."""
KEYS = {"profile": "_profileId", "user": "_account", "email": "_email", "phone": "_phone"}
"""Search keys of the service, by what identifies a customer: `engagement.record.Customer.key`."""


@dataclass(frozen=True, slots=True)
class Offer:
    """One offer on a profile.

    Attributes:
        record_id: The record that wrote it.
        name: The offer's name.
        viewed: "true" or "false", as it is written.
        when: When, ISO 8601.
        journey: The journey or campaign, for people.
    """

    record_id: str
    name: str
    viewed: str
    when: str
    journey: str


@dataclass(frozen=True, slots=True)
class Profile:
    """A profile with its offers, oldest first.

    Attributes:
        profile_id: Customer Profiles' own id.
        customer: What the profile says of who it is: a name, else an account number, an address, or its id.
        offers: What is on it.
    """

    profile_id: str
    customer: str
    offers: Sequence[Offer]


class Pace:
    """Spreads calls in time, so that the quota of an operation is kept."""

    def __init__(self, time: Time, rate: float = RATE) -> None:
        self._time = time
        self._gap = 1 / rate
        self._next = time.monotonic()

    def wait(self) -> None:
        """Return when the next call may be made."""
        now = self._time.monotonic()
        if self._next > now:
            self._time.sleep(self._next - now)
        self._next = max(self._next, now) + self._gap


class ProfileReader:
    """Finds customers' profiles."""

    def __init__(self, client: "CustomerProfilesClient", domain: str, object_type: str, time: Time) -> None:
        self._client = client
        self._domain = domain
        self._object_type = object_type
        self._searches = Pace(time)
        self._lists = Pace(time)

    def profiles(self, customers: Sequence[Customer]) -> Iterator[Profile]:
        """Yield each profile that any of the customers has, once, with all the offers that are on it."""
        keys = sorted({(KEYS[kind], value) for kind, value in (customer.key for customer in customers)})
        seen: set[str] = set()
        for start in range(0, len(keys), SEARCHED_AT_ONCE):
            for item in self._search(keys[start : start + SEARCHED_AT_ONCE]):
                if item["ProfileId"] not in seen:
                    seen.add(item["ProfileId"])
                    yield Profile(item["ProfileId"], customer(item), self._offers(item["ProfileId"]))

    def _search(self, keys: Sequence[tuple[str, str]]) -> Iterator[Mapping[str, Any]]:
        """Yield the profiles that any of the keys finds, page by page."""
        first, *others = ({"KeyName": name, "Values": [value]} for name, value in keys)
        request: dict[str, Any] = {"DomainName": self._domain, "MaxResults": PAGE, **first}
        if others:
            request |= {"AdditionalSearchKeys": others, "LogicalOperator": "OR"}
        while True:
            self._searches.wait()
            page = self._client.search_profiles(**request)
            yield from page["Items"]
            if "NextToken" not in page:
                return
            request["NextToken"] = page["NextToken"]

    def _offers(self, profile_id: str) -> list[Offer]:
        offers: list[Offer] = []
        request: dict[str, Any] = {
            "DomainName": self._domain,
            "ObjectTypeName": self._object_type,
            "ProfileId": profile_id,
            "MaxResults": PAGE,
        }
        while True:
            self._lists.wait()
            page = self._client.list_profile_objects(**request)
            offers += [offer(json.loads(item["Object"])) for item in page["Items"]]
            if "NextToken" not in page:
                return sorted(offers, key=lambda found: found.when)
            request["NextToken"] = page["NextToken"]


def customer(profile: Mapping[str, Any]) -> str:
    """Return what a profile says of who it is."""
    name = " ".join(profile[part] for part in ("FirstName", "LastName") if part in profile)
    known = (profile.get(part) for part in ("AccountNumber", "EmailAddress", "PhoneNumber"))
    return name or next(filter(None, known), f"profile {profile['ProfileId'][:8]}")


def offer(written: Mapping[str, Any]) -> Offer:
    """Return an offer as the object has it; somebody else may have written objects of the type with less in them."""
    told = {name: value for name, value in written.items() if isinstance(value, str)}
    journey = told.get("journeyName") or told.get("journeyId", "")[:8]
    return Offer(
        record_id=told.get("recordId", ""),
        name=told.get("offerName", ""),
        viewed=told.get("offerViewed", ""),
        when=told.get("engagedAt", ""),
        journey=f"{told.get('journeyKind', '')} {journey}".strip(),
    )
