"""CloudWatch's metrics in memory: told apart by namespace, name and dimensions, as moto's GetMetricData does not."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

Key = tuple[str, str, frozenset[tuple[str, str]]]
STATISTICS: Mapping[str, Callable[[Sequence[float]], float]] = {
    "Sum": sum,
    "Maximum": max,
    "Average": lambda values: sum(values) / len(values),
}


@dataclass
class FakeMetrics:
    """Stored values by metric: when, in seconds since the epoch, and what."""

    stored: defaultdict[Key, list[tuple[float, float]]] = field(default_factory=lambda: defaultdict(list))

    def put(self, namespace: str, name: str, dimensions: Mapping[str, str], at: float, value: float) -> None:
        """Store one value."""
        self.stored[namespace, name, frozenset(dimensions.items())].append((at, value))

    def get_metric_data(
        self,
        *,
        MetricDataQueries: Sequence[Any],  # noqa: N803 - boto3's names
        StartTime: datetime,  # noqa: N803
        EndTime: datetime,  # noqa: N803
    ) -> Mapping[str, Any]:
        """Return each stored metric's values by period; periods begin at whole multiples of their length."""
        return {"MetricDataResults": [self._answer(query, StartTime, EndTime) for query in MetricDataQueries]}

    def _answer(self, query: Any, start: datetime, end: datetime) -> Mapping[str, Any]:
        asked = query["MetricStat"]
        metric, period = asked["Metric"], asked["Period"]
        dimensions = frozenset((each["Name"], each["Value"]) for each in metric.get("Dimensions", []))
        periods: defaultdict[int, list[float]] = defaultdict(list)
        for at, value in self.stored.get((metric["Namespace"], metric["MetricName"], dimensions), []):
            if start.timestamp() <= at < end.timestamp():
                periods[int(at // period * period)].append(value)
        return {
            "Id": query["Id"],
            "Timestamps": [datetime.fromtimestamp(at, UTC) for at in periods],
            "Values": [STATISTICS[asked["Stat"]](values) for values in periods.values()],
        }
