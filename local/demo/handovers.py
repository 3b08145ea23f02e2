"""What a function's answer says became of each customer of an event, for both contracts."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

JOINERS = "\u200c\u200d"
"""Characters that are no letters and yet part of Persian words and of composed signs."""


class Status(StrEnum):
    """What the function did with a customer."""

    QUEUED = "queued"
    PARKED = "parked"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Handover:
    """One customer of one event.

    Attributes:
        event: The event's name.
        customer: The endpoint's or profile's id; None where the event gives none.
        status: What the function did.
        record_id: The record's id, where there is a record.
        reason: Why it was parked or failed.
    """

    event: str
    customer: str | None
    status: Status
    record_id: str | None = None
    reason: str | None = None

    def __str__(self) -> str:
        """Name the customer for a person who is to find it again."""
        record = "" if self.record_id is None else f", record {self.record_id}"
        return f"{printable(self.customer or 'a customer without an id')} of {self.event}{record}"


def printable(text: str) -> str:
    """Return text from outside as a terminal may show it.

    What could move its cursor, or turn the writing round, is written as an escape. Joiners are part of words and signs.
    """
    return "".join(letter if letter.isprintable() or letter in JOINERS else ascii(letter)[1:-1] for letter in text)


def customers(event: Mapping[str, Any]) -> list[str | None]:
    """Return the ids of an event's customers, in its order; none where the event follows no contract."""
    endpoints = event.get("Endpoints")
    if isinstance(endpoints, dict):
        return list(endpoints)
    return [_id(profile, "ProfileId") for profile in _profiles(event)]


def answered(name: str, event: Mapping[str, Any], answer: Mapping[str, Any]) -> list[Handover]:
    """Return what the answer says of each customer.

    One whom it cannot name, since the id is missing or cannot be written, must be in the dead-letter queue.
    """
    if isinstance(event.get("Endpoints"), dict):
        return [
            _handover(name, customer, _map(_map(answer.get(str(customer))).get("EventAttributes")), "Engagement")
            for customer in customers(event)
        ]
    return list(_connect(name, customers(event), _profiles(answer)))


def failed(name: str, event: Mapping[str, Any], reason: str) -> list[Handover]:
    """Return the customers of an event whose invocation failed."""
    return [Handover(name, customer, Status.FAILED, reason=reason) for customer in customers(event)]


def _connect(name: str, keys: Sequence[str | None], results: Sequence[object]) -> Iterator[Handover]:
    """Pair profiles with results, in order: a profile may be in an event twice."""
    remaining = list(results)
    for key in keys:
        if key is None:
            yield Handover(name, None, Status.PARKED)
            continue
        result = next((result for result in remaining if _id(result, "Id") == key), None)
        if result is not None:
            remaining.remove(result)
        yield _handover(name, key, _map(_map(result).get("ResultData")), "")


def _handover(name: str, customer: str | None, said: Mapping[str, Any], prefix: str) -> Handover:
    """Read one customer's part of an answer: the same three members, spelt as each contract has them."""
    status, record_id, reason = (
        said.get(f"{prefix}{member}" if prefix else member[0].lower() + member[1:])
        for member in ("Status", "RecordId", "Reason")
    )
    if status not in set(Status):
        return Handover(name, customer, Status.PARKED)
    return Handover(name, customer, Status(status), record_id, reason)


def _profiles(members: Mapping[str, Any]) -> Sequence[object]:
    profiles = _map(members.get("Items")).get("CustomerProfiles")
    return profiles if isinstance(profiles, list) else []


def _id(value: object, name: str) -> str | None:
    found = _map(value).get(name)
    return found if isinstance(found, str) else None


def _map(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
