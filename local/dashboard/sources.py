"""What a dashboard's widgets show, read from the local AWS."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from local.cloudwatch import queries
from local.cloudwatch.expressions import ExpressionError
from local.cloudwatch.logs import Event
from local.cloudwatch.metrics import Range
from local.cloudwatch.queries import Series
from local.dashboard import log_query, widgets
from local.dashboard.log_query import QueryError
from local.dashboard.widgets import Chart, Widget
from local.stack import function_logs

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch import CloudWatchClient
    from mypy_boto3_logs import CloudWatchLogsClient

SHOWN_SECONDS = 900
"""How much time the charts show at least."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What a chart shows: its series, those without data among them, and the time that they were asked for."""

    chart: Chart
    series: tuple[Series, ...]
    span: Range


@dataclass(frozen=True, slots=True)
class AlarmState:
    """An alarm; its state, as CloudWatch names it, is empty if there is no such alarm."""

    name: str
    state: str
    reason: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """What a log widget shows."""

    titles: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a widget is not drawn."""

    reason: str


Content = Figures | tuple[AlarmState, ...] | Table | str | Fault
"""What a widget shows; a text's words are a str."""


@dataclass(frozen=True, slots=True)
class Sources:
    """Reads what widgets show of so many seconds up to `now`, in seconds since the epoch."""

    cloudwatch: "CloudWatchClient"
    logs: "CloudWatchLogsClient"
    now: float
    seconds: int

    def read(self, widget: Widget) -> Content:
        """Return what a widget shows."""
        properties = widget.properties
        try:
            match widget.kind:
                case "text":
                    return str(properties["markdown"])
                case "alarm":
                    return self._states([arn.partition(":alarm:")[2] for arn in properties["alarms"]])
                case "log":
                    return self._table(properties["query"])
                case "metric":
                    return self._figures(widgets.chart(properties))
        except (ExpressionError, QueryError) as error:
            return Fault(str(error))
        return Fault(f"a widget of the type {widget.kind}")

    def _figures(self, chart: Chart) -> Figures:
        span = Range.until(self.now, self.seconds, chart.period)
        if chart.whole:
            span = replace(span, period=span.end - span.start)
        found = queries.answer(self.cloudwatch, chart.queries, span)
        shown = [(query.id in chart.right, found[query.id]) for query in chart.queries if query.shown]
        return Figures(chart, tuple(replace(one, right=right) for right, series in shown for one in series), span)

    def _states(self, names: Sequence[str]) -> tuple[AlarmState, ...]:
        """Return the alarms of these names, those in ALARM first."""
        pages = self.cloudwatch.get_paginator("describe_alarms").paginate(AlarmTypes=["MetricAlarm", "CompositeAlarm"])
        known = {
            alarm["AlarmName"]: AlarmState(
                alarm["AlarmName"], alarm["StateValue"], alarm.get("StateReason", ""), alarm.get("AlarmDescription", "")
            )
            for page in pages
            for alarm in (*page["MetricAlarms"], *page["CompositeAlarms"])
        }
        found = [known.get(name, AlarmState(name, "")) for name in names]
        return tuple(sorted(found, key=lambda alarm: alarm.state != "ALARM"))

    def _table(self, text: str) -> Table:
        query = log_query.parse(text)
        start_ms = int((self.now - self.seconds) * 1000)
        lines = [(group, *line) for group in query.groups for line in function_logs.since(self.logs, group, start_ms)]
        return Table(tuple(query.columns), query.run(Event(*line) for line in lines))


def zoomed(contents: Sequence[Content]) -> list[Content]:
    """Return the same with charts that begin where the first has data, so that a young stack fills them."""
    charts = [one for one in contents if isinstance(one, Figures) and not one.span.is_one]
    end = max(one.span.end for one in charts)
    first = min((at for one in charts for series in one.series for at in series.points), default=end)
    start = min(first, end - SHOWN_SECONDS)
    return [_since(one, start) if one in charts else one for one in contents]


def _since(figures: Content, start: int) -> Content:
    if not isinstance(figures, Figures) or start <= figures.span.start:
        return figures
    period = figures.span.period
    return replace(figures, span=replace(figures.span, start=start // period * period))
