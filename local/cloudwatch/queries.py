"""Answers a set of metric queries: stored metrics, and expressions over them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from local.cloudwatch import expressions, metrics
from local.cloudwatch.expressions import ExpressionError, Search
from local.cloudwatch.metrics import Metric, Points, Range

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch import CloudWatchClient


@dataclass(frozen=True, slots=True)
class Query:
    """One metric or one expression, as a widget or an alarm has them; expressions name others by their ids.

    One that is not `shown` is only named by expressions.
    """

    id: str
    label: str
    metric: Metric | None = None
    statistic: str = "Average"
    expression: str = ""
    shown: bool = True


@dataclass(frozen=True, slots=True)
class Series:
    """One line of a chart, drawn on its right or its left axis; without points, it has no data."""

    label: str
    points: Points
    right: bool = False


def answer(cloudwatch: "CloudWatchClient", queries: Sequence[Query], span: Range) -> dict[str, list[Series]]:
    """Return the series of each query by its id, shown or not; a SEARCH may yield several.

    Raises:
        ExpressionError: an expression is not understood, or names itself.
    """
    wanted = [(query.id, query.metric, query.statistic) for query in queries if query.metric is not None]
    stored = metrics.read(cloudwatch, [(metric, statistic) for _, metric, statistic in wanted], span)
    known: dict[str, Points] = {key: points for (key, _, _), points in zip(wanted, stored, strict=True)}
    searches = {query.id: found for query in queries if (found := expressions.search(query.expression)) is not None}
    waiting = [query for query in queries if query.metric is None and query.id not in searches]
    while waiting:
        ids = {query.id for query in waiting}
        ready = [query for query in waiting if not expressions.names(query.expression) & ids]
        if not ready:
            raise ExpressionError(f"expressions name each other: {', '.join(sorted(ids))}")
        known |= {query.id: expressions.evaluate(query.expression, known, span) for query in ready}
        waiting = [query for query in waiting if query not in ready]
    math = {query.id: [Series(query.label, known[query.id])] for query in queries if query.id in known}
    return math | {key: _found(cloudwatch, one, span) for key, one in searches.items()}


def _found(cloudwatch: "CloudWatchClient", search: Search, span: Range) -> list[Series]:
    chosen = search.select(metrics.stored(cloudwatch, search.namespace))
    points = metrics.read(cloudwatch, [(metric, search.statistic) for metric in chosen], span)
    labels = [" ".join(value for _, value in metric.dimensions) for metric in chosen]
    return [Series(label, values) for label, values in zip(labels, points, strict=True)]
