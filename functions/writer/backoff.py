"""How long a returned message stays invisible: Lambda does not slow its polling after failures, so the writer does.

With partial batch responses on, a message that is reported as failed comes back when its visibility timeout ends:
the writer sets that timeout itself, by the message's receive count.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from engagement.aws_errors import AWS_FAILURES
from engagement.clock import Deadline
from engagement.errors import UnansweredError
from engagement.sqs_batch import BatchIds, batches


@dataclass(frozen=True, slots=True)
class Backoff:
    """Exponential, with jitter over the upper half, and capped.

    The upper half only: full jitter would now and then return a message at once, and so use up its receives in an
    outage that lasts for hours.

    Attributes:
        first: Seconds; the longest backoff after the first receive.
        longest: Seconds; the longest of all, at most SQS's `engagement.sqs_batch.MAX_VISIBILITY`.
        systemic: Seconds; the shortest backoff after a fault that somebody must fix first.
    """

    first: int
    longest: int
    systemic: int

    def seconds(self, receive_count: int, *, systemic: bool) -> int:
        """Return whole seconds, 1 at least, for a message with this receive count."""
        doublings = min(receive_count - 1, self.longest.bit_length())
        longest = min(self.longest, self.first * 2**doublings)
        if systemic:
            longest = min(self.longest, max(longest, 2 * self.systemic))
        return random.randint(max(1, longest // 2), longest)


class ChangeMessageVisibilityBatch(Protocol):
    """The one call of an SQS client that is needed here."""

    def change_message_visibility_batch(self, *, QueueUrl: str, Entries: Sequence[Any]) -> Mapping[str, Any]:  # noqa: N803 - boto3's names
        """Set the visibility timeout of up to ten messages; answer ``Successful`` and ``Failed`` by entry id."""


class VisibilityTimeouts:
    """The visibility timeouts of the engagement queue's messages in flight.

    Args:
        client: An SQS client that retries whole calls itself.
        queue_url: The queue.
    """

    def __init__(self, client: ChangeMessageVisibilityBatch, queue_url: str) -> None:
        self._client = client
        self._queue_url = queue_url

    def change(self, seconds: Mapping[str, int], deadline: Deadline) -> int:
        """Set each message's timeout, by receipt handle, and return for how many that failed.

        Such a message comes back after the queue's own visibility timeout: sooner or later than wanted.
        """
        failed = 0
        for batch in batches(seconds.items()):
            failed += len(batch) if deadline.passed() else self._change(batch)
        return failed

    def _change(self, batch: Sequence[tuple[str, int]]) -> int:
        call = BatchIds(len(batch))
        entries = [
            {"Id": entry_id, "ReceiptHandle": handle, "VisibilityTimeout": seconds}
            for entry_id, (handle, seconds) in zip(call.ids, batch, strict=True)
        ]
        try:
            answer = self._client.change_message_visibility_batch(QueueUrl=self._queue_url, Entries=entries)
            succeeded, _ = call.read(answer)
        except (*AWS_FAILURES, UnansweredError):
            return len(batch)
        return len(batch) - len(succeeded)
