"""Which customer a parked message is about."""

import json
from collections.abc import Iterator
from typing import Any

NAMES = frozenset({"userId", "UserId", "accountNumber"})
"""What the user id is called in a record, in Pinpoint's events and our objects, and in Connect's events."""
NESTED = frozenset({"CustomerData", "object"})
"""Members whose text is JSON again: a Connect event's customer, and the object in a domain's dead letter."""


def is_of_user(body: str, user_id: str) -> bool:
    """Return whether a message's body names this user id; a body that cannot be read names nobody."""
    return any(found == user_id for found in _user_ids(body))


def _user_ids(body: str) -> Iterator[Any]:
    waiting = [_parsed(body)]
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting += value
        elif isinstance(value, dict):
            yield from (member for name, member in value.items() if name in NAMES)
            waiting += [_parsed(member) if name in NESTED else member for name, member in value.items()]


def _parsed(value: object) -> object:
    try:
        return json.loads(value) if isinstance(value, str) else value
    except (ValueError, RecursionError):
        return None
