"""One metric's values at one moment."""

from dataclasses import dataclass

Dimensions = tuple[tuple[str, str], ...]
"""Names and values, sorted by name: CloudWatch tells metrics apart by the set, not by its order."""


@dataclass(frozen=True, slots=True)
class Datum:
    """What PutMetricData takes.

    Attributes:
        namespace: of the metric.
        name: of the metric.
        dimensions: of the metric.
        unit: as CloudWatch names it.
        at_ms: when, in milliseconds since the epoch.
        values: one or more; each counts as one sample.
    """

    namespace: str
    name: str
    dimensions: Dimensions
    unit: str
    at_ms: int
    values: tuple[float, ...]
