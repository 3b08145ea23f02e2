"""What a parsed template is made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

SOURCE = "_source"
"""The name of the object that a template is filled with."""


@dataclass(frozen=True, slots=True)
class Text:
    """Text that stays as it is."""

    text: str


@dataclass(frozen=True, slots=True)
class Literal:
    """A constant: text, a number or a boolean."""

    value: object


@dataclass(frozen=True, slots=True)
class Path:
    """A name to look up.

    Attributes:
        up: how many contexts to leave first (`../`).
        steps: names and positions; empty for the context itself (`this`).
        is_data: whether it is one of a loop's own values (`@index`).
    """

    up: int
    steps: Sequence[str]
    is_data: bool = False


@dataclass(frozen=True, slots=True)
class Value:
    """`{{expression}}`."""

    expression: Path | Literal


@dataclass(frozen=True, slots=True)
class Block:
    """`{{#helper expression}}body{{else}}inverse{{/helper}}`; only `removeExtraSpace` has no expression."""

    helper: str
    expression: Path | Literal | None
    body: Sequence[Node]
    inverse: Sequence[Node]


Node = Text | Value | Block
