"""Building a template's syntax tree: cut into text and tags, every block closed, every helper a known one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from customer_profiles_emulator.handlebars.syntax_tree import SOURCE, Block, Literal, Node, Path, Text, Value

_TAG = re.compile(
    r"(?<!\{)\{\{(?P<open>~?)(?:!--(?P<comment>.*?)--|\{(?P<raw>[^{}]*)\}|(?P<inner>[^{}]*))(?P<close>~?)\}\}",
    re.DOTALL,
)
_WORDS = {"true": True, "false": False, "null": None, "undefined": None}
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_QUOTED = re.compile(r""""([^"]*)"|'([^']*)'""")
# The characters that Handlebars keeps for itself; a name that holds one stands in square brackets.
_NAME = r"""[^\s!"#%&'()*+,./;<=>@\[\\\]^`{|}~]+"""
_STEP = rf"(?:{_NAME}|\[[^\]]+\])"
_PATH = re.compile(rf"(?P<up>(?:\.\./)*)(?P<steps>\.\.|\.|{_STEP}(?:[./]{_STEP})*)")
_STEPS = re.compile(_STEP)
_DATA = ("index", "key", "first", "last")
_HELPERS = ("if", "unless", "each", "with", "removeExtraSpace")
_NEW_CONTEXT = frozenset({"each", "with"})
_INVERSE = frozenset({"else", "^"})


class HandlebarsSyntaxError(Exception):
    """A template is no valid Handlebars; the message says where, in words for the author of the mapping."""


def parse(template: str) -> Sequence[Node]:
    """The syntax tree of a template.

    Raises:
        HandlebarsSyntaxError: it is no valid Handlebars, or uses what the service does not support.
    """
    return _Parser(_scan(template)).parse()


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


class _Parser:
    def __init__(self, tokens: Iterable[_Token]) -> None:
        self._tokens: Iterator[_Token] = iter(tokens)
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
        return _parse_expression(text, within=within)


@dataclass(frozen=True, slots=True)
class _Token:
    """A piece of a template: its text, or what stands inside a tag, without braces and outer blanks."""

    is_tag: bool
    content: str


def _scan(template: str) -> Iterator[_Token]:
    """Yield text and tags in order, without comments and without the blanks beside a `~`."""
    position, trims = 0, False
    for tag in _TAG.finditer(template):
        yield from _text(template[position : tag.start()], trims_start=trims, trims_end=bool(tag["open"]))
        inner = tag["raw"] if tag["raw"] is not None else tag["inner"]
        content = "" if inner is None else inner.removesuffix("~").strip()
        trims = bool(tag["close"]) or bool(inner is not None and inner.endswith("~"))
        if tag["comment"] is None and not content.startswith("!"):
            yield _Token(is_tag=True, content=content)
        position = tag.end()
    yield from _text(template[position:], trims_start=trims, trims_end=False)


def _text(text: str, *, trims_start: bool, trims_end: bool) -> Iterator[_Token]:
    if "{{" in text or "}}" in text:
        raise HandlebarsSyntaxError("its braces do not match")
    text = text.lstrip() if trims_start else text
    text = text.rstrip() if trims_end else text
    if text:
        yield _Token(is_tag=False, content=text)


def _parse_expression(text: str, *, within: bool) -> Path | Literal:
    # `within`: whether a block around it has a context of its own.
    quoted = _QUOTED.fullmatch(text)
    if quoted is not None:
        return Literal(quoted[1] if quoted[1] is not None else quoted[2])
    if _NUMBER.fullmatch(text):
        return Literal(float(text) if "." in text else int(text))
    if text in _WORDS:
        return Literal(_WORDS[text])
    path = _parse_data(text) if text.startswith("@") else _parse_path(text)
    if not within and (path.is_data or path.up or path.steps[:1] != (SOURCE,)):
        raise HandlebarsSyntaxError(f"only names under {SOURCE} can be read outside a block")
    return path


def _parse_data(text: str) -> Path:
    if text[1:] not in _DATA:
        raise HandlebarsSyntaxError("of a loop's own values there are @index, @key, @first and @last")
    return Path(0, (text[1:],), is_data=True)


def _parse_path(text: str) -> Path:
    found = _PATH.fullmatch(text)
    if found is None:
        raise HandlebarsSyntaxError("a tag holds neither a path, a constant nor a supported helper")
    up = len(found["up"]) // len("../")
    if found["steps"] == "..":
        return Path(up + 1, ())
    if found["steps"] == ".":
        return Path(up, ())
    steps = tuple(step.removeprefix("[").removesuffix("]") for step in _STEPS.findall(found["steps"]))
    return Path(up, steps[1:] if steps[0] == "this" else steps)
