"""A dashboard's body, parsed.

Source of the form: the CloudWatch API reference, "Dashboard body structure and syntax".
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from local.cloudwatch.queries import Query
from local.cloudwatch.series import Metric

DURATION = re.compile(r"^-PT?(?:(\d+)W)?(?:(\d+)D)?T?(?:(\d+)H)?(?:(\d+)M)?$")
UNITS = (604_800, 86_400, 3_600, 60)
DEFAULT_SECONDS = 10_800
DEFAULT_PERIOD = 300


@dataclass(frozen=True, slots=True)
class Place:
    """Where a widget is, in columns of 24 and in rows."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Text:
    """A widget of words."""

    place: Place
    markdown: str


@dataclass(frozen=True, slots=True)
class Alarms:
    """A widget of alarms' states."""

    place: Place
    title: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Log:
    """A widget of log lines."""

    place: Place
    title: str
    query: str


@dataclass(frozen=True, slots=True)
class Line:
    """A horizontal line across a chart."""

    label: str
    value: float


@dataclass(frozen=True, slots=True)
class Chart:
    """A widget of metrics.

    Attributes:
        place: where it is.
        title: of the widget.
        view: timeSeries, singleValue or another.
        queries: in the order of the body.
        right: the ids of those on the right axis.
        stacked: whether the lines are laid upon one another.
        period: of a value, in seconds.
        whole: whether the time range is one period.
        labels: of the left and the right axis.
        lines: across the chart.
    """

    place: Place
    title: str
    view: str
    queries: tuple[Query, ...]
    right: frozenset[str] = frozenset()
    stacked: bool = False
    period: int = DEFAULT_PERIOD
    whole: bool = False
    labels: tuple[str, str] = ("", "")
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Unknown:
    """A widget of a type that is not drawn here."""

    place: Place
    title: str
    type: str


Widget = Text | Alarms | Log | Chart | Unknown


@dataclass(frozen=True, slots=True)
class Dashboard:
    """A dashboard.

    Attributes:
        widgets: from top to bottom.
        seconds: how much time it looks back at.
    """

    widgets: tuple[Widget, ...]
    seconds: int = field(default=DEFAULT_SECONDS)


def parse(body: str) -> Dashboard:
    """Return the dashboard that a body describes."""
    document = json.loads(body)
    widgets = sorted(map(_widget, document["widgets"]), key=lambda widget: (widget.place.y, widget.place.x))
    return Dashboard(tuple(widgets), _seconds(document.get("start", "")))


def _seconds(start: str) -> int:
    if found := DURATION.match(start):
        return sum(int(count or 0) * unit for count, unit in zip(found.groups(), UNITS, strict=True)) or DEFAULT_SECONDS
    return DEFAULT_SECONDS


def _widget(widget: Mapping[str, Any]) -> Widget:
    place = Place(widget.get("x", 0), widget.get("y", 0), widget.get("width", 6), widget.get("height", 6))
    properties = widget["properties"]
    title = properties.get("title", "")
    match widget["type"]:
        case "text":
            return Text(place, properties["markdown"])
        case "alarm":
            return Alarms(place, title, tuple(arn.partition(":alarm:")[2] for arn in properties["alarms"]))
        case "log":
            return Log(place, title, properties["query"])
        case "metric" if "metrics" in properties:
            return _chart(place, title, properties)
    return Unknown(place, title, widget["type"])


def _chart(place: Place, title: str, properties: Mapping[str, Any]) -> Chart:
    axes = properties.get("yAxis", {})
    rows = [_options(row) for row in _written_out(properties["metrics"])]
    queries = [
        _query(number, parts, options, properties.get("stat", "Average"))
        for number, (parts, options) in enumerate(rows)
    ]
    right = {query.id for query, (_, options) in zip(queries, rows, strict=True) if options.get("yAxis") == "right"}
    horizontal = properties.get("annotations", {}).get("horizontal", [])
    return Chart(
        place,
        title,
        properties.get("view", "timeSeries"),
        tuple(queries),
        frozenset(right),
        properties.get("stacked", False),
        int(properties.get("period", DEFAULT_PERIOD)),
        properties.get("setPeriodToTimeRange", False),
        (axes.get("left", {}).get("label", ""), axes.get("right", {}).get("label", "")),
        tuple(Line(line.get("label", ""), float(line["value"])) for line in horizontal),
    )


def _options(row: Sequence[Any]) -> tuple[list[str], dict[str, Any]]:
    """Return a row's names and its options, which stand last where there are any."""
    if row and isinstance(row[-1], dict):
        return list(row[:-1]), row[-1]
    return list(row), {}


def _written_out(rows: Sequence[Sequence[Any]]) -> list[list[Any]]:
    """Return the rows with "." replaced by what stands above it, and "..." by all that stands above."""
    written: list[list[Any]] = []
    above: list[Any] = []
    for row in rows:
        parts, options = _options(row)
        if "..." in parts:
            at = parts.index("...")
            kept = len(above) - (len(parts) - at - 1)
            parts = [*parts[:at], *above[at:kept], *parts[at + 1 :]]
        parts = [above[number] if part == "." else part for number, part in enumerate(parts)]
        above = parts or above
        written.append([*parts, options])
    return written


def _query(number: int, parts: Sequence[str], options: Mapping[str, Any], statistic: str) -> Query:
    name = options.get("id", f"query{number}")
    shown = options.get("visible", True)
    if not parts:
        expression = options["expression"]
        return Query(name, options.get("label", expression), expression=expression, shown=shown)
    dimensions = tuple(sorted(zip(parts[2::2], parts[3::2], strict=True)))
    metric = Metric(parts[0], parts[1], dimensions)
    return Query(name, options.get("label", parts[1]), metric, options.get("stat", statistic), shown=shown)
