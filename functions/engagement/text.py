"""What text from outside must be like before it reaches Customer Profiles."""

import json
import re
from typing import Any

MAX_TEXT = 255
"""Characters in a profile's string or attribute value (Customer Profiles model: string1To255)."""

CLEAN = re.compile(r"[^\x00-\x1f\x7f-\x9f\ud800-\udfff]{1,255}")
"""1 to 255 characters, no control character and no half of a surrogate pair."""

LONE_SURROGATE = re.compile(r"[\ud800-\udfff]")


def is_clean(value: object) -> bool:
    """Return whether ``value`` is text that a profile can hold as it is."""
    return isinstance(value, str) and CLEAN.fullmatch(value) is not None


def tidy(value: str) -> str:
    """Return ``value`` with its white space, line ends and tabs included, folded to single blanks and trimmed."""
    return " ".join(value.split())


def json_safe(value: Any) -> Any:  # noqa: ANN401 - any JSON value goes in and comes out
    """Return ``value`` with every lone surrogate replaced by U+FFFD: half a character cannot be stored anywhere.

    Raises:
        ValueError: ``value`` is not JSON: it holds an infinite number, or is nested too deeply to be written.
    """
    try:
        written = json.dumps(value, ensure_ascii=False, allow_nan=False)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if LONE_SURROGATE.search(written) is None:
        return value
    return json.loads(LONE_SURROGATE.sub("�", written))
