"""Finds user ids that stand for several people, whatever their spelling: too many different addresses have them.

A list of placeholders is never complete. Customers who share one by mistake differ in their addresses; the endpoints
of one person do not, or hardly: they are devices, or repeat an address.
"""

from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from engagement.record import Customer, EngagementRecord
from ingest.source import Reading

MOST_ADDRESSES = 5
"""Different e-mail addresses, and as many phone numbers, that one user id may have.

Pinpoint keeps at most 15 endpoints of a user, of all channels together; a person with six e-mail addresses in one
segment is rarer than a caller's mistake, and costs less: that person's offers are kept by address.
"""
WINDOW = timedelta(hours=1)
MOST_USERS = 10_000
"""User ids that an environment remembers, the last ones: some 5 MB."""


def shared_user_ids(customers: Iterable[Customer]) -> frozenset[str]:
    """Return the user ids that more than `MOST_ADDRESSES` different addresses of one kind have, among these."""
    emails: defaultdict[str, set[str]] = defaultdict(set)
    phones: defaultdict[str, set[str]] = defaultdict(set)
    for customer in customers:
        if customer.user_id is not None and customer.email is not None:
            emails[customer.user_id].add(customer.email.lower())
        if customer.user_id is not None and customer.phone is not None:
            phones[customer.user_id].add(customer.phone)
    return frozenset(
        user_id for found in (emails, phones) for user_id, known in found.items() if len(known) > MOST_ADDRESSES
    )


@dataclass(slots=True)
class _Sighting:
    since: datetime
    addresses: set[int] = field(default_factory=set)


class Sightings:
    """The user ids that an environment has seen lately, with how many addresses.

    What one environment happens to have seen must not decide who a customer is: a repeat of the event by another one
    would be another record. It only tells.
    """

    def __init__(self) -> None:
        self._seen: OrderedDict[str, _Sighting] = OrderedDict()

    def passing(self, readings: Sequence[Reading], now: datetime) -> list[str]:
        """Note an event's customers; return the ids of the records by which a user id came to have too many addresses.

        One address more than allowed is told, once in `WINDOW`; what comes after says nothing new.
        """
        records = [reading.result for reading in readings if isinstance(reading.result, EngagementRecord)]
        return [record.record_id for record in records if self._passes(record.customer, now)]

    def _passes(self, customer: Customer, now: datetime) -> bool:
        address = customer.email or customer.phone
        if customer.user_id is None or address is None:
            return False
        sighting = self._seen.pop(customer.user_id, None)
        if sighting is None or now - sighting.since > WINDOW:
            sighting = _Sighting(now)
        self._seen[customer.user_id] = sighting
        if len(self._seen) > MOST_USERS:
            self._seen.popitem(last=False)
        before = len(sighting.addresses)
        if before <= MOST_ADDRESSES:
            sighting.addresses.add(hash(address.lower()))
        return before == MOST_ADDRESSES < len(sighting.addresses)
