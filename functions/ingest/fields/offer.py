"""Reads the offer's name from what the marketer typed into the journey's activity."""

import base64
import binascii
import html
import json
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_plus

from engagement.errors import InvalidRecordError
from engagement.reasons import Reason
from engagement.text import MAX_TEXT, is_clean, tidy

MEMBER = "offerName"
MAX_WRAPPINGS = 8
"""Times that custom data may be JSON within JSON; nothing that is encoded more often is a name."""
MAX_ESCAPED = 16_384
"""Characters of text that is searched for an escaped form: Pinpoint's ``Data`` holds 5 KB."""

_NEAR_MISS = re.compile(r"[\s_.-]*offer[\s_.-]{0,4}name[\s_.-]*", re.IGNORECASE)
_CONTAINER = re.compile(r'\s*\\*["\']?\s*[{\[]')
"""How a text in quotes or brackets continues if it is JSON, and not an offer like ``[New] 2 for 1``."""
_MACHINE_TEXT = re.compile(
    r"\{[^{}]*[:=][^{}]*\}|%7B(?:%22|%5C)|\[object \w+\]"
    r"|offer[_.-]?name[\"'\u201c\u201d\\]*\s*(?:[:=>]|&(?:quot|#\d+);|%22)",
    re.IGNORECASE,
)
"""What is no offer's name: a map of names and values, or our member's name followed by a value."""
_NOTHING = re.compile(r"undefined|null|nil|none|nan|n/a", re.IGNORECASE)
"""What programs write if there is no offer."""
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{8,}={0,2}")


@dataclass(frozen=True, slots=True)
class Offer:
    """The offer that a journey's step is about.

    Attributes:
        name: 1 to 255 printable characters.
        is_named: Whether the custom data names it; else the settings do.
        unnamed: One line about custom data that should have named the offer and does not; else None.
    """

    name: str
    is_named: bool = False
    unnamed: str | None = None


def offer_of(data: object, default: str) -> Offer:
    """Return the offer that ``data`` names: JSON with ``offerName``, or plain text; else ``default``.

    JSON may be encoded several times, be a list of one, have a byte order mark, or be escaped for HTML, for a URL or in
    Base64. Absent, null, blank text and an object without ``offerName`` name no offer.

    Raises:
        InvalidRecordError: the name is not text of 1 to 255 printable characters, or the JSON is broken: an agent must
            never be shown text that is meant for a program.
    """
    named = _unwrapped(data)
    if isinstance(named, _Unnamed):
        return Offer(default, unnamed=named.detail)
    if named is None:
        return Offer(default)
    if not isinstance(named, str):
        raise _invalid(f"the offer's name is {type(named).__name__}, not text")
    name = tidy(named)
    if not name:
        return Offer(default)
    if _NOTHING.fullmatch(name) is not None:
        return Offer(default, unnamed="the custom data is a placeholder, such as null or undefined")
    if not is_clean(name):
        raise _invalid(
            f"the offer's name has {len(name)} characters, or control characters; 1 to {MAX_TEXT} printable ones fit"
        )
    if _MACHINE_TEXT.search(name) is not None:
        raise _invalid("the offer's name looks like JSON or another program's text")
    return Offer(name, is_named=True)


@dataclass(frozen=True, slots=True)
class _Unnamed:
    """Custom data that is JSON and names no offer."""

    detail: str


def _unwrapped(data: object) -> Any:  # noqa: ANN401 - whatever a JSON object holds
    for _ in range(MAX_WRAPPINGS):
        match data:
            case dict():
                if MEMBER not in data:
                    return _Unnamed(_without_name(data))
                data = data[MEMBER]
                if not isinstance(data, str):
                    return data
            case []:
                return _Unnamed("the custom data is an empty list")
            case [data]:
                continue
            case list():
                raise _invalid(f"the custom data is a list of {len(data)} values, not of one")
            case str():
                parsed = _parsed(data)
                if isinstance(parsed, str) and parsed == data:
                    return data
                data = parsed
            case _:
                return data
    raise _invalid(f"the custom data is JSON within JSON, more than {MAX_WRAPPINGS} times")


def _without_name(members: Mapping[str, Any]) -> str:
    """Name the members that were probably meant, and no others: their names may be personal data."""
    near = sorted({name.strip() for name in members if _NEAR_MISS.fullmatch(name) is not None})
    shown = f"; it has {', '.join(near)[:80]}" if near else ""
    return f"the custom data is JSON without {MEMBER}{shown}"


def _parsed(text: str) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Return the value of text that is JSON; the text itself if it is an offer's plain name."""
    bare = _bare(text)
    if bare == "null":
        return None
    if bare[:1] == "{":
        return _json(bare, _unescaped(bare))
    if bare[:1] in ("[", '"'):
        value = _json_or_none(bare)
        if value is not None:
            return value
        if _CONTAINER.match(bare[1:]) is not None:
            return _json(bare, _unescaped(bare))
    return text if (escaped := _unescaped(bare)) is None else escaped


def _bare(text: str) -> str:
    """Return text without blanks and invisible characters around it."""
    start, end = 0, len(text)
    while start < end and _is_blank(text[start]):
        start += 1
    while end > start and _is_blank(text[end - 1]):
        end -= 1
    return text[start:end]


def _is_blank(sign: str) -> bool:
    return sign.isspace() or sign == "\0" or unicodedata.category(sign) == "Cf"


def _json(text: str, unescaped: str | None) -> Any:  # noqa: ANN401 - whatever JSON holds
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        if unescaped is not None:
            return unescaped
        raise _invalid("the custom data looks like JSON but is not valid JSON") from error


def _json_or_none(text: str) -> Any:  # noqa: ANN401 - whatever JSON holds
    try:
        return json.loads(text)
    except ValueError:
        return None
    except RecursionError as error:
        raise _invalid("the custom data is nested too deeply") from error


def _unescaped(text: str) -> str | None:
    """Return JSON that was escaped on its way, for HTML, for a URL or in Base64; None if the text is not such JSON."""
    if len(text) > MAX_ESCAPED:
        return None
    ways: tuple[Callable[[str], str], ...] = (html.unescape, unquote_plus, _of_base64)
    for way in ways:
        found = _bare(way(text))
        if found != text and found[:1] in ("{", "[", '"') and _is_json(found):
            return found
    return None


def _is_json(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict | list | str)
    except (ValueError, RecursionError):
        return False


def _of_base64(text: str) -> str:
    if _BASE64.fullmatch(text) is None:
        return ""
    padded = text.rstrip("=").translate(str.maketrans("-_", "+/"))
    try:
        return base64.b64decode(padded + "=" * (-len(padded) % 4), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _invalid(detail: str) -> InvalidRecordError:
    return InvalidRecordError(Reason.INVALID_OFFER, detail)
