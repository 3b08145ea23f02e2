"""How long a returned message stays invisible: Lambda does not slow its polling after failures, so the writer does.

With partial batch responses on, a message that is reported as failed comes back when its visibility timeout ends:
the writer sets that timeout itself, from the times that the queue has handed the message out.
"""

import random
from dataclasses import dataclass

MAX_VISIBILITY = 43_200
"""Seconds; the most that SQS allows."""


@dataclass(frozen=True, slots=True)
class Backoff:
    """Exponential, with jitter over the upper half, and capped.

    The upper half only: full jitter would now and then return a message at once, and so burn its receives in an
    outage that lasts for hours.

    Attributes:
        first: Seconds after the first receive.
        cap: Seconds, the most there is.
        systemic: Seconds, the least for a fault that a person has to mend.
    """

    first: int
    cap: int
    systemic: int

    def visibility(self, receives: int, *, systemic: bool) -> int:
        """Return whole seconds for a message that was received ``receives`` times, 1 to `MAX_VISIBILITY`."""
        doublings = min(receives - 1, self.cap.bit_length())
        longest = min(self.cap, self.first * 2**doublings)
        if systemic:
            longest = min(self.cap, max(longest, 2 * self.systemic))
        return random.randint(max(1, longest // 2), longest)
