"""A dashboard's body, parsed.

Source of the form: the CloudWatch API reference, "Dashboard body structure and syntax".
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from local.cloudwatch.metrics import Metric
from local.cloudwatch.queries import Query

START = re.compile(r"^-PT(\d+)H$")
DEFAULT_PERIOD = 300


@dataclass(frozen=True, slots=True)
class Widget:
    """A widget of a kind: text, alarm, log or metric."""

    kind: str
    title: str
    place: tuple[int, int, int, int]  # its column of 24, its row, its width and its height
    properties: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Dashboard:
    """The widgets, from top to bottom, and the seconds that they look back at."""

    widgets: tuple[Widget, ...]
    seconds: int


@dataclass(frozen=True, slots=True)
class Chart:
    """What a metric widget draws."""

    queries: tuple[Query, ...]
    right: frozenset[str]  # the ids of those on the right axis
    values: bool  # the newest values alone, without a chart
    stacked: bool
    period: int  # in seconds
    whole: bool  # whether the time range is one period
    labels: tuple[str, str]  # of the left and the right axis
    limits: tuple[tuple[str, float], ...]  # annotations: a label and a value


def parse(body: str) -> Dashboard:
    """Return the dashboard that a body describes; it looks back at three hours if `start` is not a number of hours."""
    document = json.loads(body)
    widgets = sorted(map(_widget, document["widgets"]), key=lambda widget: (widget.place[1], widget.place[0]))
    start = START.match(document.get("start", ""))
    return Dashboard(tuple(widgets), int(start[1] if start else 3) * 3600)


def _widget(widget: Mapping[str, Any]) -> Widget:
    place = (widget["x"], widget["y"], widget["width"], widget["height"])
    title = widget["properties"].get("title", "Explanations")
    return Widget(widget["type"], title, place, widget["properties"])


def chart(properties: Mapping[str, Any]) -> Chart:
    """Return what a metric widget with these properties draws."""
    axes = properties.get("yAxis", {})
    rows = [_options(row) for row in properties["metrics"]]
    statistic = properties.get("stat", "Average")
    queries = tuple(_query(number, *row, statistic) for number, row in enumerate(rows))
    horizontal = properties.get("annotations", {}).get("horizontal", [])
    return Chart(
        queries,
        right=frozenset(query.id for query, (_, options) in zip(queries, rows, strict=True) if "yAxis" in options),
        values=properties.get("view") == "singleValue",
        stacked=properties.get("stacked", False),
        period=int(properties.get("period", DEFAULT_PERIOD)),
        whole=properties.get("setPeriodToTimeRange", False),
        labels=(axes.get("left", {}).get("label", ""), axes.get("right", {}).get("label", "")),
        limits=tuple((line.get("label", ""), float(line["value"])) for line in horizontal),
    )


def _options(row: Sequence[Any]) -> tuple[Sequence[str], Mapping[str, Any]]:
    """Return a row's names and its options, which come last if there are any."""
    return (row[:-1], row[-1]) if isinstance(row[-1], dict) else (row, {})


def _query(number: int, names: Sequence[str], options: Mapping[str, Any], statistic: str) -> Query:
    key = options.get("id", f"query{number}")
    shown = options.get("visible", True)
    if not names:
        expression = options["expression"]
        return Query(key, options.get("label", expression), expression=expression, shown=shown)
    namespace, name, *dimensions = names
    metric = Metric(namespace, name, tuple(sorted(zip(dimensions[::2], dimensions[1::2], strict=True))))
    return Query(key, options.get("label", name), metric, options.get("stat", statistic), shown=shown)
