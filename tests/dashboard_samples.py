"""A dashboard with a widget of every kind, and what it shows."""

import json

from local.cloudwatch.metrics import Range
from local.cloudwatch.queries import Series
from local.dashboard import page, widgets
from local.dashboard.sources import AlarmState, Content, Fault, Figures, Table

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
    lines = tuple(Series(f"series {number}", values) for number, values in points.items())
    alone = (*lines, Series("right <one>", {NOW - 60: 1234.5}, right=True))
    alarms = (
        AlarmState("stack-Rings", "ALARM", "1 of 1", "First: look."),
        AlarmState("stack-Quiet", "OK"),
        AlarmState("stack-Unsure", "INSUFFICIENT_DATA"),
        AlarmState("stack-Gone", ""),
    )
    described = widgets.parse(json.dumps(BODY)).widgets
    charts = {one.title: widgets.chart(one.properties) for one in described if one.kind == "metric"}
    contents: dict[str, Content] = {
        "Explanations": WORDS,
        "Alarms": alarms,
        "Lines": Figures(charts["Lines"], alone, SPAN),
        "Areas": Figures(charts["Areas"], lines, SPAN),
        "Nothing yet": Figures(charts["Nothing yet"], (Series("series", {}),), SPAN),
        "Values": Figures(charts["Values"], (Series("cost", {SPAN.start: 0.8342}), Series("none", {})), SPAN),
        "Failures": Table(("@timestamp", "message"), (("2026-11-23 12:00:00", "<b>bold</b> " + "long " * 60),)),
        "By tag": Fault("a widget of the type explorer"),
    }
    return page.render("a <dashboard>", [(one, contents[one.title]) for one in described], NOW)
