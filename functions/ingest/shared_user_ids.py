"""Finds user ids that several people share, whatever their spelling: too many different addresses have them.

A list of placeholders is never complete. Customers who share one by mistake have different addresses; the endpoints of
one person hardly do: they are devices, or repeat an address.
"""

from collections import OrderedDict, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from engagement.record import Customer, EngagementRecord

MOST_ADDRESSES = 5
"""Different e-mail addresses, and as many phone numbers, that one user id may have.

Pinpoint keeps at most 15 endpoints of a user, of all channels together. A person with six e-mail addresses in one
segment is rarer than a caller's mistake, and costs less: that person's offers are kept by address.
"""
WINDOW = timedelta(hours=1)
MOST_USERS = 10_000
"""User ids that an environment remembers, the latest ones: some 5 MB."""


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
class _Addresses:
    since: datetime
    hashes: set[int] = field(default_factory=set)


class SharedUserIdMonitor:
    """The user ids that an execution environment has seen lately, and with how many addresses.

    It only reports. What one environment happens to have seen must not decide who a customer is: another environment
    would make another record of the same event.
    """

    def __init__(self) -> None:
        self._seen: OrderedDict[str, _Addresses] = OrderedDict()

    def note(self, records: Iterable[EngagementRecord], now: datetime) -> list[str]:
        """Note an event's records; return the ids of those with which a user id exceeded `MOST_ADDRESSES`.

        A user id is reported once in `WINDOW`: a seventh address says nothing new.
        """
        return [record.record_id for record in records if self._exceeds(record.customer, now)]

    def _exceeds(self, customer: Customer, now: datetime) -> bool:
        address = customer.email or customer.phone
        if customer.user_id is None or address is None:
            return False
        addresses = self._seen.pop(customer.user_id, None)
        if addresses is None or now - addresses.since > WINDOW:
            addresses = _Addresses(now)
        self._seen[customer.user_id] = addresses
        if len(self._seen) > MOST_USERS:
            self._seen.popitem(last=False)
        before = len(addresses.hashes)
        if before <= MOST_ADDRESSES:
            addresses.hashes.add(hash(address.lower()))
        return before == MOST_ADDRESSES < len(addresses.hashes)
