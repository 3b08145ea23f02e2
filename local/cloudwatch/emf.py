"""What CloudWatch extracts from a log line in the embedded metric format.

Source of the rules: the CloudWatch user guide, "Specification: Embedded metric format".
"""

import json
import math
from collections.abc import Iterator, Mapping
from typing import Any

from local.cloudwatch.metrics import Datum

MOST_VALUES = 100


def extract(line: str) -> list[Datum]:
    """Return the metrics that a line holds; none if it is not in the format.

    A metric without a number at its name, or with more than 100, and a set of dimensions of which one is no string, are
    left out as CloudWatch leaves them out; the rest of the line counts.
    """
    if '"CloudWatchMetrics"' not in line:  # most lines: not worth parsing
        return []
    try:
        document = json.loads(line)
        metadata = document["_aws"]
        directives, at_ms = metadata["CloudWatchMetrics"], metadata["Timestamp"]
        return [datum for directive in directives for datum in _data(directive, document, at_ms)]
    except (json.JSONDecodeError, KeyError, TypeError):
        return []


def _data(directive: Mapping[str, Any], document: Mapping[str, Any], at_ms: int) -> Iterator[Datum]:
    sets = [names for names in directive["Dimensions"] if all(isinstance(document.get(name), str) for name in names)]
    for metric in directive["Metrics"]:
        found = document.get(metric["Name"])
        values = found if isinstance(found, list) else [found]
        if 0 < len(values) <= MOST_VALUES and all(map(_is_number, values)):
            for names in sets:
                dimensions = tuple(sorted((name, document[name]) for name in names))
                unit, numbers = metric.get("Unit", "None"), tuple(map(float, values))
                yield Datum(directive["Namespace"], metric["Name"], dimensions, unit, at_ms, numbers)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
