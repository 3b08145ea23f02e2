"""SourceLastUpdatedTimestampFormat: the word EpochMilli or a pattern of Java's SimpleDateFormat.

Sources: Connect admin guide, "Field definitions" (mapping-field-definitions, "Field naming and structural rules":
either the literal or a valid pattern) and Java's own documentation of the class: which letters a pattern may hold,
quoted text, and that in parsing a number's count of letters matters only if another number follows at once.

(unverified): that an object whose value does not follow the format is refused in the answer.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import pairwise

EPOCH_MILLI = "EpochMilli"
_PIECE = re.compile(r"'((?:[^']|'')*)'|([A-Za-z])\2*|([^A-Za-z']+)")
_NUMBERS = frozenset("yYwWDdFuHkKhmsS")
_TEXTS = {
    "G": r"[^\W\d_]+",
    "E": r"[^\W\d_]+\.?",
    "a": r"[^\W\d_]+\.?(?:\s?[^\W\d_]+\.?)?",
    "z": r"(?:[^\W\d_][\w /]*|(?:GMT)?[+-]\d{1,2}:?\d{2})",
    "Z": r"(?:[+-]\d{4}|GMT[+-]\d{1,2}:\d{2}|[^\W\d_]+)",
}
_MONTHS = frozenset("ML")
_LONGEST_NUMERIC_MONTH = 2
_ZONES = {"X": r"(?:Z|[+-]\d{2})", "XX": r"(?:Z|[+-]\d{4})", "XXX": r"(?:Z|[+-]\d{2}:\d{2})"}


def compile_format(text: str) -> Callable[[str], bool] | None:
    """A check whether a value follows the format; None if the format itself is not valid."""
    if text == EPOCH_MILLI:
        return _follows(r"-?\d+(?:\.0)?")
    pieces = list(_pieces(text))
    if not pieces or None in pieces:
        return None
    known = [piece for piece in pieces if piece is not None]
    follows_number = [_is_number(first) and _is_number(second) for first, second in pairwise([*known, ""])]
    return _follows("".join(map(_expression, known, follows_number)))


def _follows(expression: str) -> Callable[[str], bool]:
    compiled = re.compile(expression)
    return lambda value: compiled.fullmatch(value) is not None


def _pieces(text: str) -> Iterator[str | None]:
    """Runs of one letter, and text in quotes; None for what is no part of a pattern."""
    position = 0
    while position < len(text):
        found = _PIECE.match(text, position)
        if found is None:
            yield None
            return
        yield found[0] if found[2] is None or _is_letter_run(found[0]) else None
        position = found.end()


def _is_letter_run(run: str) -> bool:
    letter = run[0]
    return letter in _NUMBERS or letter in _TEXTS or letter in _MONTHS or run in _ZONES


def _is_number(piece: str) -> bool:
    return piece[:1] in _NUMBERS or (piece[:1] in _MONTHS and len(piece) <= _LONGEST_NUMERIC_MONTH)


def _expression(piece: str, abuts: bool) -> str:  # noqa: FBT001 - mapped over both
    if _is_number(piece):
        return rf"\d{{{len(piece)}}}" if abuts else r"-?\d+"
    if piece in _ZONES:
        return _ZONES[piece]
    letter = piece[0]
    if letter in _TEXTS:
        return _TEXTS[letter]
    if letter in _MONTHS:
        return r"[^\W\d_]+\.?"
    return re.escape(_unquoted(piece))


def _unquoted(piece: str) -> str:
    if not piece.startswith("'"):
        return piece
    return piece[1:-1].replace("''", "'") or "'"
