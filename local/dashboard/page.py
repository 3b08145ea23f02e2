"""A dashboard as one HTML page: nothing outside of it is asked for, and nothing in it runs."""

from collections.abc import Sequence
from html import escape
from importlib import resources

from markdown_it import MarkdownIt

from local.cloudwatch.queries import Series
from local.dashboard import chart, numbers
from local.dashboard.sources import AlarmState, Content, Fault, Figures, Table
from local.dashboard.widgets import Widget

STATES = {
    "OK": "OK",
    "ALARM": "In alarm",
    "INSUFFICIENT_DATA": "Insufficient data",
    "": "Not deployed here",
}


def render(name: str, shown: Sequence[tuple[Widget, Content]], now: float) -> str:
    """Return the page.

    Args:
        name: of the dashboard.
        shown: its widgets, from top to bottom, and what each shows.
        now: when it was read, in seconds since the epoch.
    """
    style = resources.files("local.dashboard").joinpath("style.css").read_text(encoding="utf-8")
    sections = "\n".join(_section(widget, content) for widget, content in shown)
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{escape(name)}</title>
<style>
{style}</style>
</head>
<body>
<header><h1>{escape(name)}</h1><p>as of {numbers.moment(now)} UTC; all times in UTC</p></header>
<main>
{sections}
</main>
</body>
</html>
"""


def _section(widget: Widget, content: Content) -> str:
    (x, _, width, _), title = widget.place, escape(widget.title)
    heading = "" if isinstance(content, str) else f"<h2>{title}</h2>"
    return (
        f'<section data-widget="{widget.kind}" style="--x:{x};--w:{width}" aria-label="{title}">'
        f"{heading}{_content(widget, content)}</section>"
    )


def _content(widget: Widget, content: Content) -> str:
    match content:
        case str():
            # what a template's author wrote is shown, and never run
            words = MarkdownIt("commonmark", {"html": False}).enable("table").render(content)
            return f'<div class="scroll">{words}</div>'
        case Fault():
            return f'<p class="fault">Not drawn: {escape(content.reason)}</p>'
        case Table():
            return _table(content)
        case Figures():
            return _values(content) if content.chart.values else _chart(widget, content)
        case _:
            return f'<ul class="alarms">{"".join(map(_alarm, content))}</ul>'


def _chart(widget: Widget, figures: Figures) -> str:
    described = figures.chart
    if not any(series.points for series in figures.series):
        begun, ended = numbers.clock(figures.span.start), numbers.clock(figures.span.end)
        return f'<p class="nothing">No data from {begun} to {ended}.</p>'
    left, right = (escape(label) for label in described.labels)
    axis = f'<p class="axis">{left}{f" &middot; right: {right}" if right else ""}</p>' if left or right else ""
    items = [
        f'<li class="c{number % chart.COLOURS}"><i></i>{escape(series.label)} <b>{_newest(series)}</b></li>'
        for number, series in enumerate(figures.series)
    ]
    items += [f"<li>{escape(label)} at {numbers.figure(value)}</li>" for label, value in described.limits]
    drawn = chart.draw(figures.series, figures.span, widget.place[2:], widget.title, stacked=described.stacked)
    return f'{axis}{drawn}<ul class="legend">{"".join(items)}</ul>'


def _newest(series: Series) -> str:
    return numbers.figure(series.points[max(series.points)]) if series.points else "no data"


def _values(figures: Figures) -> str:
    none = ' class="none"'
    items = [
        f"<li><b{'' if series.points else none}>{_newest(series)}</b>{escape(series.label)}</li>"
        for series in figures.series
    ]
    return f'<ul class="values">{"".join(items)}</ul>'


def _alarm(alarm: AlarmState) -> str:
    state = f'<span class="state {alarm.state or "absent"}">{STATES[alarm.state]}</span>'
    why = f"<small>{escape(alarm.description)}</small><small>{escape(alarm.reason)}</small>"
    return f"<li>{state}{escape(alarm.name)}{why if alarm.state == 'ALARM' else ''}</li>"


def _table(table: Table) -> str:
    if not table.rows:
        return '<p class="nothing">No data: no line matches.</p>'
    head = "".join(f'<th scope="col">{escape(title)}</th>' for title in table.titles)
    body = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in table.rows)
    return f'<div class="scroll" tabindex="0"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'
