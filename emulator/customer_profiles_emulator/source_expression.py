"""A field's Source: an accessor under `_source` or a Handlebars expression of such accessors.

Source: Connect admin guide, "Field definitions in Customer Profiles object type mappings" (mapping-field-definitions:
"a Source with invalid Handlebars syntax is rejected when the object type is created"; a path that an object lacks is
empty).

(unverified): that text without any expression is no Source; that an expression's outer blanks do not count.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from customer_profiles_emulator import handlebars
from customer_profiles_emulator.accessor import as_text, parse_accessor
from customer_profiles_emulator.errors import BadRequestError
from customer_profiles_emulator.handlebars.rendering import RenderingTooLongError
from customer_profiles_emulator.handlebars.syntax_tree import Node

Reader = Callable[[Mapping[str, Any], str], str | None]
"""From an object and the field's name, for errors, to the field's value; None when it is absent."""


@dataclass(frozen=True, slots=True)
class _Template:
    nodes: Sequence[Node]

    def __call__(self, source: Mapping[str, Any], field_name: str) -> str | None:
        try:
            filled = handlebars.render(self.nodes, source, lambda value: as_text(value, field_name))
        except RenderingTooLongError:
            raise BadRequestError(f"Field {field_name}: the loops of its Source take too many steps") from None
        return filled.strip() or None


def parse_source(source: str, field_name: str) -> Reader:
    """Compile a field's Source.

    Raises:
        BadRequestError: it is neither an accessor under `_source` nor a valid Handlebars expression.
    """
    accessor = parse_accessor(source)
    if accessor is not None:
        return accessor
    if "{{" not in source:
        raise BadRequestError(
            f"Field {field_name}: Source must be _source.NAME or a Handlebars expression of such names"
        )
    try:
        return _Template(handlebars.parse(source))
    except handlebars.HandlebarsSyntaxError as error:
        raise BadRequestError(f"Field {field_name}: Source is not valid Handlebars: {error}") from None
