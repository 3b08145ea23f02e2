"""What a dashboard shows, read from the local AWS."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from local.cloudwatch import queries
from local.cloudwatch.logs import Event
from local.cloudwatch.metric_math import ExpressionError
from local.cloudwatch.series import Range
from local.dashboard import insights
from local.dashboard.chart import Plotted
from local.dashboard.insights import QueryError
from local.dashboard.widgets import Alarms, Chart, Log
from local.stack import function_logs

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch import CloudWatchClient
    from mypy_boto3_logs import CloudWatchLogsClient


@dataclass(frozen=True, slots=True)
class Figures:
    """What a chart shows.

    Attributes:
        series: those that are shown, those without data among them.
        span: the time that they were asked for.
        fault: why there are none, where an expression is not understood.
    """

    series: tuple[Plotted, ...]
    span: Range
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """An alarm.

    Attributes:
        name: of the alarm.
        state: as CloudWatch names it; empty where there is no such alarm.
        reason: why it is in this state.
        description: what to do.
    """

    name: str
    state: str
    reason: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """What a log widget shows.

    Attributes:
        titles: of the columns.
        rows: of the table.
        fault: why there is none, where the query is not understood.
    """

    titles: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    fault: str = ""


class Sources:
    """Reads for widgets.

    Args:
        cloudwatch: The client.
        logs: The client.
        now: The end of the time that is looked at, in seconds since the epoch.
        seconds: How much of it.
    """

    def __init__(self, cloudwatch: "CloudWatchClient", logs: "CloudWatchLogsClient", now: float, seconds: int) -> None:
        self._cloudwatch = cloudwatch
        self._logs = logs
        self._now = now
        self._seconds = seconds

    def figures(self, chart: Chart) -> Figures:
        """Return what a chart shows."""
        span = Range.until(self._now, self._seconds, chart.period)
        if chart.whole:
            span = Range(span.start, span.end, span.end - span.start)
        try:
            found = queries.answer(self._cloudwatch, chart.queries, span)
        except ExpressionError as error:
            return Figures((), span, str(error))
        shown = [
            Plotted(series.label, dict(series.points), query.id in chart.right)
            for query in chart.queries
            if query.shown
            for series in found[query.id]
        ]
        return Figures(tuple(shown), span)

    def standings(self, widget: Alarms) -> list[Standing]:
        """Return the alarms of a widget, those that ring first."""
        pages = self._cloudwatch.get_paginator("describe_alarms").paginate(AlarmTypes=["MetricAlarm", "CompositeAlarm"])
        known = {
            alarm["AlarmName"]: Standing(
                alarm["AlarmName"], alarm["StateValue"], alarm.get("StateReason", ""), alarm.get("AlarmDescription", "")
            )
            for page in pages
            for alarm in (*page["MetricAlarms"], *page["CompositeAlarms"])
        }
        found = [known.get(name, Standing(name, "")) for name in widget.names]
        return sorted(found, key=lambda standing: standing.state != "ALARM")

    def table(self, widget: Log) -> Table:
        """Return the rows of a log widget."""
        try:
            query = insights.parse(widget.query)
        except QueryError as error:
            return Table((), (), str(error))
        events = [event for group in query.groups for event in self._events(group)]
        rows = tuple(tuple(row) for row in query.run(events))
        return Table(tuple(field.title for field in query.fields), rows)

    def _events(self, group: str) -> list[Event]:
        lines = function_logs.since(self._logs, group, int((self._now - self._seconds) * 1000))
        return [Event(group, at_ms, line) for at_ms, line in lines]


def zoomed(figures: Sequence[Figures], least: int) -> int:
    """Return since when there is anything to see, in seconds since the epoch, so that a young stack fills its charts.

    Args:
        figures: of all charts.
        least: how many seconds are shown at least.
    """
    charted = [one for one in figures if not one.span.is_one]
    end = max(one.span.end for one in charted)
    first = min((at for one in charted for series in one.series for at in series.points), default=end)
    return min(first, end - least)


def since(figures: Figures, start: int) -> Figures:
    """Return the figures from a moment on."""
    span = figures.span
    if span.is_one or start <= span.start:
        return figures
    return replace(figures, span=Range(start // span.period * span.period, span.end, span.period))


def now() -> float:
    """Return the seconds since the epoch."""
    return time.time()
