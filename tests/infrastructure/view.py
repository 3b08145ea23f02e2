"""The dashboard and the alarms as plain data: which metric each of them looks at."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.infrastructure.template import of_type, properties

ACCOUNT = "123456789012"
REGION = "eu-west-1"
STACK = "journeys-write-back"
"""The local stack's name, so that what a run emits can be compared with what is shown."""
OURS = f"JourneyWriteBack/{STACK}"
NAMESPACE = {"Fn::Sub": "JourneyWriteBack/${AWS::StackName}"}
"""The same, as the template has it."""
SERVICES = {"viewed-offer", "not-viewed-offer", "writer", "bootstrap"}
SEARCHED = re.compile(r"SEARCH\('\{([^}]*)\} MetricName=\"(\w+)\"', '(\w+)', (\d+)\)")


@dataclass(frozen=True)
class Shown:
    """One metric as a widget or an alarm names it.

    Attributes:
        place: The widget's title, or the alarm's logical id.
        namespace: This stack's own, or one of AWS's.
        name: The metric's.
        dimensions: Name and value of each; the value is None where a search takes any.
        stat: The statistic; empty where the widget's own counts.
    """

    place: str
    namespace: str
    name: str
    dimensions: frozenset[tuple[str, str | None]]
    stat: str = ""


def body() -> dict[str, Any]:
    """Return the dashboard's body, every reference replaced by the name that stands in it."""
    text, variables = properties("Dashboard")["DashboardBody"]["Fn::Sub"]
    known = {name: "" if name == "NoTraffic" else name for name in variables}
    numbers = {"WritesQuota": "100", "OldestRecordSeconds": "14400"}
    pseudo = {"AWS::Region": REGION, "AWS::StackName": STACK, "AWS::Partition": "aws", "AWS::AccountId": ACCOUNT}
    names = known | numbers | pseudo
    parsed: dict[str, Any] = json.loads(re.sub(r"\$\{([^}]+)\}", lambda found: names.get(found[1], found[1]), text))
    return parsed


def widgets(kind: str) -> list[dict[str, Any]]:
    """Return the properties of the widgets of a type."""
    return [widget["properties"] for widget in body()["widgets"] if widget["type"] == kind]


def shown_by_widgets() -> Iterator[Shown]:
    """Yield every metric that a widget names, those that a search finds included."""
    for widget in widgets("metric"):
        for row in widget["metrics"]:
            if isinstance(row[0], dict):
                for dimensions, name, _, _ in SEARCHED.findall(row[0]["expression"]):
                    namespace, *wanted = dimensions.split(",")
                    # it has a character that is no letter or digit, and is quoted for that
                    assert re.fullmatch(r'"[^"]+"', namespace), namespace
                    dimensions_wanted = frozenset((each, None) for each in wanted)
                    yield Shown(widget["title"], namespace.strip('"'), name, dimensions_wanted)
                continue
            options = row[-1] if isinstance(row[-1], dict) else {}
            namespace, name, *pairs = row[:-1] if options else row
            dimensions = frozenset(zip(pairs[::2], pairs[1::2], strict=True))
            yield Shown(widget["title"], namespace, name, dimensions, options.get("stat", widget.get("stat", "")))


def alarms() -> dict[str, dict[str, Any]]:
    """Return the properties of the alarms on metrics, by logical id."""
    return {name: found["Properties"] for name, found in of_type("AWS::CloudWatch::Alarm").items()}


def shown_by_alarms() -> Iterator[Shown]:
    """Yield every metric that an alarm looks at."""
    for name, alarm in alarms().items():
        metrics = [each["MetricStat"] for each in alarm.get("Metrics", []) if "MetricStat" in each]
        for one in metrics or [{"Metric": alarm, "Stat": alarm["Statistic"]}]:
            metric = one["Metric"]
            dimensions = frozenset((each["Name"], _reference(each["Value"])) for each in metric["Dimensions"])
            namespace = OURS if metric["Namespace"] == NAMESPACE else metric["Namespace"]
            yield Shown(name, namespace, metric["MetricName"], dimensions, one["Stat"])


def _reference(value: Any) -> str:
    """Return a value, or what it refers to, as the dashboard's text names it."""
    match value:
        case {"Ref": name} | {"Fn::GetAtt": name}:
            return str(name)
        case {"Fn::Select": _}:
            return "DomainQueueName"
        case _:
            return str(value)


def shown() -> list[Shown]:
    """Return every metric that the view names."""
    return [*shown_by_widgets(), *shown_by_alarms()]
