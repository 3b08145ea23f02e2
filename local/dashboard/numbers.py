"""Numbers and times, for people."""

import datetime as dt
import math

THOUSAND = 1000
SMALL = 0.001
SUFFIXES = ("", "k", "M", "G", "T")
TICKS = 4


def figure(value: float) -> str:
    """Return a number with three significant digits at least, thousands set apart: 0.042, 3.14, 1,234."""
    if value == 0:
        return "0"
    if abs(value) >= 100 or value == int(value):  # noqa: PLR2004 - three digits stand before the point
        return f"{value:,.0f}"
    digits = max(0, 2 - math.floor(math.log10(abs(value))))
    return f"{value:.{digits}f}".rstrip("0").rstrip(".")


def short(value: float) -> str:
    """Return a number in little room: 950, 1.2k, 35M; 7.5e-4, for 0.00075 is wider than an axis has room."""
    if 0 < abs(value) < SMALL:
        power = math.floor(math.log10(abs(value)))
        return f"{value / 10.0**power:.3g}e{power}"
    for suffix in SUFFIXES[:-1]:
        if abs(value) < THOUSAND:
            return f"{value:.3g}{suffix}"
        value /= THOUSAND
    return f"{value:.3g}{SUFFIXES[-1]}"


def ceiling(value: float) -> float:
    """Return the end of an axis that reaches a value: four equal steps of 1, 2, 2.5 or 5 times a power of ten."""
    if value <= 0:
        return float(TICKS)
    step = value / TICKS
    power = 10.0 ** math.floor(math.log10(step))
    return TICKS * next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= step * (1 - 1e-9))


def clock(seconds: float) -> str:
    """Return the hour and minute of a moment, in UTC."""
    return dt.datetime.fromtimestamp(seconds, tz=dt.UTC).strftime("%H:%M")


def moment(seconds: float) -> str:
    """Return the date and time of a moment, in UTC."""
    return dt.datetime.fromtimestamp(seconds, tz=dt.UTC).strftime("%Y-%m-%d %H:%M:%S")
