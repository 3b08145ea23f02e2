"""Which customer the operator means, and whether a parked message is about them."""

import json
from collections.abc import Iterator

from engagement.record import Customer
from ingest.identity import email_address, phone_number

USER_ID = frozenset({"userId", "UserId", "accountNumber"})
"""What the user id is called in a record, in Pinpoint's events and our objects, and in Connect's events."""
PROFILE_ID = frozenset({"profileId", "ProfileId"})
"""The same for Customer Profiles' own id: in a record and our objects, and in Connect's events."""
ADDRESS = frozenset({"email", "phone", "Address"})
"""The same for an e-mail address or phone number: in a record and our objects, and in Pinpoint's events."""
NESTED = frozenset({"CustomerData", "object"})
"""Members whose text is JSON again: a Connect event's customer, and the object in a domain's dead letter."""


def is_of_customer(body: str, customer: Customer) -> bool:
    """Return whether a message's body names one of the customer's keys; a body that cannot be read names nobody."""
    return any(_is_key(name, value, customer) for name, value in _members(body))


def _is_key(name: str, value: str, customer: Customer) -> bool:
    if name in USER_ID:
        return value == customer.user_id
    if name in PROFILE_ID:
        return value == customer.profile_id
    if name not in ADDRESS:
        return False
    email, phone = email_address(value), phone_number(value)
    # as Customer Profiles matches addresses: in any case
    is_email = email is not None and customer.email is not None and email.lower() == customer.email.lower()
    return is_email or (phone is not None and phone == customer.phone)


def _members(body: str) -> Iterator[tuple[str, str]]:
    waiting = [_parsed(body)]
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting += value
        elif isinstance(value, dict):
            yield from ((name, member) for name, member in value.items() if isinstance(member, str))
            waiting += [_parsed(member) if name in NESTED else member for name, member in value.items()]


def _parsed(value: object) -> object:
    try:
        return json.loads(value) if isinstance(value, str) else value
    except (ValueError, RecursionError):
        return None
