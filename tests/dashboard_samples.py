"""A dashboard with a widget of every kind, and what it shows."""

import json
from collections.abc import Sequence

from local.cloudwatch.series import Range
from local.dashboard import page, widgets
from local.dashboard.chart import Plotted
from local.dashboard.page import Shown
from local.dashboard.sources import Figures, Standing, Table

ARN = "arn:aws:cloudwatch:us-east-1:123456789012:alarm:stack-"
NOW = 1_795_435_200
SPAN = Range(NOW - 900, NOW, 60)
LINES = [["N", f"metric{number}", "service", "writer", {"label": f"series {number}"}] for number in range(9)]
LIMIT = {"label": "limit", "value": 9}
WORDS = "# Words\n\n| a | b |\n|---|---|\n| `c` | <script>document.title = 'ran'</script> |"
TITLES = ["Explanations", "Alarms", "Lines", "Areas", "Nothing yet", "Values", "Failures", "By tag"]


def _widget(kind: str, place: tuple[int, int, int, int], **properties: object) -> dict[str, object]:
    x, y, width, height = place
    return {"type": kind, "x": x, "y": y, "width": width, "height": height, "properties": properties}


BODY = {
    "start": "-PT3H",
    "widgets": [
        _widget("explorer", (16, 14, 8, 6), title="By tag"),
        _widget("log", (0, 14, 16, 6), title="Failures", query="SOURCE '/g' | fields @timestamp, message"),
        _widget(
            "metric",
            (0, 8, 8, 6),
            title="Lines",
            metrics=LINES,
            annotations={"horizontal": [LIMIT]},
            yAxis={"left": {"label": "a second"}},
        ),
        _widget("metric", (8, 8, 8, 6), title="Areas", metrics=LINES, stacked=True),
        _widget("metric", (16, 8, 8, 6), title="Nothing yet", metrics=LINES),
        _widget("metric", (0, 12, 8, 6), title="Values", metrics=LINES, view="singleValue"),
        _widget("text", (0, 0, 16, 8), markdown=WORDS),
        _widget("alarm", (16, 0, 8, 8), title="Alarms", alarms=[f"{ARN}{name}" for name in ("Quiet", "Rings", "Gone")]),
    ],
}


def rendered() -> str:
    """Return the page."""
    points = {number: {at: float(number + at // 60 % 5) for at in SPAN.moments} for number in range(8)}
    for number, values in points.items():
        del values[SPAN.moments[number + 2]]  # a gap, elsewhere in each
    lines = tuple(Plotted(f"series {number}", values) for number, values in points.items())
    alone = (*lines, Plotted("right <one>", {NOW - 60: 1234.5}, right=True))
    standings = [
        Standing("stack-Rings", "ALARM", "1 of 1", "First: look."),
        Standing("stack-Quiet", "OK"),
        Standing("stack-Unsure", "INSUFFICIENT_DATA"),
        Standing("stack-Gone", ""),
    ]
    data: dict[str, Figures | Sequence[Standing] | Table] = {
        "Alarms": standings,
        "Lines": Figures(alone, SPAN),
        "Areas": Figures(lines, SPAN),
        "Nothing yet": Figures((Plotted("series", {}),), SPAN),
        "Values": Figures((Plotted("cost", {SPAN.start: 0.8342}), Plotted("none", {})), SPAN),
        "Failures": Table(("@timestamp", "message"), (("2026-11-23 12:00:00", "<b>bold</b> " + "long " * 60),)),
    }
    described = widgets.parse(json.dumps(BODY)).widgets
    return page.render("a <dashboard>", [Shown(one, data.get(getattr(one, "title", ""))) for one in described], NOW)
