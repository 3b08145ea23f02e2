"""Waits for the outcome of the first few records: written to their profiles, or parked again."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from engagement.clock import Clock

POLL = 2.0
"""Seconds between two looks at the profiles."""
LOOK_EVERY = 5
"""Polls between two looks through the dead-letter queue."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the canaries.

    Attributes:
        written: Records that their profiles show.
        parked: Records that came back to the dead-letter queue.
        waiting: Records of which neither can be said.
    """

    written: frozenset[str]
    parked: frozenset[str]
    waiting: frozenset[str]

    @property
    def is_well(self) -> bool:
        """Whether the rest may follow."""
        return not self.parked and not self.waiting


def await_outcome(
    records: Collection[str],
    shows: Callable[[str], bool],
    parked_among: Callable[[frozenset[str]], frozenset[str]],
    clock: Clock,
    patience: float,
) -> Outcome:
    """Return what became of the records, as soon as it is known of all, one was parked, or ``patience`` is used up.

    Args:
        records: Their ids.
        shows: Whether a profile shows a record.
        parked_among: Which of these records are in the dead-letter queue.
        clock: The time.
        patience: Seconds.
    """
    waiting, written, polls = frozenset(records), frozenset[str](), 0
    end = clock.monotonic() + patience
    while True:
        arrived = frozenset(record for record in waiting if shows(record))
        waiting, written, polls = waiting - arrived, written | arrived, polls + 1
        late = clock.monotonic() >= end
        parked = parked_among(waiting) if waiting and (late or polls % LOOK_EVERY == 0) else frozenset[str]()
        if not waiting or parked or late:
            return Outcome(written, parked, waiting - parked)
        clock.sleep(POLL)
