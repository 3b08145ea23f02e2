"""Answers a set of metric queries: stored metrics, and expressions over them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from local.cloudwatch import metric_math, series
from local.cloudwatch.metric_math import ExpressionError, Scope
from local.cloudwatch.search import Search, SearchError
from local.cloudwatch.series import Metric, Range, Series

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch import CloudWatchClient


@dataclass(frozen=True, slots=True)
class Query:
    """One metric or one expression, as a widget or an alarm has them.

    Attributes:
        id: by which expressions name it.
        label: for people.
        metric: what is stored; None for an expression.
        statistic: of the metric.
        expression: over other queries; empty for a metric.
        shown: whether it is a result, or only named by expressions.
    """

    id: str
    label: str
    metric: Metric | None = None
    statistic: str = "Average"
    expression: str = ""
    shown: bool = True


def answer(cloudwatch: "CloudWatchClient", queries: Sequence[Query], span: Range) -> dict[str, list[Series]]:
    """Return the series of each query by its id, shown or not; an expression may yield several.

    Raises:
        ExpressionError: an expression is not understood, or names itself.
    """
    stored = [query for query in queries if query.metric is not None]
    wanted = [(query.metric, query.statistic) for query in stored if query.metric is not None]
    points = series.read(cloudwatch, wanted, span)
    found = {query.id: [Series(query.label, values)] for query, values in zip(stored, points, strict=True)}
    metrics = {key: value[0] for key, value in found.items()}
    waiting = [query for query in queries if query.metric is None]
    while waiting:
        known = metrics | {key: value[0] for key, value in found.items() if value}
        ready = [
            query for query in waiting if not metric_math.names(query.expression) & {other.id for other in waiting}
        ]
        if not ready:
            raise ExpressionError(f"expressions name each other: {', '.join(query.id for query in waiting)}")
        scope = Scope(known, frozenset(metrics), span, partial(_search, cloudwatch, span))
        for query in ready:
            found[query.id] = metric_math.evaluate(query.expression, scope, query.label)
        waiting = [query for query in waiting if query not in ready]
    return found


def _search(cloudwatch: "CloudWatchClient", span: Range, text: str, statistic: str) -> list[Series]:
    try:
        search = Search.parse(text)
    except SearchError as error:
        raise ExpressionError(str(error)) from error
    pages = cloudwatch.get_paginator("list_metrics").paginate(Namespace=search.namespace)
    metrics = [
        Metric(
            found["Namespace"],
            found["MetricName"],
            tuple(sorted((dimension["Name"], dimension["Value"]) for dimension in found["Dimensions"])),
        )
        for page in pages
        for found in page["Metrics"]
    ]
    chosen = search.select(metrics)
    points = series.read(cloudwatch, [(metric, statistic) for metric in chosen], span)
    return [Series(_label(metric), values) for metric, values in zip(chosen, points, strict=True)]


def _label(metric: Metric) -> str:
    """Return what a metric is of, the values of its dimensions, or its name where it has none."""
    return " ".join(value for _, value in metric.dimensions) or metric.name
