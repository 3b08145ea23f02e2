"""AWS/Lambda, told from functions' logs: what the local AWS does not keep itself.

It keeps Invocations, Errors, Throttles and Duration of functions that are called through the API; of those that a queue
calls it keeps none, and ConcurrentExecutions of nobody.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from local.cloudwatch.datum import Datum
from local.cloudwatch.logs import Event

REPORT = re.compile(r"^REPORT RequestId: \S+\tDuration: ([\d.]+) ms")
# what the local AWS writes of an invocation that raised, or was cut off; functions' own lines are JSON
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
        """Return what each invocation that ended tells.

        Args:
            events: new log events, in order.
            functions: names of functions by log group; other groups tell nothing.
            polled: the functions that a queue calls.
        """
        data: list[Datum] = []
        for event in events:
            if (function := functions.get(event.group)) is None:
                continue
            if FAILURE.match(event.message):
                self._failed.add(function)
            elif report := REPORT.match(event.message):
                data.append(_datum(function, "ConcurrentExecutions", event.at_ms, self._most(function, event, report)))
                if function in polled:
                    failed = float(function in self._failed)
                    data += [
                        _datum(function, "Invocations", event.at_ms, 1.0),
                        _datum(function, "Errors", event.at_ms, failed),
                        _datum(function, "Duration", event.at_ms, float(report[1])),
                    ]
                self._failed.discard(function)
        return data

    def _most(self, function: str, event: Event, report: re.Match[str]) -> float:
        """Return the most invocations that ran at once while this one did."""
        span = (event.at_ms - float(report[1]), float(event.at_ms))
        spans = self._spans[function]
        spans[:] = [earlier for earlier in spans if earlier[1] > span[1] - KEPT_MS]
        spans.append(span)
        return _most_at_once(spans, span)


def _datum(function: str, name: str, at_ms: int, value: float) -> Datum:
    unit = "Milliseconds" if name == "Duration" else "Count"
    return Datum("AWS/Lambda", name, (("FunctionName", function),), unit, at_ms, (value,))


def _most_at_once(spans: Iterable[Span], during: Span) -> float:
    beside = [span for span in spans if span[0] <= during[1] and span[1] >= during[0]]
    # the most at once is reached where one begins
    starts = [max(span[0], during[0]) for span in beside]
    return float(max(sum(span[0] <= moment <= span[1] for span in beside) for moment in starts))
