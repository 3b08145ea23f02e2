"""Reads what an event says about its journey: ids, names and further scalars, none of which any document promises."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from engagement.text import DIGEST_PREFIX, LONE_SURROGATE, is_clean, plain, tidy

MAX_CONTEXT_TEXT = 5_120
"""Characters of an event's member that are kept as context: as many as Pinpoint's ``Data`` may hold (5 KB)."""
MAX_CONTEXT_BITS = 64
MAX_CONTEXT = 16_384
"""Characters of all the context together: it travels with every one of the event's records."""
MAX_EXACT = 2.0**53
"""Beyond it a float is not the number that was written."""
MAX_ID_BITS = 512
"""Of a whole number that is an id: its digits fit a text. Python refuses to write very long ones at all."""


def journey_id(value: object) -> str | None:
    """Return an id as text that a record can hold: two ids never become one, and none is taken for absent.

    A number becomes its digits. A value that does not fit 255 printable characters, or is neither text nor number,
    becomes its SHA-256. None: the value is null, blank or empty.
    """
    if value is None or value in ("", [], {}):
        return None
    if isinstance(value, str):
        text = tidy(plain(value))
        return (text if is_clean(text) else _sha256(text)) if text else None
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < MAX_EXACT else repr(value)
    if isinstance(value, int) and not isinstance(value, bool) and value.bit_length() <= MAX_ID_BITS:
        return str(value)
    try:
        return _sha256(json.dumps(value, sort_keys=True))
    except (ValueError, RecursionError):
        return _sha256("beyond all limits")


def journey_name(value: object) -> str | None:
    """Return a name as it is shown, a number as its digits; None if it is no text that a record can hold."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return journey_id(value)
    if not isinstance(value, str):
        return None
    text = tidy(value)
    return text if is_clean(text) else None


def context_of(members: Mapping[str, Any]) -> dict[str, Any]:
    """Return the first scalars among ``members``, as many as fit into `MAX_CONTEXT`."""
    context: dict[str, Any] = {}
    room = MAX_CONTEXT
    for name, value in members.items():
        if is_clean(name) and _is_context(value):
            room -= len(name) + len(str(value))
            if room < 0:
                break
            context[name] = value
    return context


def _is_context(value: object) -> bool:
    if isinstance(value, str):
        return len(value) <= MAX_CONTEXT_TEXT and LONE_SURROGATE.search(value) is None
    return isinstance(value, int) and value.bit_length() <= MAX_CONTEXT_BITS


def _sha256(text: str) -> str:
    return f"{DIGEST_PREFIX}{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()}"
