"""Waits for the outcome of the first few records: written to their profiles, or parked again."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from engagement.clock import Clock

POLL = 2.0
"""Seconds between two looks at the profiles."""
SCAN_EVERY = 5
"""Polls between two scans of the dead-letter queue."""


@dataclass(frozen=True, slots=True)
class CanaryOutcome:
    """What became of the canaries.

    Attributes:
        written: Records that their profiles show.
        parked: Records that came back to the dead-letter queue.
        waiting: Records without an outcome.
        parked_at_once: How many a channel function parked instead of sending.
    """

    written: frozenset[str]
    parked: frozenset[str]
    waiting: frozenset[str]
    parked_at_once: int = 0

    @property
    def is_well(self) -> bool:
        """Whether the rest may follow."""
        return not self.parked and not self.waiting and not self.parked_at_once

    @property
    def document(self) -> Mapping[str, Any]:
        """The same as JSON."""
        return {
            "written": sorted(self.written),
            "parkedAgain": sorted(self.parked),
            "waiting": sorted(self.waiting),
        }


def await_outcome(
    records: Collection[str],
    shows: Callable[[str], bool],
    parked_among: Callable[[frozenset[str]], frozenset[str]],
    clock: Clock,
    timeout: float,
) -> CanaryOutcome:
    """Return the records' outcome as soon as all have one, one is parked, or the timeout has passed.

    Args:
        records: Their ids.
        shows: Whether a profile shows a record.
        parked_among: Which of these records are in the dead-letter queue.
        clock: The time.
        timeout: Seconds.
    """
    waiting, written, polls = frozenset(records), frozenset[str](), 0
    end = clock.monotonic() + timeout
    while True:
        arrived = frozenset(record for record in waiting if shows(record))
        waiting, written, polls = waiting - arrived, written | arrived, polls + 1
        late = clock.monotonic() >= end
        parked = parked_among(waiting) if waiting and (late or polls % SCAN_EVERY == 0) else frozenset[str]()
        if not waiting or parked or late:
            return CanaryOutcome(written, parked, waiting - parked)
        clock.sleep(POLL)
