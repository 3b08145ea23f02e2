"""Records that the writer returned to the queue: why, and when they are tried again. Shown while the demo waits."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

from engagement.errors import SystemicError
from local.demo.writer_log import Batch
from writer.profiles import delivery_error

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient

SYSTEMIC_SECONDS = 300
"""The least backoff if the cause lasts until an operator fixes it: the writer's `SYSTEMIC_BACKOFF`."""
MARGIN = 60.0
"""Seconds for a try itself, and for the poller to come round."""


@dataclass(frozen=True, slots=True)
class Backoff:
    """The writer's backoff, as the deployed function is configured.

    Attributes:
        first: Seconds, the most after the first receive; doubled at each further one.
        longest: Seconds, the most there is.
    """

    first: int
    longest: int

    def most(self, receives: int, cause: str) -> int:
        """Return the longest backoff in seconds; it is drawn from its upper half."""
        seconds: int = self.first * 2 ** min(receives - 1, self.longest.bit_length())
        if _lasts(cause):
            seconds = max(seconds, 2 * SYSTEMIC_SECONDS)
        return min(self.longest, seconds)

    def most_receives(self, seconds: float, cause: str) -> int:
        """Return how often a record can have been received, at most, so many seconds after its first receive."""
        receives, passed = 1, 0.0
        while (passed := passed + max(1, self.most(receives, cause) / 2)) <= seconds:
            receives += 1
        return receives

    @property
    def patience(self) -> float:
        """Seconds without any change after which waiting ends: every record was tried a second time by then."""
        return self.most(1, "ParkingSuspended") + MARGIN


def backoff_of(functions: "LambdaClient", function: str) -> Backoff:
    """Return the backoff of the writer as its function is configured."""
    variables = functions.get_function_configuration(FunctionName=function)["Environment"]["Variables"]
    return Backoff(int(variables["FIRST_BACKOFF_SECONDS"]), int(variables["LONGEST_BACKOFF_SECONDS"]))


def next_try(batches: Sequence[Batch], waiting: int, now: float, backoff: Backoff) -> str:
    """Return a line for a person: how many were returned, why, and about when the next is tried; or nothing.

    The log does not name messages: those that wait are taken for the ones that were returned last, and for as often
    returned as all of them on average, or as the time allows.

    Args:
        batches: In the order of their time.
        waiting: Messages of this run in the queue.
        now: Seconds since the epoch.
        backoff: The writer's.
    """
    batches = [batch for batch in batches if batch.counts.causes]
    total = sum(batch.counts.causes.total() for batch in batches)
    count = min(waiting, total)
    if not count:
        return ""
    average = ceil(total / waiting)
    causes: Counter[str] = Counter()
    due: list[float] = []
    for batch in reversed(batches):
        for cause, times in batch.counts.causes.items():
            if (taken := min(times, count - causes.total())) > 0:
                causes[_short(cause)] += taken
                receives = min(average, backoff.most_receives(batch.at - batches[0].at, cause))
                half = backoff.most(receives, cause) / 2
                # the soonest of so many draws, as it is to be expected
                due.append(batch.at + half + half / (taken + 1))
    seconds = round(min(due) - now)
    when = f"next try in about {seconds} s" if seconds > 0 else "next try is due"
    return f"{count} returned ({_listed(causes)}), {when}"


def _listed(causes: Counter[str]) -> str:
    if len(causes) == 1:
        return next(iter(causes))
    return ", ".join(f"{count} {cause}" for cause, count in causes.most_common())


def _short(cause: str) -> str:
    """Leave the detail of a cause out, which may differ from record to record."""
    return ":".join(cause.split(":")[:2])


def _lasts(cause: str) -> bool:
    """Whether the writer takes a cause for a systemic one; the code is all that its log has."""
    return isinstance(delivery_error(cause, "", 0, None), SystemicError)
