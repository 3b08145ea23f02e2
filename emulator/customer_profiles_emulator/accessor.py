"""Reading one place of an ingested object, as `_source.Address.City` names it, and turning what is there into text."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from customer_profiles_emulator.errors import BadRequestError
from customer_profiles_emulator.validation import is_unicode

SOURCE = "_source"
_STEP = r"[^.{}\[\]\s](?:[^.{}\[\]]*[^.{}\[\]\s])?"
_ACCESSOR = re.compile(rf"{SOURCE}((?:\.{_STEP}(?:\[\d+\])*)+)")
_STEPS = re.compile(rf"\.({_STEP})|\[(\d+)\]")


@dataclass(frozen=True, slots=True)
class Accessor:
    """A compiled accessor: from an object, and the field's name for errors, to the field's value or None."""

    steps: Sequence[str]

    def __call__(self, source: Mapping[str, object], field_name: str) -> str | None:
        """The value as text; None when the object has nothing there.

        Raises:
            BadRequestError: what is there is no text, number or boolean.
        """
        value: object = source
        for step in self.steps:
            value = member(value, step)
        return as_text(value, field_name)


def parse_accessor(source: str) -> Accessor | None:
    """The accessor that a Source is, or None when it is something else."""
    found = _ACCESSOR.fullmatch(source)
    if found is None:
        return None
    return Accessor(tuple(name or index for name, index in _STEPS.findall(found[1])))


def member(value: object, step: str) -> object:
    """What a map has under a name, or a list at a position; None when it has nothing there."""
    if isinstance(value, dict):
        return value.get(step)
    if isinstance(value, list) and step.isdecimal() and int(step) < len(value):
        return value[int(step)]
    return None


def as_text(value: object, field_name: str) -> str | None:
    """A scalar as profiles hold it, which know strings only; None stays None.

    Raises:
        BadRequestError: it is a list, a map, no finite number or no valid Unicode.
    """
    if value is None:
        return None
    if isinstance(value, str):
        if not is_unicode(value):
            raise BadRequestError(f"Field {field_name} is not valid Unicode: it holds a lone surrogate")
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        if not math.isfinite(value):
            raise BadRequestError(f"Field {field_name} must be a finite number")
        return str(value)
    raise BadRequestError(f"Field {field_name} must be a string, a number or a boolean")
