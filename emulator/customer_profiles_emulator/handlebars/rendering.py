"""Filling a template with an object."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from customer_profiles_emulator.handlebars.syntax_tree import SOURCE, Block, Literal, Node, Path, Text, Value

_MOST_STEPS = 20_000

AsText = Callable[[object], str | None]
"""From a value of the object to its text; raises for one that has none."""


class RenderingTooLongError(Exception):
    """Loops in loops over long lists: the template would take longer than any object is worth."""


@dataclass(frozen=True, slots=True)
class _Context:
    """What names are sought in: a value, the context around it, and the values of a loop's own."""

    value: object
    parent: _Context | None = None
    data: Mapping[str, object] = field(default_factory=dict)


def render(nodes: Sequence[Node], source: Mapping[str, object], as_text: AsText) -> str:
    """The text that a template makes of an object; what the object lacks is empty.

    Raises:
        RenderingTooLongError: it takes more than twenty thousand steps.
    """
    return _Renderer(as_text).render(nodes, _Context({SOURCE: source}))


def member(value: object, step: str) -> object:
    """What a map has under a name, or a list at a position; None when it has nothing there."""
    if isinstance(value, dict):
        return value.get(step)
    if isinstance(value, list) and step.isdecimal() and int(step) < len(value):
        return value[int(step)]
    return None


class _Renderer:
    def __init__(self, as_text: AsText) -> None:
        self._as_text = as_text
        self._steps = 0

    def render(self, nodes: Sequence[Node], context: _Context) -> str:
        return "".join(self._node(node, context) for node in nodes)

    def _node(self, node: Node, context: _Context) -> str:
        self._steps += 1
        if self._steps > _MOST_STEPS:
            raise RenderingTooLongError
        if isinstance(node, Text):
            return node.text
        if isinstance(node, Value):
            return self._as_text(_resolve(node.expression, context)) or ""
        return self._block(node, context)

    def _block(self, block: Block, context: _Context) -> str:
        if block.expression is None:
            return " ".join(self.render(block.body, context).split())
        value = _resolve(block.expression, context)
        if block.helper == "each":
            turns = [self.render(block.body, turn) for turn in _turns(value, context)]
            return "".join(turns) if turns else self.render(block.inverse, context)
        if _is_true(value) == (block.helper == "unless"):
            return self.render(block.inverse, context)
        return self.render(block.body, _Context(value, context) if block.helper == "with" else context)


def _turns(value: object, context: _Context) -> Iterator[_Context]:
    if isinstance(value, dict):
        pairs = list(value.items())
    elif isinstance(value, list):
        pairs = list(enumerate(value))
    else:
        return
    for position, (key, item) in enumerate(pairs):
        data = {"index": position, "key": key, "first": position == 0, "last": position == len(pairs) - 1}
        yield _Context(item, context, data)


def _resolve(expression: Path | Literal, context: _Context) -> object:
    if isinstance(expression, Literal):
        return expression.value
    found: _Context | None = context
    for _ in range(expression.up):
        found = None if found is None else found.parent
    if expression.is_data:
        return _data(expression.steps[0], found)
    if not expression.steps:
        return None if found is None else found.value
    value = _first(expression.steps[0], found)
    for step in expression.steps[1:]:
        value = member(value, step)
    return value


def _first(name: str, context: _Context | None) -> object:
    while context is not None:
        if isinstance(context.value, dict) and name in context.value:
            return context.value[name]
        context = context.parent
    return None


def _data(name: str, context: _Context | None) -> object:
    while context is not None and name not in context.data:
        context = context.parent
    return None if context is None else context.data[name]


def _is_true(value: object) -> bool:
    """Handlebars' own notion: false, null, zero, and empty text and lists are false; a map is true, empty or not."""
    return isinstance(value, dict) or bool(value)
