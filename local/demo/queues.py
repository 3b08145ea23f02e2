"""Waits until the engagement queue is empty."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from engagement.clock import Clock
from ops.queues import depth

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

POLL = 0.25
"""Seconds between two reads of the queue's counts."""
CALM = 3
"""Reads in a row that must find the queue empty: its counts are approximate, by SQS's own words."""
PATIENCE = 660.0
"""Seconds without any change after which waiting ends: `returns.Backoff.patience` of the template's backoff."""


def drain(
    waiting: Callable[[], int],
    clock: Clock,
    patience: float = PATIENCE,
    is_done: Callable[[int], bool] = lambda count: count == 0,
) -> Iterator[int]:
    """Yield how many messages wait, again and again, until the run is done or nothing has moved for ``patience``.

    Args:
        waiting: Counts the queue's messages.
        clock: The time.
        patience: Seconds.
        is_done: Whether none of those that wait is this run's.
    """
    calm, least, since = 0, -1, clock.monotonic()
    while calm < CALM:
        count = waiting()
        yield count
        calm = calm + 1 if is_done(count) else 0
        if count != least:
            least, since = count, clock.monotonic()
        elif count and clock.monotonic() - since > patience:
            return
        clock.sleep(POLL)


def waiting(sqs: "SQSClient", queue_url: str) -> int:
    """Return how many messages a queue holds: visible, in flight, or delayed."""
    return depth(sqs, queue_url).total
