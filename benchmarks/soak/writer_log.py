"""What the writer's own log says: its batches' counts, and why records were returned."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from local.demo import writer_log
from local.demo.account import WriterCounts


@dataclass(frozen=True, slots=True)
class WriterSaid:
    """Sums over invocations.

    Attributes:
        counts: Of messages, by outcome.
        causes: Of returned messages, by cause.
    """

    counts: WriterCounts = field(default_factory=WriterCounts)
    causes: Counter[str] = field(default_factory=Counter)

    def since(self, earlier: "WriterSaid") -> "WriterSaid":
        """Return what was said after ``earlier``."""
        return WriterSaid(self.counts.since(earlier.counts), self.causes - earlier.causes)


def read(lines: Iterable[str]) -> WriterSaid:
    """Return what the lines of the writer's log say in all."""
    batches = [line for line in lines if writer_log.MESSAGE in line]
    causes: Counter[str] = Counter()
    for line in batches:
        causes.update(_causes(line))
    return WriterSaid(writer_log.counts(batches), causes)


def _causes(line: str) -> dict[str, int]:
    try:
        document = json.loads(line)
    except ValueError:
        return {}
    causes = document.get("causes") if isinstance(document, dict) else None
    return causes if isinstance(causes, dict) else {}
