"""Log queries: the part of CloudWatch Logs Insights that a table of failures needs.

ministack's own understands no condition on a line's fields. Understood here: SOURCE, fields (with coalesce and `as`),
filter (=, !=, like, in, ispresent, and, or, not, brackets), sort by one field, limit, display. Anything else raises
`QueryError`, so that the widget says so instead of showing other lines.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from local.cloudwatch.logs import Event
from local.dashboard import numbers

TOKEN = re.compile(
    r"""\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|/((?:[^/\\]|\\.)*)/|(!=|=~|[=(),\[\]])|([@\w.$-]+))"""
)
DEFAULT_LIMIT = 1000

Row = Mapping[str, str]
Condition = Callable[[Row], bool]


class QueryError(ValueError):
    """A query of a form that is not understood here."""


@dataclass(frozen=True, slots=True)
class Field:
    """A column: the first of its names that a line has, and what it is called."""

    names: tuple[str, ...]
    title: str

    def of(self, row: Row) -> str:
        """Return a line's value; empty where it has none."""
        return next((row[name] for name in self.names if row.get(name)), "")


@dataclass(frozen=True, slots=True)
class Query:
    """A query, parsed.

    Attributes:
        groups: the log groups.
        fields: the columns.
        conditions: all must hold.
        order: the field to sort by, and whether the greatest comes first.
        limit: how many rows at most.
    """

    groups: tuple[str, ...]
    fields: tuple[Field, ...]
    conditions: tuple[Condition, ...]
    order: tuple[str, bool]
    limit: int

    def run(self, events: Iterable[Event]) -> list[list[str]]:
        """Return the rows."""
        rows = [row for row in map(_row, events) if all(condition(row) for condition in self.conditions)]
        field, descending = self.order
        rows.sort(key=lambda row: row.get(field, ""), reverse=descending)
        return [[field.of(row) for field in self.fields] for row in rows[: self.limit]]


def parse(text: str) -> Query:
    """Return the query that a text means.

    Raises:
        QueryError: it is not understood.
    """
    groups: list[str] = []
    fields: tuple[Field, ...] = ()
    conditions: list[Condition] = []
    order, limit = ("@timestamp", True), DEFAULT_LIMIT
    for stage in _stages(text):
        word, _, rest = stage.partition(" ")
        match word.lower():
            case "source":
                groups += [name for kind, name in _Tokens(rest).all() if kind != "sign"]
            case "fields" | "display":
                fields = tuple(_field(column) for column in _columns(rest))
            case "filter":
                conditions.append(_condition(rest))
            case "sort":
                field, _, direction = rest.strip().partition(" ")
                order = field, direction.strip().lower() == "desc"
            case "limit":
                limit = int(rest)
            case _:
                raise QueryError(f"not understood: {stage}")
    if not groups or not fields:
        raise QueryError("a query names its groups (SOURCE) and its fields")
    return Query(tuple(groups), fields, tuple(conditions), order, limit)


def _row(event: Event) -> Row:
    """Return a line's fields: the service's own, and those of its JSON, nested ones by a path with dots."""
    own = {"@timestamp": numbers.moment(event.at_ms / 1000), "@message": event.message, "@log": event.group}
    try:
        document = json.loads(event.message)
    except json.JSONDecodeError:
        return own
    return own | (dict(_flat("", document)) if isinstance(document, dict) else {})


