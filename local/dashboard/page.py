"""A dashboard as one HTML page: nothing outside of it is asked for, and nothing in it runs."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from importlib import resources

from markdown_it import MarkdownIt

from local.dashboard import chart, numbers
from local.dashboard.sources import Figures, Standing, Table
from local.dashboard.widgets import Alarms, Chart, Log, Text, Unknown, Widget

STATES = {
    "OK": "OK",
    "ALARM": "In alarm",
    "INSUFFICIENT_DATA": "Insufficient data",
    "": "Not deployed here",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A widget with what it shows.

    Attributes:
        widget: which one.
        data: of it; None where the widget is its own words, or of a kind that is not drawn.
    """

    widget: Widget
    data: Figures | Sequence[Standing] | Table | None


def render(name: str, shown: Sequence[Shown], now: float) -> str:
    """Return the page.

    Args:
        name: of the dashboard.
        shown: its widgets, from top to bottom.
        now: when it was read, in seconds since the epoch.
    """
    style = resources.files("local.dashboard").joinpath("style.css").read_text(encoding="utf-8")
    sections = "\n".join(_section(number, one) for number, one in enumerate(shown))
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


def _section(number: int, one: Shown) -> str:
    title = f"widget-{number}"
    match one.widget, one.data:
        case Text(markdown=words), _:
            return _framed(one, "", f'<div class="scroll">{_markdown(words)}</div>', 'aria-label="Explanations"')
        case Chart() as widget, Figures() as figures:
            content = _chart(widget, figures)
        case Alarms(), [*standings]:
            content = _alarms(standings)
        case Log(), Table() as table:
            content = _table(table)
        case Unknown(type=kind), _:
            content = f'<p class="fault">A widget of the type {escape(kind)} is not drawn here.</p>'
        case _:
            raise TypeError(f"no data of its kind for {one.widget}")
    return _framed(one, f'<h2 id="{title}">{escape(one.widget.title)}</h2>', content, f'aria-labelledby="{title}"')


def _framed(one: Shown, heading: str, content: str, named: str) -> str:
    place, kind = one.widget.place, type(one.widget).__name__.lower()
    return f'<section data-widget="{kind}" style="--x:{place.x};--w:{place.width}" {named}>{heading}{content}</section>'


def _markdown(words: str) -> str:
    # what a template's author wrote is shown, and never run
    rendered: str = MarkdownIt("commonmark", {"html": False}).enable("table").render(words)
    return rendered


def _chart(widget: Chart, figures: Figures) -> str:
    if figures.fault:
        return f'<p class="fault">Not drawn: {escape(figures.fault)}</p>'
    if widget.view == "singleValue":
        return _values(figures)
    if not any(series.points for series in figures.series):
        begun, ended = numbers.clock(figures.span.start), numbers.clock(figures.span.end)
        return f'<p class="nothing">No data from {begun} to {ended}.</p>'
    left, right = (escape(label) for label in widget.labels)
    axis = f'<p class="axis">{left}{f" &middot; right: {right}" if right else ""}</p>' if left or right else ""
    far = [line for line in widget.lines if chart.is_far(line, figures.series)]
    beyond = "".join(f"<li>{escape(line.label)} at {numbers.figure(line.value)}: above the chart</li>" for line in far)
    return axis + chart.draw(widget, figures.series, figures.span) + _legend(figures, beyond)


def _legend(figures: Figures, further: str) -> str:
    items = []
    for number, series in enumerate(figures.series):
        newest = numbers.figure(series.points[max(series.points)]) if series.points else "no data"
        items.append(f'<li class="c{number % chart.COLOURS}"><i></i>{escape(series.label)} <b>{newest}</b></li>')
    return f'<ul class="legend">{"".join(items)}{further}</ul>'


def _values(figures: Figures) -> str:
    items = []
    for series in figures.series:
        newest = series.points.get(max(series.points, default=0))
        value = '<b class="none">no data</b>' if newest is None else f"<b>{numbers.figure(newest)}</b>"
        items.append(f"<li>{value}{escape(series.label)}</li>")
    return f'<ul class="values">{"".join(items)}</ul>'


def _alarms(standings: Sequence[Standing]) -> str:
    return f'<ul class="alarms">{"".join(map(_alarm, standings))}</ul>'


def _alarm(standing: Standing) -> str:
    rings = standing.state == "ALARM"
    what = f"<small>{escape(standing.description)}</small><small>{escape(standing.reason)}</small>" if rings else ""
    state = f'<span class="state {standing.state or "absent"}">{STATES[standing.state]}</span>'
    return f"<li>{state}{escape(standing.name)}{what}</li>"


def _table(table: Table) -> str:
    if table.fault:
        return f'<p class="fault">Not shown: {escape(table.fault)}</p>'
    if not table.rows:
        return '<p class="nothing">No data: no line matches.</p>'
    head = "".join(f'<th scope="col">{escape(title)}</th>' for title in table.titles)
    body = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in table.rows)
    return f'<div class="scroll" tabindex="0"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'
