"""Reads back from Customer Profiles what an agent would see: profiles, and the offers on them.

Profiles are found by what is known of the customer, as an agent finds them. Whether a record can be found by its id,
which is the UNIQUE key of its object, no document says.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from engagement.clock import Clock
from engagement.errors import InvalidEventError
from engagement.record import Customer, EngagementRecord
from ingest.settings import OfferNameFrom
from ingest.sources.contract import InvocationContext
from ingest.sources.registry import recognise
from local.demo.events import Event
from ops.pace import Pace
from ops.profile_objects import ProfileObjects

if TYPE_CHECKING:
    from mypy_boto3_customer_profiles import CustomerProfilesClient

RATE = 80.0
"""Calls a second of each operation: below the service's quota of 100, which the rest of the account shares."""
KEYS = {"profile": "_profileId", "user": "_account", "email": "_email", "phone": "_phone"}
"""Search keys of the service, by what identifies a customer: `engagement.record.Customer.key`."""
# no customer's identity depends on any of it
_INVOCATION = InvocationContext(
    viewed=False,
    offer_name="offer",
    connect_offer_name_from=OfferNameFrom.SETTINGS,
    now=datetime(1970, 1, 1, tzinfo=UTC),
)


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


def identities(events: Iterable[Event]) -> Iterator[Customer]:
    """Yield each customer of whom there can be a record, as the channel functions know them.

    An event of no known contract has none.
    """
    for event in events:
        try:
            source, members = recognise(dict(event.members))
            parsed = source.parse(members, _INVOCATION)
        except InvalidEventError:
            continue
        yield from (each.result.customer for each in parsed if isinstance(each.result, EngagementRecord))


class _PacedClient:
    """Makes each call when its operation's quota allows it."""

    def __init__(self, client: "CustomerProfilesClient", clock: Clock) -> None:
        self._client = client
        self._searches = Pace(RATE, clock)
        self._lists = Pace(RATE, clock)
        self.delete_profile_object = client.delete_profile_object

    def search_profiles(self, **request: Any) -> Mapping[str, Any]:  # noqa: ANN401 - boto3's
        self._searches.wait()
        return self._client.search_profiles(**request)

    def list_profile_objects(self, **request: Any) -> Mapping[str, Any]:  # noqa: ANN401 - boto3's
        self._lists.wait()
        return self._client.list_profile_objects(**request)


def read_profiles(objects: ProfileObjects, customers: Iterable[Customer]) -> Iterator[Profile]:
    """Yield each profile that any of the customers has, once, with all the offers that are on it."""
    keys = sorted({(KEYS[kind], value) for kind, value in (customer.key for customer in customers)})
    seen: set[str] = set()
    for found in (profile for key, value in keys for profile in objects.search(key, value)):
        profile_id = found["ProfileId"]
        if profile_id not in seen:
            seen.add(profile_id)
            offers = [offer(attached.members) for attached in objects.on_profile(profile_id)]
            yield Profile(profile_id, customer(found), sorted(offers, key=lambda one: one.when))


def paced(client: "CustomerProfilesClient", domain: str, object_type: str, clock: Clock) -> ProfileObjects:
    """Return the objects of a domain, read within the quotas of the calls."""
    return ProfileObjects(_PacedClient(client, clock), domain, object_type)


def customer(profile: Mapping[str, Any]) -> str:
    """Return what a profile says of who it is."""
    name = " ".join(profile[part] for part in ("FirstName", "LastName") if part in profile)
    known = (profile.get(part) for part in ("AccountNumber", "EmailAddress", "PhoneNumber"))
    return name or next(filter(None, known), f"profile {profile['ProfileId'][:8]}")


def offer(written: Mapping[str, Any]) -> Offer:
    """Return an offer as the object has it; another program may have written objects of the type with less in them."""
    texts = {name: value for name, value in written.items() if isinstance(value, str)}
    journey = texts.get("journeyName") or texts.get("journeyId", "")[:8]
    return Offer(
        record_id=texts.get("recordId", ""),
        name=texts.get("offerName", ""),
        viewed=texts.get("offerViewed", ""),
        when=texts.get("engagedAt", ""),
        journey=f"{texts.get('journeyKind', '')} {journey}".strip(),
    )
