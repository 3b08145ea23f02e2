"""Text from outside, as a terminal may show it."""

from datetime import UTC, datetime, timedelta

JOINERS = "\u200c\u200d"
"""Parts of Persian words and of composed signs: they neither move the cursor nor turn the writing round."""


def printable(text: str) -> str:
    """Return ``text`` with everything that could move the cursor or turn the writing round as an escape."""
    return "".join(letter if letter.isprintable() or letter in JOINERS else ascii(letter)[1:-1] for letter in text)


def count(number: int, noun: str, plural: str = "") -> str:
    """Return ``3 messages``, ``1 message``, ``41,200 messages``."""
    return f"{number:,} {noun if number == 1 else plural or f'{noun}s'}"


def duration(seconds: float) -> str:
    """Return a duration in its two largest units: ``45 s``, ``3 min 20 s``, ``2 h 5 min``, ``3 d 4 h``."""
    whole = max(0, round(seconds))
    for size, unit, smaller_size, smaller in ((86400, "d", 3600, "h"), (3600, "h", 60, "min"), (60, "min", 1, "s")):
        if whole >= size:
            rest = whole % size // smaller_size
            return f"{whole // size} {unit}" + (f" {rest} {smaller}" if rest else "")
    return f"{whole} s"


def moment(at: datetime) -> str:
    """Return a moment in UTC to the second: ``2026-11-23 15:33:00Z``."""
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%SZ")


def seconds_of(written: str) -> float:
    """Return the seconds of ``90s``, ``15m``, ``2h``, ``3d`` or ``1w``.

    Raises:
        ValueError: it is none of these.
    """
    units = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
    number, unit = written[:-1], written[-1:]
    if unit not in units or not number.isascii() or not number.isdigit():
        raise ValueError(f"{written!r} is no duration; write 90s, 15m, 2h, 3d or 1w")
    return timedelta(seconds=int(number) * units[unit]).total_seconds()
