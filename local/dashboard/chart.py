"""One chart as an SVG: lines or stacked areas, an axis on either side, times along the foot."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from local.cloudwatch.series import Range
from local.dashboard import numbers
from local.dashboard.widgets import Chart, Line

COLUMN = 56
ROW = 34
LEFT, RIGHT, TOP, BOTTOM = 46, 14, 10, 22
RIGHT_WITH_AXIS = 46
COLOURS = 8
"""How many the page's style knows; a ninth series begins anew, dashed."""
TIMES = 5
FAR = 3.0
"""A line this many times higher than all data would press them to the foot: it is told, and not drawn."""


@dataclass(frozen=True, slots=True)
class Plotted:
    """A series on a chart.

    Attributes:
        label: for people.
        points: values by moment.
        right: whether its axis is the right one.
    """

    label: str
    points: dict[int, float]
    right: bool = False


@dataclass(frozen=True, slots=True)
class Frame:
    """The room that a chart has.

    Attributes:
        width: of the whole SVG.
        height: of the whole SVG.
        span: the time along the foot.
        tops: the ends of the left and the right axis; None where there is no axis.
    """

    width: int
    height: int
    span: Range
    tops: tuple[float, float | None]

    def x(self, at: float) -> float:
        """Return where a moment is."""
        right = RIGHT if self.tops[1] is None else RIGHT_WITH_AXIS
        return LEFT + (at - self.span.start) / (self.span.end - self.span.start) * (self.width - LEFT - right)

    def y(self, value: float, *, right: bool = False) -> float:
        """Return where a value is."""
        top = (self.tops[1] if right else self.tops[0]) or 1.0
        return self.height - BOTTOM - value / top * (self.height - TOP - BOTTOM)


def draw(chart: Chart, series: Sequence[Plotted], span: Range) -> str:
    """Return the SVG of a chart.

    Args:
        chart: what is drawn; a screen reader hears its title.
        series: of the chart, those that are shown.
        span: the time along the foot.
    """
    layers = _stacked(series) if chart.stacked else [(None, one) for one in series]
    drawn = [line for line in chart.lines if not is_far(line, series)]
    left = max([0.0, *(line.value for line in drawn), *_values(layers, right=False)])
    right = max(_values(layers, right=True), default=None)
    tops = numbers.ceiling(left), None if right is None else numbers.ceiling(right)
    frame = Frame(chart.place.width * COLUMN, max(chart.place.height * ROW, 120), span, tops)
    parts = [
        *_grid(frame),
        *(part for number, (base, one) in enumerate(layers) for part in _series(frame, number, base, one)),
        *(_line(frame, line) for line in drawn),
    ]
    told = "; ".join(f"{one.label}: {_newest(one)}" for one in series)
    return (
        f'<svg viewBox="0 0 {frame.width} {frame.height}" role="img" aria-label="{escape(chart.title)}">'
        f"<desc>{escape(told)}</desc>{''.join(parts)}</svg>"
    )


def is_far(line: Line, series: Sequence[Plotted]) -> bool:
    """Tell whether a line lies so far above all data that drawing it would hide them."""
    most = max((value for one in series if not one.right for value in one.points.values()), default=0.0)
    return line.value > max(FAR * most, 0.0)


def _newest(one: Plotted) -> str:
    return numbers.figure(one.points[max(one.points)]) if one.points else "no data"


def _values(layers: Sequence[tuple[dict[int, float] | None, Plotted]], *, right: bool) -> list[float]:
    return [value for _, one in layers if one.right == right for value in one.points.values()]


def _stacked(series: Sequence[Plotted]) -> list[tuple[dict[int, float] | None, Plotted]]:
    """Return each series with the foot it stands on; where one has no value, it adds nothing."""
    moments = sorted({at for one in series for at in one.points})
    foot = dict.fromkeys(moments, 0.0)
    layers: list[tuple[dict[int, float] | None, Plotted]] = []
    for one in series:
        top = {at: foot[at] + one.points.get(at, 0.0) for at in moments}
        layers.append((foot, Plotted(one.label, top)))
        foot = top
    return layers


def _grid(frame: Frame) -> Iterator[str]:
    last = frame.x(frame.span.end)
    for step in range(numbers.TICKS + 1):
        value = frame.tops[0] * step / numbers.TICKS
        y = frame.y(value)
        yield f'<line class="grid" x1="{LEFT}" x2="{last:.1f}" y1="{y:.1f}" y2="{y:.1f}"/>'
        yield f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{numbers.short(value)}</text>'
        if frame.tops[1] is not None:
            right = numbers.short(frame.tops[1] * step / numbers.TICKS)
            yield f'<text x="{last + 6:.1f}" y="{y + 4:.1f}">{right}</text>'
    length = frame.span.end - frame.span.start
    for step in range(TIMES):
        at = frame.span.start + length * step / (TIMES - 1)
        anchor = "start" if step == 0 else "end" if step == TIMES - 1 else "middle"
        yield f'<text x="{frame.x(at):.1f}" y="{frame.height - 6}" text-anchor="{anchor}">{numbers.clock(at)}</text>'


def _series(frame: Frame, number: int, base: dict[int, float] | None, one: Plotted) -> Iterator[str]:
    look = f"c{number % COLOURS}" + (" dashed" if number >= COLOURS else "")
    for run in _runs(one.points, frame.span.period):
        # a value belongs to its whole period, and is drawn in the middle of it
        tops = [(frame.x(at + frame.span.period / 2), frame.y(value, right=one.right)) for at, value in run]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in tops)
        if base is not None and len(run) > 1:
            feet = [(frame.x(at + frame.span.period / 2), frame.y(base[at])) for at, _ in reversed(run)]
            yield f'<polygon class="{look}" points="{path} {" ".join(f"{x:.1f},{y:.1f}" for x, y in feet)}"/>'
        if len(run) > 1:
            yield f'<polyline class="{look}" points="{path}"/>'
        yield from (f'<circle class="{look}" cx="{x:.1f}" cy="{y:.1f}" r="2.2"/>' for x, y in _dots(tops))


def _dots(tops: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return what needs a dot: every value where they are few, since a line alone would hide how few."""
    return tops if len(tops) <= 40 else []  # noqa: PLR2004 - a dot needs some ten pixels


def _runs(points: dict[int, float], period: int) -> Iterator[list[tuple[int, float]]]:
    """Yield the runs of values without a gap: no line is drawn where nothing is known."""
    run: list[tuple[int, float]] = []
    for at in sorted(points):
        if run and at - run[-1][0] > period:
            yield run
            run = []
        run.append((at, points[at]))
    if run:
        yield run


def _line(frame: Frame, line: Line) -> str:
    y = frame.y(line.value)
    return (
        f'<line class="mark" x1="{LEFT}" x2="{frame.x(frame.span.end):.1f}" y1="{y:.1f}" y2="{y:.1f}"/>'
        f'<text x="{LEFT + 4}" y="{y - 4:.1f}">{escape(line.label)} {numbers.figure(line.value)}</text>'
    )
