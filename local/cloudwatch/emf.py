"""What CloudWatch extracts from a log line in the embedded metric format.

Source of the rules: the CloudWatch user guide, "Specification: Embedded metric format".
"""

import json
import math
from collections.abc import Iterator, Mapping
from typing import Any

from local.cloudwatch.datum import Datum, Dimensions

NO_UNIT = "None"
MOST_VALUES = 100
MOST_DIMENSIONS = 30


def extract(line: str) -> list[Datum]:
    """Return the metrics that a line holds; none where it is not in the format.

    A metric without a number at its name, and a set of dimensions of which one is no string, are left out as
    CloudWatch leaves them out; the rest of the line counts.
    """
    if '"CloudWatchMetrics"' not in line:  # most lines: not worth parsing
        return []
    try:
        document = json.loads(line)
    except json.JSONDecodeError:
        return []
    metadata = document.get("_aws") if isinstance(document, dict) else None
    if not isinstance(metadata, dict) or not isinstance(metadata.get("Timestamp"), int):
        return []
    directives = metadata.get("CloudWatchMetrics")
    if not isinstance(directives, list):
        return []
    return [
        datum
        for directive in directives
        if isinstance(directive, dict)
        for datum in _data(directive, document, metadata["Timestamp"])
    ]


def _data(directive: Mapping[str, Any], document: Mapping[str, Any], at_ms: int) -> Iterator[Datum]:
    namespace = directive.get("Namespace")
    if not isinstance(namespace, str) or not namespace:
        return
    sets = [found for names in directive.get("Dimensions", []) if (found := _dimensions(names, document)) is not None]
    for metric in directive.get("Metrics", []):
        name = metric.get("Name")
        if values := _values(document.get(name)):
            for dimensions in sets:
                yield Datum(namespace, name, dimensions, metric.get("Unit", NO_UNIT), at_ms, values)


def _dimensions(names: object, document: Mapping[str, Any]) -> Dimensions | None:
    if not isinstance(names, list) or len(names) > MOST_DIMENSIONS:
        return None
    if not all(isinstance(document.get(name), str) for name in names):
        return None
    return tuple(sorted((name, document[name]) for name in names))


def _values(found: Any) -> tuple[float, ...]:  # noqa: ANN401 - any JSON
    """Return the numbers at a metric's name: one, or a list of at most 100; empty where it is anything else."""
    values = found if isinstance(found, list) else [found]
    if len(values) > MOST_VALUES or not all(_is_number(value) for value in values):
        return ()
    return tuple(map(float, values))


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
