"""AWS/Lambda, from functions' logs: what the local AWS does not keep itself.

It keeps Invocations, Errors, Throttles and Duration of functions that are called through the API; of those that a queue
calls it keeps none, and ConcurrentExecutions of no function.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from local.cloudwatch.logs import Event
from local.cloudwatch.metrics import Datum

REPORT = re.compile(r"^REPORT RequestId: \S+\tDuration: ([\d.]+) ms")
# what the local AWS writes of an invocation that raised or timed out; functions' own lines are JSON
FAILURE = re.compile(r"^Traceback \(most recent call last\):|^[^{]*Task timed out after")
KEPT_MS = 900_000
"""The longest that a function of Lambda can run: nothing older can have run beside something new."""

Span = tuple[float, float]


class Invocations:
    """Remembers when invocations ran; the last of several to end sees them all, so that the maximum is exact."""

    def __init__(self) -> None:
        self._spans: defaultdict[str, list[Span]] = defaultdict(list)
        self._failed: set[str] = set()

    def observe(self, events: Iterable[Event], functions: Mapping[str, str], polled: Collection[str]) -> list[Datum]:
        """Return the metrics of each invocation that ended.

        Args:
            events: new log events, in order.
            functions: names of functions by log group; other groups have none.
            polled: the functions that a queue calls.
        """
        data: list[Datum] = []
        for event in events:
            if (function := functions.get(event.group)) is None:
                continue
            if FAILURE.match(event.message):
                self._failed.add(function)
            elif report := REPORT.match(event.message):
                duration, failed = float(report[1]), float(function in self._failed)
                measured = {"ConcurrentExecutions": self._most_at_once(function, event.at_ms - duration, event.at_ms)}
                if function in polled:
                    measured |= {"Invocations": 1.0, "Errors": failed, "Duration": duration}
                data += [_datum(function, name, event.at_ms, value) for name, value in measured.items()]
                self._failed.discard(function)
        return data

    def _most_at_once(self, function: str, begun: float, ended: float) -> float:
        """Return the most invocations that ran at once while this one did; the most is reached where one begins."""
        spans = self._spans[function]
        spans[:] = [span for span in spans if span[1] > ended - KEPT_MS] + [(begun, ended)]
        beside = [span for span in spans if span[0] <= ended and span[1] >= begun]
        return float(max(sum(a <= start <= b for a, b in beside) for start, _ in beside))


def _datum(function: str, name: str, at_ms: int, value: float) -> Datum:
    unit = "Milliseconds" if name == "Duration" else "Count"
    return Datum("AWS/Lambda", name, (("FunctionName", function),), unit, at_ms, (value,))
