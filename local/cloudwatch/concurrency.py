"""How many invocations of a function ran at once, told from its log.

The local AWS keeps AWS/Lambda's Invocations, Errors, Throttles and Duration itself, and not this one.
"""

import re
from collections import defaultdict
from collections.abc import Iterable

from local.cloudwatch.datum import Datum
from local.cloudwatch.logs import Event

REPORT = re.compile(r"^REPORT RequestId: \S+\tDuration: ([\d.]+) ms")
KEPT_MS = 900_000
"""The longest that a function of Lambda can run: nothing older can have run beside something new."""

Span = tuple[float, float]


class Concurrency:
    """Remembers when invocations ran; the last of several to end sees them all, so that the maximum is exact."""

    def __init__(self) -> None:
        self._spans: defaultdict[str, list[Span]] = defaultdict(list)

    def observe(self, events: Iterable[Event], functions: dict[str, str]) -> list[Datum]:
        """Return a datum for each invocation that ended: the most that ran at once while it did.

        Args:
            events: new log events.
            functions: names of functions by log group; other groups tell nothing.
        """
        data = []
        for event in events:
            report = REPORT.match(event.message)
            if report is None or (function := functions.get(event.group)) is None:
                continue
            span = (event.at_ms - float(report[1]), float(event.at_ms))
            spans = self._spans[function]
            spans[:] = [earlier for earlier in spans if earlier[1] > span[1] - KEPT_MS]
            spans.append(span)
            most = _most_at_once(spans, span)
            dimensions = (("FunctionName", function),)
            data.append(Datum("AWS/Lambda", "ConcurrentExecutions", dimensions, "Count", event.at_ms, (most,)))
        return data


def _most_at_once(spans: Iterable[Span], during: Span) -> float:
    beside = [span for span in spans if span[0] <= during[1] and span[1] >= during[0]]
    # the most at once is reached where one begins
    starts = [max(span[0], during[0]) for span in beside]
    return float(max(sum(span[0] <= moment <= span[1] for span in beside) for moment in starts))
