"""What text from outside must be like before it reaches Customer Profiles."""

import hashlib
import json
import re
import unicodedata
from itertools import chain
from typing import Any

MAX_TEXT = 255
"""Characters in a profile's string or attribute value (Customer Profiles model: string1To255)."""

CLEAN = re.compile(r"[^\x00-\x1f\x7f-\x9f\ud800-\udfff]{1,255}")
"""1 to 255 characters, no control character and no half of a surrogate pair."""

MAX_DEPTH = 64
"""Levels that maps and lists may be nested. An endpoint has four; the limit is ours, so that what one function takes
is read by the next, whatever the interpreter's stack allows at either place."""

_FORMAT = (
    "\u00ad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064"
    "\u2066-\u206f\ufeff\ufff9-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0001"
)
"""Unicode's category Cf (format characters), but for the tags: written out, since older Pythons know fewer of them."""
_TAGS = "\U000e0020-\U000e007f"
"""Also Cf. After a black flag they spell which one, such as Scotland's."""
_BLANK = (
    "\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2065\u2800\u3164\ufe00-\ufe0f\uffa0\ufff0-\ufff8\U000e0000-\U000e0fff"
)
"""What else shows nothing: Unicode's Default_Ignorable_Code_Point beyond Cf (fillers, variation selectors), and the
empty Braille cell."""
_INVISIBLE = re.compile(f"[{_FORMAT}{_TAGS}{_BLANK}]")
_EDGES = re.compile(rf"^[\s{_FORMAT}{_TAGS}]+|[\s{_FORMAT}]+$")
_TAGS_AT_END = re.compile(f"[{_TAGS}]+$")
_FLAG_AT_END = re.compile("\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]+\U000e007f$")
"""Unicode's emoji tag sequence (UTS 51): a black flag, letters and digits as tags, and the tag that ends them."""
_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
"""The full-width forms of ASCII, which East Asian keyboards type."""
DIGEST_PREFIX = "sha256:"

UNSTORABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
"""What no profile holds: control characters, and halves of characters."""
LONE_SURROGATE = re.compile(r"[\ud800-\udfff]")

_CONTAINERS = (dict, list)


def is_clean(value: object) -> bool:
    """Return whether ``value`` is text that a profile can hold as it is."""
    return isinstance(value, str) and CLEAN.fullmatch(value) is not None


def tidy(value: str) -> str:
    """Return a name as it is shown: in NFC, its white space folded to single blanks, nothing invisible at its ends.

    What is invisible inside stays: U+200D joins emoji families, U+200C shapes Persian words, tags spell flags.
    """
    folded = " ".join(unicodedata.normalize("NFC", value).split())
    while (trimmed := _trimmed(folded)) != folded:
        folded = trimmed
    return folded


def _trimmed(name: str) -> str:
    visible = _EDGES.sub("", name)
    return visible if _FLAG_AT_END.search(visible) else _TAGS_AT_END.sub("", visible)


def plain(value: str) -> str:
    """Return an id or address without anything invisible, in NFC and trimmed: two that look alike are then equal."""
    # nothing in ASCII is invisible but blanks and control characters, and the latter are refused
    return value.strip() if value.isascii() else unicodedata.normalize("NFC", _INVISIBLE.sub("", value)).strip()


def half_width(value: str) -> str:
    """Return ``value`` with the full-width forms of ASCII as ASCII."""
    return value if value.isascii() else value.translate(_WIDE)


def fitting(identifier: str) -> str:
    """Return an id that a profile can hold: itself, or ``sha256:`` and the digest of one that is too long.

    Cut off, two long ids could become one; left out, all of them would.
    """
    if len(identifier) <= MAX_TEXT:
        return identifier
    return DIGEST_PREFIX + hashlib.sha256(identifier.encode("utf-8", "surrogatepass")).hexdigest()


def json_safe(value: Any) -> Any:  # noqa: ANN401 - any JSON value goes in and comes out
    """Return ``value`` with every lone surrogate replaced by U+FFFD: half a character cannot be stored anywhere.

    Raises:
        ValueError: ``value`` is not JSON that can travel: it holds an infinite number, or is nested too deeply.
    """
    if is_too_deep(value):
        raise ValueError(f"nested deeper than {MAX_DEPTH} levels")
    written = json.dumps(value, ensure_ascii=False, allow_nan=False)
    if LONE_SURROGATE.search(written) is None:
        return value
    return json.loads(LONE_SURROGATE.sub("\ufffd", written))


def is_too_deep(value: object) -> bool:
    """Return whether the maps and lists of ``value`` are nested deeper than `MAX_DEPTH` levels."""
    level: list[Any] = [value] if isinstance(value, _CONTAINERS) else []
    depth = 0
    while level and depth < MAX_DEPTH:
        members = (container.values() if isinstance(container, dict) else container for container in level)
        level = [member for member in chain.from_iterable(members) if isinstance(member, _CONTAINERS)]
        depth += 1
    return bool(level)