def _flat(path: str, document: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    for key, value in document.items():
        if isinstance(value, dict):
            yield from _flat(f"{path}{key}.", value)
        elif value is not None:
            yield path + key, value if isinstance(value, str) else json.dumps(value)


def _stages(text: str) -> list[str]:
    """Return the parts between bars; a bar within quotes is part of its text."""
    parts = re.findall(r"""(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|/(?:[^/\\]|\\.)*/|[^|])+""", text)
    return [part.strip() for part in parts if part.strip()]


def _columns(text: str) -> list[str]:
    return [column.strip() for column in re.split(r",(?![^(]*\))", text)]


def _field(text: str) -> Field:
    named = re.match(r"^(.*?)\s+as\s+(\w+)$", text, re.IGNORECASE | re.DOTALL)
    source = named[1].strip() if named else text
    if chosen := re.match(r"^coalesce\((.*)\)$", source, re.IGNORECASE):
        names = tuple(name.strip() for name in chosen[1].split(","))
    elif re.match(r"^[@\w.]+$", source):
        names = (source,)
    else:
        raise QueryError(f"a field that is not understood: {text}")
    return Field(names, named[2] if named else source)


class _Tokens:
    """A text's tokens, each with its kind: text, pattern, sign or word."""

    def __init__(self, text: str) -> None:
        self._tokens: list[tuple[str, str]] = []
        position = 0
        text = text.rstrip()
        while position < len(text):
            found = TOKEN.match(text, position)
            if found is None:
                raise QueryError(f"not understood: {text[position:]}")
            kinds = ("text", "text", "pattern", "sign", "word")
            self._tokens.append(
                next((kind, part) for kind, part in zip(kinds, found.groups(), strict=True) if part is not None)
            )
            position = found.end()

    def all(self) -> Sequence[tuple[str, str]]:
        """Return all tokens that are left."""
        return self._tokens

    def next_is(self, *words: str) -> bool:
        """Take the next token if it is one of the words or signs; tell whether it was."""
        if self._tokens and self._tokens[0][0] in {"word", "sign"} and self._tokens[0][1].lower() in words:
            self._tokens.pop(0)
            return True
        return False

    def take(self) -> tuple[str, str]:
        """Return the next token."""
        if not self._tokens:
            raise QueryError("a condition ends too early")
        return self._tokens.pop(0)

    def need(self, sign: str) -> None:
        """Take a sign that must come next."""
        if not self.next_is(sign):
            raise QueryError(f"{sign} is missing")


def _condition(text: str) -> Condition:
    tokens = _Tokens(text)
    condition = _or(tokens)
    if tokens.all():
        raise QueryError(f"not understood: {text}")
    return condition


def _or(tokens: _Tokens) -> Condition:
    first = _and(tokens)
    if not tokens.next_is("or"):
        return first
    second = _or(tokens)
    return lambda row: first(row) or second(row)


def _and(tokens: _Tokens) -> Condition:
    first = _not(tokens)
    if not tokens.next_is("and"):
        return first
    second = _and(tokens)
    return lambda row: first(row) and second(row)


def _not(tokens: _Tokens) -> Condition:
    if tokens.next_is("not"):
        inner = _not(tokens)
        return lambda row: not inner(row)
    if tokens.next_is("("):
        grouped = _or(tokens)
        tokens.need(")")
        return grouped
    if tokens.next_is("ispresent"):
        tokens.need("(")
        name = tokens.take()[1]
        tokens.need(")")
        return lambda row: name in row
    return _comparison(tokens)


def _comparison(tokens: _Tokens) -> Condition:
    name = tokens.take()[1]
    if tokens.next_is("="):
        value = tokens.take()[1]
        return lambda row: row.get(name) == value
    if tokens.next_is("!="):
        value = tokens.take()[1]
        return lambda row: row.get(name) != value
    if tokens.next_is("like", "=~"):
        kind, part = tokens.take()
        pattern = re.compile(part if kind == "pattern" else re.escape(part))
        return lambda row: pattern.search(row.get(name, "")) is not None
    if tokens.next_is("in"):
        values = frozenset(_list(tokens))
        return lambda row: row.get(name) in values
    raise QueryError(f"a condition on {name} that is not understood")


def _list(tokens: _Tokens) -> Iterable[str]:
    tokens.need("[")
    while not tokens.next_is("]"):
        yield tokens.take()[1]
        tokens.next_is(",")
