"""What is personal in an event of a journey, and a search for it in whatever was told about the event."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from local.demo.events import Event

KINDS: Mapping[str, str] = {
    "UserId": "user id",
    "accountNumber": "user id",
    "appUserId": "user id",
    "FirstName": "name",
    "LastName": "name",
    "firstName": "name",
    "lastName": "name",
    "emailAddress": "e-mail address",
    "email": "e-mail address",
    "phoneNumber": "phone number",
}
"""Members whose value is personal, at whatever depth, and what it is."""
FEWEST_DIGITS = 9
"""Of a phone number: shorter runs of digits are found everywhere."""


@dataclass(frozen=True)
class PersonalData:
    """The personal values of some events.

    Attributes:
        values: By kind.
    """

    values: Mapping[str, frozenset[str]]

    @classmethod
    def of(cls, events: Iterable[Event]) -> "PersonalData":
        """Collect them."""
        found: dict[str, set[str]] = {}
        for event in events:
            for kind, value in _personal("", event.members):
                found.setdefault(kind, set()).add(value)
        return cls({kind: frozenset(values) for kind, values in found.items()})

    def found_in(self, told: str) -> set[tuple[str, str]]:
        """Return kind and value of all that occurs in a text, or in the JSON that the text is."""
        texts = "\n".join([told, *_texts(told)])
        folded, digits = texts.casefold(), re.sub(r"[^\d\n]", "", texts)
        words = set(re.findall(r"\w+", folded))
        return {
            (kind, value)
            for kind, values in self.values.items()
            for value in values
            if _occurs(kind, value.casefold(), folded, digits, words)
        }


def _occurs(kind: str, value: str, folded: str, digits: str, words: set[str]) -> bool:
    if kind == "name":
        # whole words alone: "Li" is in "delivered"
        return set(re.findall(r"\w+", value)) <= words
    if kind == "phone number":
        return re.sub(r"\D", "", value) in digits
    return value in folded


def _personal(name: str, value: object) -> Iterator[tuple[str, str]]:
    match value:
        case dict():
            for member, inner in value.items():
                yield from _personal(str(member), inner)
        case list():
            for inner in value:
                yield from _personal(name, inner)
        case str() if name == "CustomerData":
            yield from _personal("", json.loads(value))
        case str() if name == "Address":
            yield from _address(value.strip())
        case str() if name in KINDS and value:
            yield KINDS[name], value


def _address(address: str) -> Iterator[tuple[str, str]]:
    """An address is an e-mail address, a phone number, or the token of a device."""
    if "@" in address:
        yield "e-mail address", address
    elif len(re.sub(r"\D", "", address)) >= FEWEST_DIGITS and re.fullmatch(r"[+\d\s().-]+", address):
        yield "phone number", address


def _texts(told: str) -> Iterator[str]:
    """Yield every line of JSON again as plain characters: a name may hide behind escapes."""
    for line in told.splitlines():
        try:
            yield _plain(json.loads(line))
        except ValueError:
            continue


def _plain(document: Any) -> str:
    return json.dumps(document, ensure_ascii=False)
