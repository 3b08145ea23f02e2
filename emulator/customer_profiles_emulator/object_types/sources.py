"""A field's Source: a path under `_source`, as `_source.Address.City`, or a Handlebars expression of such paths.

Source: Connect admin guide, "Field definitions in Customer Profiles object type mappings" (mapping-field-definitions:
"a Source with invalid Handlebars syntax is rejected when the object type is created"; a path that an object lacks is
empty).

(unverified): that text without any expression is no Source; that an expression's outer blanks do not count.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from customer_profiles_emulator.handlebars import (
    SOURCE,
    HandlebarsSyntaxError,
    Node,
    RenderingTooLongError,
    member,
    parse,
    render,
)
from customer_profiles_emulator.transport.errors import BadRequestError
from customer_profiles_emulator.wire.inputs import is_unicode

Reader = Callable[[Mapping[str, Any], str], str | None]
"""From an object, and the field's name for errors, to the field's value; None when it is absent. It raises
BadRequestError for a value that is no text, number or boolean."""

_STEP = r"[^.{}\[\]\s](?:[^.{}\[\]]*[^.{}\[\]\s])?"
_PATH = re.compile(rf"{SOURCE}((?:\.{_STEP}(?:\[\d+\])*)+)")
_STEPS = re.compile(rf"\.({_STEP})|\[(\d+)\]")


def parse_source(source: str, field_name: str) -> Reader:
    """Compile a field's Source.

    Raises:
        BadRequestError: it is neither a path under `_source` nor a valid Handlebars expression.
    """
    path = _parse_path(source)
    if path is not None:
        return path
    if "{{" not in source:
        raise BadRequestError(
            f"Field {field_name}: Source must be _source.NAME or a Handlebars expression of such names"
        )
    try:
        return _Expression(parse(source))
    except HandlebarsSyntaxError as error:
        raise BadRequestError(f"Field {field_name}: Source is not valid Handlebars: {error}") from None


@dataclass(frozen=True, slots=True)
class _SourcePath:
    """`_source.NAME`, compiled."""

    steps: Sequence[str]

    def __call__(self, source: Mapping[str, object], field_name: str) -> str | None:
        value: object = source
        for step in self.steps:
            value = member(value, step)
        return as_text(value, field_name)


def _parse_path(source: str) -> _SourcePath | None:
    found = _PATH.fullmatch(source)
    if found is None:
        return None
    return _SourcePath(tuple(name or index for name, index in _STEPS.findall(found[1])))


@dataclass(frozen=True, slots=True)
class _Expression:
    nodes: Sequence[Node]

    def __call__(self, source: Mapping[str, Any], field_name: str) -> str | None:
        try:
            filled = render(self.nodes, source, lambda value: as_text(value, field_name))
        except RenderingTooLongError:
            raise BadRequestError(f"Field {field_name}: the loops of its Source take too many steps") from None
        return filled.strip() or None


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
