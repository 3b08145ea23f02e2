"""What text from outside must be like before it reaches Customer Profiles."""

import json
import re
from itertools import chain
from typing import Any

MAX_TEXT = 255
"""Characters in a profile's string or attribute value (Customer Profiles model: string1To255)."""

CLEAN = re.compile(r"[^\x00-\x1f\x7f-\x9f\ud800-\udfff]{1,255}")
"""1 to 255 characters, no control character and no half of a surrogate pair."""

MAX_DEPTH = 64
"""Levels that maps and lists may be nested. An endpoint has four; the limit is ours, so that what one function takes
is read by the next, whatever the interpreter's stack allows at either place."""

LONE_SURROGATE = re.compile(r"[\ud800-\udfff]")

_CONTAINERS = (dict, list)


def is_clean(value: object) -> bool:
    """Return whether ``value`` is text that a profile can hold as it is."""
    return isinstance(value, str) and CLEAN.fullmatch(value) is not None


def tidy(value: str) -> str:
    """Return ``value`` with its white space, line ends and tabs included, folded to single blanks and trimmed."""
    return " ".join(value.split())


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
