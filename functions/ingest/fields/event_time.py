"""Reads the time that an event gives, in every usual spelling; an ambiguous one is unreadable.

Sources of the spellings: RFC 3339 and ISO 8601 as Python's `datetime.fromisoformat` reads it, RFC 9557 (a zone in
brackets), RFC 1123 and its relatives with the month as a word, and the epoch in seconds, milliseconds, microseconds or
nanoseconds, which no plausible moment has in two of these units.
"""

import re
import unicodedata
from datetime import UTC, datetime, timedelta, tzinfo
from typing import NamedTuple
from zoneinfo import ZoneInfo

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
"""No journey is older. Year 1 and the epoch's beginning are what programs write for "none"."""
LATEST_AHEAD = timedelta(days=366)
"""After the call: more than clocks and time zones differ. A journey calls when a customer is due."""
MAX_WRITTEN = 200
"""Characters; the longest usual spelling, JavaScript's with the zone's name, has some 60."""
MAX_BITS = 64
"""Of a whole number: nanoseconds take 61. Python refuses to write very long ones at all."""

_UNITS = (1, 10**3, 10**6, 10**9)
"""Parts of a second: seconds, milliseconds, microseconds, nanoseconds."""
_NUMBER = re.compile(r"\+?[0-9]{9,19}(?:\.[0-9]*)?|\+?[0-9](?:\.[0-9]{1,19})?E\+?(?:9|1[0-8])")
_COMPACT = re.compile(r"[0-9]{14}")
_DOT_NET = re.compile(r"\\?/DATE\(([0-9]{9,19})(?:[+-][0-9]{4})?\)\\?/")
_BRACKETS = re.compile(r"\[!?([^\[\]]*)\]")
_YEAR_FIRST = re.compile(r"([0-9]{4})/([0-9]{2})/([0-9]{2})(?![0-9])")
_ZONE_WORD = re.compile(r" ?(?:UTC|GMT|ZULU)$|(?<=[0-9]) Z$")
_REPEATED_ZONE = re.compile(r"(?<=[+-][0-9]{4}) [A-Z]{3,5}$")
_OFFSET = re.compile(r" (?=[+-][0-9]{2}(?::?[0-9]{2})?$)")
_HAS_OFFSET = re.compile(r"(?:Z|[+-][0-9]{2}(?::?[0-9]{2})?)$")
_COMMENT = re.compile(r"\([^()]*\)")
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_LONG_MONTHS = (
    "JANUARY",
    "FEBRUARY",
    "MARCH",
    "APRIL",
    "MAY",
    "JUNE",
    "JULY",
    "AUGUST",
    "SEPTEMBER",
    "OCTOBER",
    "NOVEMBER",
    "DECEMBER",
)
_WEEKDAY = re.compile(r"(?:MON|TUE|WED|THU|FRI|SAT|SUN|TUES|WEDNES|THURS|SATUR)(?:DAY)?")
_CLOCK = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:\.[0-9]+)?)?")
_ZONES = {
    "": 0, "Z": 0, "UT": 0, "UTC": 0, "GMT": 0,
    "EST": -300, "EDT": -240, "CST": -360, "CDT": -300, "MST": -420, "MDT": -360, "PST": -480, "PDT": -420,
}  # fmt: skip
"""Minutes east of Greenwich of the zones that RFC 822 names; any other name stands for several zones."""
_ZONE_OFFSET = re.compile(r"(?:UTC|GMT)?([+-])([0-9]{2}):?([0-9]{2})")
_ZERO = frozenset({"Z", "UTC", "GMT", "ETC/UTC"})
_HALVES = {"AM": 0, "PM": 12}
_NOON = 12


class EventTime(NamedTuple):
    """What an event's member says about a time.

    Attributes:
        given: Whether it says anything: absent, null and blank say nothing.
        moment: The moment in UTC; None if the member says nothing, or cannot be read.
    """

    given: bool
    moment: datetime | None

    @property
    def is_unreadable(self) -> bool:
        """Whether the member says something that cannot be read."""
        return self.given and self.moment is None


def parse_event_time(written: object, now: datetime) -> EventTime:
    """Return what an event's member says about a time; ``now`` is the time of the call.

    A spelling without a zone is in UTC. A moment before the year 2000, or more than a year ahead, is unreadable: it
    is what a wrong unit or a missing value looks like.
    """
    if written is None:
        return EventTime(given=False, moment=None)
    text = _text(written)
    if text is not None and not (text := _plain(text)):
        return EventTime(given=False, moment=None)
    return EventTime(given=True, moment=None if text is None else _read(text, now))


def _text(written: object) -> str | None:
    """Return a member as text; None if it is neither text nor a number, or longer than any time."""
    if isinstance(written, str):
        return written if len(written) <= MAX_WRITTEN else None
    if isinstance(written, float):
        return repr(written)
    is_number = isinstance(written, int) and not isinstance(written, bool) and written.bit_length() <= MAX_BITS
    return str(written) if is_number else None


