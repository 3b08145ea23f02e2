"""Recognises e-mail addresses and phone numbers, in the one spelling that Customer Profiles will match."""

import re

from engagement.text import CLEAN

EMAIL = re.compile(r"[^\s@<>,;:\"()\[\]\\]+@[^\s@<>,;:\"()\[\]\\.]+(\.[^\s@<>,;:\"()\[\]\\.]+)+")
E164 = re.compile(r"\+[1-9][0-9]{6,14}")
"""ITU-T E.164: a plus sign, the country code, at most 15 digits in all."""
DIALLED = re.compile(r"\+?[0-9]{3,15}")
TRUNK_PREFIX = "(0)"
"""In +44 (0)20 7946 0958, by the usual reading: dialled within the country, not after the country code."""
SEPARATORS = re.compile(r"[\s().\-\u2010-\u2015/]")


def email_address(address: str) -> str | None:
    """Return the address trimmed, or None where it plainly is no e-mail address."""
    trimmed = address.strip()
    is_address = EMAIL.fullmatch(trimmed) is not None and CLEAN.fullmatch(trimmed) is not None
    return trimmed if is_address else None


def e164_number(address: str) -> str | None:
    """Return the number without separators, or None where it plainly is no E.164 number."""
    return _number(address, E164)


def phone_number(address: str) -> str | None:
    """Return the number without separators: the address of an endpoint that is known to be a phone's."""
    return _number(address, DIALLED)


def _number(address: str, form: re.Pattern[str]) -> str | None:
    is_international = address.lstrip().startswith("+")
    digits = SEPARATORS.sub("", address.replace(TRUNK_PREFIX, "") if is_international else address)
    return digits if form.fullmatch(digits) else None
