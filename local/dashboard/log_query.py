"""Log queries: the part of CloudWatch Logs Insights that the template's table of failures needs.

ministack's own understands no condition on a line's fields. Understood here: SOURCE, fields (with coalesce and `as`), a
filter of `name = 'text'` and `name like /pattern/` joined by `or`, the newest first, a limit. Anything else raises
`QueryError`, so that the widget says so instead of showing other lines.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from local.cloudwatch.logs import Event
from local.dashboard import numbers

QUERY = re.compile(
    r"(?P<groups>(?:SOURCE '[^']+' \| )+)fields (?P<fields>[^|]+?)\s*\| filter (?P<filter>.+?)\s*"
    r"\| sort @timestamp desc\s*\| limit (?P<limit>\d+)",
    re.DOTALL,
)
COLUMN = re.compile(r",\s*(?![^(]*\))")  # a comma, but not one within brackets
FIELD = re.compile(r"(?:coalesce\(([@\w., ]+)\)|([@\w.]+))(?: as (\w+))?")
CONDITION = re.compile(r"\s*([@\w.]+) (?:= '([^']*)'|like /((?:[^/\\]|\\.)*)/)\s*(or\b|$)")

Row = Mapping[str, str]
Condition = Callable[[Row], bool]


class QueryError(ValueError):
    """A query of a form that is not understood here."""


@dataclass(frozen=True, slots=True)
class Query:
    """A query: log groups, columns by title, each with the fields of which the first that a line has is shown."""

    groups: tuple[str, ...]
    columns: Mapping[str, tuple[str, ...]]
    conditions: tuple[Condition, ...]
    limit: int

    def run(self, events: Iterable[Event]) -> list[tuple[str, ...]]:
        """Return the rows of the lines for which one of the conditions holds, the newest first."""
        chosen = [row for row in map(_row, events) if any(holds(row) for holds in self.conditions)]
        chosen.sort(key=lambda row: row["@timestamp"], reverse=True)
        return [tuple(map(partial(_first, row), self.columns.values())) for row in chosen[: self.limit]]


def parse(text: str) -> Query:
    """Return the query that a text means.

    Raises:
        QueryError: it is not understood.
    """
    if (found := QUERY.fullmatch(text)) is None:
        raise QueryError(f"not understood: {text}")
    return Query(
        tuple(re.findall("'([^']+)'", found["groups"])),
        dict(map(_column, COLUMN.split(found["fields"]))),
        tuple(_conditions(found["filter"])),
        int(found["limit"]),
    )


def _column(text: str) -> tuple[str, tuple[str, ...]]:
    if (found := FIELD.fullmatch(text)) is None:
        raise QueryError(f"a field that is not understood: {text}")
    coalesced, name, title = found.groups()
    return title or text, tuple(re.split(r",\s*", coalesced or name))


def _conditions(text: str) -> Iterator[Condition]:
    position, joined = 0, "or"
    while joined:
        if (found := CONDITION.match(text, position)) is None:
            raise QueryError(f"a condition that is not understood: {text[position:]}")
        name, value, pattern, joined = found.groups()
        yield partial(_matches, name, re.compile(rf"\A{re.escape(value)}\Z" if pattern is None else pattern))
        position = found.end()


def _matches(name: str, pattern: re.Pattern[str], row: Row) -> bool:
    return name in row and pattern.search(row[name]) is not None


def _first(row: Row, names: Iterable[str]) -> str:
    return next((row[name] for name in names if row.get(name)), "")


def _row(event: Event) -> Row:
    """Return a line's fields: the service's own, and those of its JSON, nested ones by a path with dots."""
    own = {"@timestamp": numbers.moment(event.at_ms / 1000), "@message": event.message, "@log": event.group}
    try:
        document = json.loads(event.message)
    except json.JSONDecodeError:
        return own
    return own | (dict(_flat("", document)) if isinstance(document, dict) else {})


def _flat(path: str, document: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for key, value in document.items():
        if isinstance(value, dict):
            yield from _flat(f"{path}{key}.", value)
        elif value is not None:
            yield path + key, value if isinstance(value, str) else json.dumps(value)
