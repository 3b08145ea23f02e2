"""One chart as an SVG: lines or stacked areas, an axis on either side, times along the foot."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from html import escape

from local.cloudwatch.metrics import Points, Range
from local.cloudwatch.queries import Series
from local.dashboard import numbers

COLUMN = 56
ROW = 34
LEFT, RIGHT, TOP, BOTTOM = 46, 14, 10, 22
RIGHT_WITH_AXIS = 46
COLOURS = 8
"""How many the page's style knows; a ninth series begins anew, dashed."""
TIMES = 5
DOTTED = 40
"""A series of no more values has a dot at each: a line alone would hide how few they are."""


@dataclass(frozen=True, slots=True)
class Frame:
    """The size of the whole SVG, the time along its foot, the ends of its left and its right axis, if there is one."""

    width: int
    height: int
    span: Range
    tops: tuple[float, float | None]

    def x(self, at: float) -> float:
        """Where a moment is."""
        right = RIGHT if self.tops[1] is None else RIGHT_WITH_AXIS
        return LEFT + (at - self.span.start) / (self.span.end - self.span.start) * (self.width - LEFT - right)

    def y(self, value: float, *, right: bool = False) -> float:
        """Where a value is."""
        top = (self.tops[1] if right else self.tops[0]) or 1.0
        return self.height - BOTTOM - value / top * (self.height - TOP - BOTTOM)


def draw(series: Sequence[Series], span: Range, size: tuple[int, int], title: str, *, stacked: bool) -> str:
    """Return the SVG of a chart of so many columns and rows; a screen reader reads its title."""
    layers = _stacked(series) if stacked else [(None, one) for one in series]
    left = [value for _, one in layers if not one.right for value in one.points.values()]
    right = [value for _, one in layers if one.right for value in one.points.values()]
    tops = numbers.ceiling(max(left, default=0.0)), numbers.ceiling(max(right)) if right else None
    frame = Frame(size[0] * COLUMN, max(size[1] * ROW, 120), span, tops)
    drawn = [part for number, (base, one) in enumerate(layers) for part in _series(frame, number, base, one)]
    view = f'viewBox="0 0 {frame.width} {frame.height}"'
    return f'<svg {view} role="img" aria-label="{escape(title)}">{"".join([*_grid(frame), *drawn])}</svg>'


def _stacked(series: Sequence[Series]) -> list[tuple[Points | None, Series]]:
    """Return each series with the foot it stands on; where one has no value, it adds nothing."""
    moments = sorted({at for one in series if not one.right for at in one.points})
    foot: Points = dict.fromkeys(moments, 0.0)
    layers: list[tuple[Points | None, Series]] = []
    for one in series:
        if one.right:
            layers.append((None, one))
            continue
        top = {at: foot[at] + one.points.get(at, 0.0) for at in moments}
        layers.append((foot, replace(one, points=top)))
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


def _series(frame: Frame, number: int, base: Points | None, one: Series) -> Iterator[str]:
    style = f"c{number % COLOURS}" + (" dashed" if number >= COLOURS else "")
    for run in _runs(one.points, frame.span.period):
        top = _path(frame, run, right=one.right)
        if len(run) > 1:
            if base is not None:
                foot = _path(frame, {at: base[at] for at in reversed(run)})
                yield f'<polygon class="{style}" points="{" ".join(top + foot)}"/>'
            yield f'<polyline class="{style}" points="{" ".join(top)}"/>'
        if len(run) <= DOTTED:
            for x, y in (point.split(",") for point in top):
                yield f'<circle class="{style}" cx="{x}" cy="{y}" r="2.2"/>'


def _path(frame: Frame, points: Points, *, right: bool = False) -> list[str]:
    # a value belongs to its whole period, and is drawn in the middle of it
    half = frame.span.period / 2
    return [f"{frame.x(at + half):.1f},{frame.y(value, right=right):.1f}" for at, value in points.items()]


def _runs(points: Points, period: int) -> Iterator[dict[int, float]]:
    """Yield the runs of values without a gap: no line is drawn across one."""
    run: dict[int, float] = {}
    for at in sorted(points):
        if run and at - max(run) > period:
            yield run
            run = {}
        run[at] = points[at]
    if run:
        yield run