def _plain(written: str) -> str:
    """Return text in capitals, without quotes and blanks around it and without invisible characters."""
    shown = "".join(sign for sign in unicodedata.normalize("NFKC", written) if unicodedata.category(sign) != "Cf")
    return " ".join(shown.replace("\u2212", "-").strip(" \t\r\n\f\v\"'").split()).upper()


def _read(text: str, now: datetime) -> datetime | None:
    if (dot_net := _DOT_NET.fullmatch(text)) is not None:
        text = dot_net[1]
    if _NUMBER.fullmatch(text) is not None and (moment := _of_epoch(text, now)) is not None:
        return moment
    moment = _of_iso(text) or _of_words(text)
    return moment if moment is not None and _is_plausible(moment, now) else None


def _is_plausible(moment: datetime, now: datetime) -> bool:
    return EARLIEST <= moment <= now + LATEST_AHEAD


def _of_epoch(digits: str, now: datetime) -> datetime | None:
    """Return the moment in the one unit in which the number is plausible."""
    whole, _, part = digits.partition(".")
    number = float(digits) if "E" in digits or part else int(whole)
    for unit in _UNITS:
        seconds = number / unit
        if EARLIEST.timestamp() <= seconds <= (now + LATEST_AHEAD).timestamp():
            return EARLIEST + timedelta(seconds=seconds - EARLIEST.timestamp())
    return None


def _of_iso(text: str) -> datetime | None:
    if _COMPACT.fullmatch(text) is not None:
        text = f"{text[:8]}T{text[8:]}"
    zones = _BRACKETS.findall(text)
    bare = _YEAR_FIRST.sub(r"\1-\2-\3", _BRACKETS.sub("", text).strip())
    bare = _OFFSET.sub("", _ZONE_WORD.sub("Z", _REPEATED_ZONE.sub("", bare)))
    try:
        moment = datetime.fromisoformat(bare)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=_zone(zones))
        return moment.astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _zone(named: list[str]) -> tzinfo:
    """Return the zone in brackets, or UTC if there is none.

    Raises:
        ValueError: the machine knows no such zone.
    """
    if not named or named[0] in _ZERO:
        return UTC
    name = "/".join("_".join(map(str.capitalize, part.split("_"))) for part in named[0].split("/"))
    try:
        return ZoneInfo(name)
    except (KeyError, OSError) as error:  # zoneinfo's own error for an unknown zone is a KeyError
        raise ValueError(name) from error


def _of_words(text: str) -> datetime | None:
    """Return a moment whose month is a word, which makes its parts unambiguous in any order."""
    bare = _COMMENT.sub(" ", text).replace(",", " ")
    bare = re.sub(r"(?<=[0-9])-(?=[A-Z]{3})|(?<=[A-Z]{3})-(?=[0-9]{4}\b)", " ", bare)
    parts: dict[str, str] = {}
    for word in bare.split():
        kind = _kind(word)
        if kind is None or kind in parts:
            return None
        parts[kind] = word
    if not {"month", "day", "year", "clock"} <= parts.keys():
        return None
    return _put_together(parts)


def _kind(word: str) -> str | None:
    patterns = (
        ("weekday", _WEEKDAY),
        ("year", re.compile(r"[0-9]{4}")),
        ("day", re.compile(r"[0-9]{1,2}")),
        ("clock", _CLOCK),
        ("half", re.compile(r"AM|PM")),
        ("zone", _ZONE_OFFSET),
    )
    if word in _MONTHS or word in _LONG_MONTHS:
        return "month"
    if word in _ZONES:
        return "zone"
    return next((kind for kind, pattern in patterns if pattern.fullmatch(word)), None)


def _put_together(parts: dict[str, str]) -> datetime | None:
    clock = _CLOCK.fullmatch(parts["clock"])
    hour, minute, second = (int(part or 0) for part in clock.groups()) if clock else (0, 0, 0)
    if (half := parts.get("half")) is not None:
        if not 1 <= hour <= _NOON:
            return None
        hour = hour % _NOON + _HALVES[half]
    try:
        local = datetime(
            int(parts["year"]),
            _MONTHS.index(parts["month"][:3]) + 1,
            int(parts["day"]),
            hour,
            minute,
            second,
            tzinfo=UTC,
        )
        return local - _offset(parts.get("zone", ""))
    except (ValueError, OverflowError):
        return None


def _offset(zone: str) -> timedelta:
    written = _ZONE_OFFSET.fullmatch(zone)
    if written is None:
        return timedelta(minutes=_ZONES[zone])
    minutes = int(written[2]) * 60 + int(written[3])
    return timedelta(minutes=-minutes if written[1] == "-" else minutes)
