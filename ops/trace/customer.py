"""Which customer the operator means, and whether a parked message is about them."""

import json
from collections.abc import Iterator

from engagement.record import Customer
from engagement.text import fitting, half_width, plain
from ingest.fields.email_address import email_address
from ingest.fields.errors import UnreadableError
from ingest.fields.phone_number import phone_number

USER_ID = frozenset({"userId", "UserId", "accountNumber"})
"""What the user id is called in a record, in Pinpoint's events and our objects, and in Connect's events."""
PROFILE_ID = frozenset({"profileId", "ProfileId"})
"""The same for Customer Profiles' own id: in a record and our objects, and in Connect's events."""
ADDRESS = frozenset({"email", "phone", "Address"})
"""The same for an e-mail address or phone number: in a record and our objects, and in Pinpoint's events."""
NESTED = frozenset({"CustomerData", "object"})
"""Members whose text is JSON again: a Connect event's customer, and the object in a domain's dead letter."""


def is_of_customer(body: str, customer: Customer, region: str = "") -> bool:
    """Return whether a message's body names one of the customer's keys; a body that cannot be read names no one.

    ``region`` is that of phone numbers that name no country; empty: not known.
    """
    return any(_is_key(name, value, customer, region) for name, value in _members(body))


def _is_key(name: str, value: str, customer: Customer, region: str) -> bool:
    if name in USER_ID:
        return fitting(plain(value)) == customer.user_id
    if name in PROFILE_ID:
        return plain(value) == customer.profile_id
    return name in ADDRESS and _address(value, region) in _addresses(customer)


def _addresses(customer: Customer) -> set[str]:
    """Return the customer's addresses as Customer Profiles matches them: in any case."""
    email = None if customer.email is None else _address(customer.email, "")
    return {address for address in (email, customer.phone) if address is not None}


def _address(value: str, region: str) -> str | None:
    try:
        return email_address(value).lower() if "@" in half_width(value) else phone_number(value, region)
    except UnreadableError:
        return None


def _members(body: str) -> Iterator[tuple[str, str]]:
    waiting = [_parsed(body)]
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting += value
        elif isinstance(value, dict):
            yield from ((name, str(member)) for name, member in value.items() if isinstance(member, str | int))
            waiting += [_parsed(member) if name in NESTED else member for name, member in value.items()]


def _parsed(value: object) -> object:
    try:
        return json.loads(value) if isinstance(value, str) else value
    except (ValueError, RecursionError):
        return None
