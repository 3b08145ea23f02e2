"""The types of options' values; what does not fit is refused with the value and what would fit."""

from difflib import get_close_matches
from typing import Any

import click

from ops.text import seconds_of

MOST_DIGITS = 20
"""Longer numbers are refused unread."""


class Duration(click.ParamType):
    """Seconds, written as ``90s``, ``15m``, ``2h``, ``3d`` or ``1w``."""

    name = "duration"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:  # noqa: ANN401 - click's signature
        """Return the seconds."""
        if isinstance(value, float):
            return value
        try:
            return seconds_of(str(value))
        except (ValueError, OverflowError):
            self.fail(f"{value!r} is no duration; write 90s, 15m, 2h, 3d or 1w", param, ctx)


class WholeNumber(click.ParamType):
    """A whole number of a range, in which commas or underscores may group the digits: ``1,000,000``.

    Args:
        low: The least.
        high: The most; None: as much as has 20 digits.
    """

    name = "number"

    def __init__(self, low: int = 1, high: int | None = None) -> None:
        self.low = low
        self.high = 10**MOST_DIGITS - 1 if high is None else high
        self._range = f"from {low:,}" if high is None else f"from {low:,} to {high:,}"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:  # noqa: ANN401 - click's signature
        """Return the number."""
        if isinstance(value, int):
            return value
        digits = str(value).replace(",", "").replace("_", "")
        # isascii: other scripts' digits are digits for Python too, and never meant
        is_number = digits.isascii() and digits.isdigit() and len(digits) <= MOST_DIGITS
        if not is_number or not self.low <= int(digits) <= self.high:
            self.fail(f"{value!r} is no whole number {self._range}", param, ctx)
        return int(digits)


class PositiveNumber(click.ParamType):
    """A finite number above zero."""

    name = "number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:  # noqa: ANN401 - click's signature
        """Return the number."""
        try:
            number = float(value)
        except ValueError:
            number = 0.0
        if not 0 < number < float("inf"):
            self.fail(f"{value!r} is no number above zero", param, ctx)
        return number


class OneOf(click.Choice):
    """One of a few words; a word that is almost one of them is answered with that one."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:  # noqa: ANN401 - click's signature
        """Return the word."""
        if value not in self.choices:
            [*near] = get_close_matches(str(value), self.choices, 1)
            meant = f"; did you mean {near[0]!r}?" if near else ""
            self.fail(f"{value!r} is none of {', '.join(self.choices)}{meant}", param, ctx)
        return str(value)


DURATION = Duration()
POSITIVE_NUMBER = PositiveNumber()
