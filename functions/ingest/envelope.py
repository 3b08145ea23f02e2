"""An event reduced to one customer, as it is parked: what the customers share is written once, and bounded in size."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

MAX_ENVELOPE = 65_536
"""Characters of an event's other members in each parked event; Pinpoint's and Connect's have some 1,000."""

_UNSENDABLE = re.compile("[\ud800-\udfff\ufffe\uffff]")
"""Characters that JSON can express and no SQS message may hold."""
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|-?Infinity|NaN')
_OVERFLOWN = {"Infinity": "1e999", "-Infinity": "-1e999", "NaN": "null"}
"""Python reads 1e999 as infinity and writes that as a word that is not JSON; it is parked as it came."""


@dataclass(frozen=True)
class Envelope:
    """The members of an event that are not customers.

    Attributes:
        members: All of them.
        needed: Names of the members that the record depends on, at any level: they are always kept.
    """

    members: Mapping[str, Any]
    needed: frozenset[str] = frozenset()

    @cached_property
    def written(self) -> str:
        """The members as they are parked: JSON without the braces; empty if there are none.

        Beyond `MAX_ENVELOPE` the needed and the smallest members are kept, and the others replaced by their number,
        size and digest.

        Raises:
            RecursionError: they are nested too deeply to be written.
        """
        whole = written(self.members)
        if len(whole) > MAX_ENVELOPE:
            whole = written(_thinned(self.members, self.needed))
        return whole[1:-1]


@dataclass(frozen=True, slots=True)
class SingleCustomerEvent:
    """An event reduced to one customer, in the caller's own format.

    Attributes:
        envelope: The members of the event that are not customers, shared by all of them.
        customer: The members that hold the customer.
    """

    envelope: Envelope
    customer: Mapping[str, Any]

    def written(self) -> str:
        """Return the event as JSON that SQS takes.

        Raises:
            RecursionError: it is nested too deeply to be written.
        """
        beside, customer = self.envelope.written, written(self.customer)
        return f"{{{beside},{customer[1:]}" if beside else customer


def written(value: Mapping[str, Any]) -> str:
    """Return a map as JSON that SQS takes.

    Raises:
        RecursionError: it is nested too deeply to be written.
    """
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    sendable = _UNSENDABLE.sub(lambda character: f"\\u{ord(character[0]):04x}", text)
    return _TOKEN.sub(lambda token: _OVERFLOWN.get(token[0], token[0]), sendable)


def _thinned(members: Mapping[str, Any], needed: frozenset[str]) -> dict[str, Any]:
    """Return the needed members, and of the others the smallest that fit."""
    kept = {
        name: _thinned(value, needed) if isinstance(value, dict) else value
        for name, value in members.items()
        if name in needed
    }
    others = {name: written({name: value}) for name, value in members.items() if name not in needed}
    room = MAX_ENVELOPE // 4
    left_out = []
    for name, text in sorted(others.items(), key=lambda item: len(item[1])):
        room -= len(text)
        if room >= 0:
            kept[name] = members[name]
        else:
            left_out.append(text)
    if left_out:
        kept["omitted"] = _facts(left_out)
    return kept


def _facts(texts: list[str]) -> dict[str, Any]:
    whole = "".join(texts).encode()
    return {"members": len(texts), "bytes": len(whole), "sha256": hashlib.sha256(whole).hexdigest()}
