"""Reads the offer's name from what the marketer typed into the journey's activity."""

import json
from typing import Any

from engagement.errors import InvalidRecordError
from engagement.reasons import Reason
from engagement.text import MAX_TEXT, is_clean, tidy


def offer_name(data: object, default: str) -> str:
    """Return the offer that ``data`` names: a JSON object with ``offerName``, or plain text; else ``default``.

    Absent, null, blank text and an object without ``offerName`` name no offer.

    Raises:
        InvalidRecordError: the name is not text of 1 to 255 printable characters, or the JSON object is broken.
    """
    named = _named(data)
    if named is None:
        return default
    if not isinstance(named, str):
        raise InvalidRecordError(Reason.INVALID_OFFER, f"the offer's name is {type(named).__name__}, not text")
    name = tidy(named)
    if not name:
        return default
    if not is_clean(name):
        raise InvalidRecordError(
            Reason.INVALID_OFFER,
            f"the offer's name has {len(name)} characters, or control characters; 1 to {MAX_TEXT} printable ones fit",
        )
    return name


def _named(data: object) -> Any:  # noqa: ANN401 - whatever a JSON object holds
    if isinstance(data, dict):
        return data.get("offerName")
    if isinstance(data, str) and data.lstrip().startswith("{"):
        return _parsed(data).get("offerName")
    return data


def _parsed(data: str) -> dict[str, Any]:
    try:
        return dict(json.loads(data))
    except (ValueError, RecursionError) as error:
        raise InvalidRecordError(
            Reason.INVALID_OFFER, "the custom data looks like a JSON object but is none"
        ) from error
