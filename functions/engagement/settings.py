"""Readers for typed settings: each names the setting, its value and what was expected when it refuses one."""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from engagement.errors import SettingsError

Choice = TypeVar("Choice", bound=StrEnum)

QUEUE_URL = re.compile(r"https?://[^\s/]+/\S+")
PROFILE_NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")
# Connect admin guide, "Object type mapping requirements": a name cannot start with "_", which is for standard object
# types; the API's own pattern would let it.
OBJECT_TYPE_NAME = re.compile(r"[a-zA-Z][a-zA-Z_0-9-]{0,254}")
OBJECT_TYPE_NAME_EXPECTED = "1 to 255 letters, digits, underscores or hyphens, beginning with a letter"


def text(environment: Mapping[str, str], name: str, pattern: re.Pattern[str], expected: str) -> str:
    """Return the setting ``name`` when the whole of it matches ``pattern``.

    Raises:
        SettingsError: it is missing or does not match; ``expected`` completes the sentence.
    """
    value = environment.get(name)
    if value is None or pattern.fullmatch(value) is None:
        raise SettingsError(name, value, expected)
    return value


def queue_url(environment: Mapping[str, str], name: str) -> str:
    """Return the URL of an SQS queue."""
    return text(environment, name, QUEUE_URL, "the URL of an SQS queue")


def flag(environment: Mapping[str, str], name: str) -> bool:
    """Return a setting that is the word true or false."""
    return text(environment, name, re.compile("true|false"), "true or false") == "true"


def whole_number(environment: Mapping[str, str], name: str, low: int, high: int) -> int:
    """Return a whole number from ``low`` to ``high``, both included."""
    expected = f"a whole number from {low} to {high}"
    digits = text(environment, name, re.compile(r"[0-9]{1,9}"), expected)
    if not low <= int(digits) <= high:
        raise SettingsError(name, digits, expected)
    return int(digits)


def choice(environment: Mapping[str, str], name: str, choices: type[Choice]) -> Choice:
    """Return the member of ``choices`` whose value the setting has."""
    words = [str(member) for member in choices]
    return choices(text(environment, name, re.compile("|".join(words)), " or ".join(words)))
