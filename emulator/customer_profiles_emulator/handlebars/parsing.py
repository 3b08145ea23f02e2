"""Building a template's syntax tree: every block closed, every helper one that the service has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from customer_profiles_emulator.handlebars.expressions import parse_expression
from customer_profiles_emulator.handlebars.scanning import HandlebarsSyntaxError, Token, scan
from customer_profiles_emulator.handlebars.syntax_tree import Block, Literal, Node, Path, Text, Value

_HELPERS = ("if", "unless", "each", "with", "removeExtraSpace")
_NEW_CONTEXT = frozenset({"each", "with"})
_INVERSE = frozenset({"else", "^"})

__all__ = ["HandlebarsSyntaxError", "parse"]


@dataclass(slots=True)
class _Open:
    """A block that is being read; `chained` for one that an `{{else if ...}}` opened, which has no close of its own."""

    helper: str
    expression: Path | Literal | None
    chained: bool = False
    body: list[Node] = field(default_factory=list)
    inverse: list[Node] | None = None

    @property
    def current(self) -> list[Node]:
        return self.body if self.inverse is None else self.inverse

    def closed(self) -> Block:
        return Block(self.helper, self.expression, tuple(self.body), tuple(self.inverse or ()))


def parse(template: str) -> Sequence[Node]:
    """The syntax tree of a template.

    Raises:
        HandlebarsSyntaxError: it is no valid Handlebars, or uses what the service does not support.
    """
    return _Parser(scan(template)).parse()


class _Parser:
    def __init__(self, tokens: Iterable[Token]) -> None:
        self._tokens: Iterator[Token] = iter(tokens)
        self._root: list[Node] = []
        self._open: list[_Open] = []

    def parse(self) -> Sequence[Node]:
        for token in self._tokens:
            if token.is_tag:
                self._tag(token.content)
            else:
                self._add(Text(token.content))
        if self._open:
            raise HandlebarsSyntaxError(f"its #{self._open[-1].helper} is never closed")
        return tuple(self._root)

    def _add(self, node: Node) -> None:
        (self._open[-1].current if self._open else self._root).append(node)

    def _tag(self, content: str) -> None:
        word, *rest = content.split(maxsplit=1) or [""]
        if content.startswith("#"):
            self._begin(content[1:].strip())
        elif content.startswith("/"):
            self._end(content[1:].strip())
        elif word in _INVERSE:
            self._otherwise(rest[0] if rest else "")
        else:
            self._add(Value(self._expression(content.removeprefix("&").strip())))

    def _begin(self, content: str, *, chained: bool = False) -> None:
        helper, *arguments = content.split(maxsplit=1) or [""]
        if helper not in _HELPERS:
            raise HandlebarsSyntaxError(f"of block helpers there are {', '.join(f'#{name}' for name in _HELPERS)}")
        if (helper == "removeExtraSpace") == bool(arguments):
            raise HandlebarsSyntaxError(f"#{helper} takes {'nothing' if arguments else 'one path'}")
        expression = self._expression(arguments[0].strip()) if arguments else None
        self._open.append(_Open(helper, expression, chained))

    def _end(self, helper: str) -> None:
        while self._open and self._open[-1].chained:
            self._close()
        if not self._open or self._open[-1].helper != helper:
            raise HandlebarsSyntaxError(f"its /{helper} closes no #{helper}")
        self._close()

    def _close(self) -> None:
        self._add(self._open.pop().closed())

    def _otherwise(self, chained: str) -> None:
        if not self._open or self._open[-1].inverse is not None:
            raise HandlebarsSyntaxError("an else belongs to no block")
        self._open[-1].inverse = []
        if chained:
            self._begin(chained, chained=True)

    def _expression(self, text: str) -> Path | Literal:
        within = any(block.helper in _NEW_CONTEXT and block.inverse is None for block in self._open)
        return parse_expression(text, within=within)
