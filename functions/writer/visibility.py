"""The adapter that tells SQS when a returned message may be handed out again."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

from engagement.batch_answer import BatchIds
from engagement.clock import Deadline
from engagement.errors import UnansweredError

MAX_ENTRIES = 10
"""Entries in one ChangeMessageVisibilityBatch."""


class ChangeMessageVisibilityBatch(Protocol):
    """The one call of an SQS client that is needed here."""

    def change_message_visibility_batch(self, *, QueueUrl: str, Entries: Sequence[Any]) -> Mapping[str, Any]:  # noqa: N803 - boto3's names
        """Set the visibility timeout of up to ten messages; answer ``Successful`` and ``Failed`` by entry id."""


class Visibility:
    """The engagement queue's messages in flight.

    Args:
        client: An SQS client that retries whole calls itself.
        queue_url: The queue.
        failures: The exceptions by which the client reports that a whole call failed.
    """

    def __init__(
        self, client: ChangeMessageVisibilityBatch, queue_url: str, failures: tuple[type[Exception], ...]
    ) -> None:
        self._client = client
        self._queue_url = queue_url
        self._failures: tuple[type[Exception], ...] = (*failures, UnansweredError)

    def extend(self, seconds: Mapping[str, int], deadline: Deadline) -> int:
        """Set each message's visibility, by receipt handle, and return for how many that failed.

        A message for which it fails comes back after the queue's own visibility timeout: sooner or later than
        wanted, but it comes back.
        """
        failed = 0
        for batch in _batches(list(seconds.items())):
            failed += len(batch) if deadline.passed() else self._change(batch)
        return failed

    def _change(self, batch: Sequence[tuple[str, int]]) -> int:
        call = BatchIds(len(batch))
        entries = [
            {"Id": key, "ReceiptHandle": handle, "VisibilityTimeout": seconds}
            for key, (handle, seconds) in zip(call.ids, batch, strict=True)
        ]
        try:
            answer = self._client.change_message_visibility_batch(QueueUrl=self._queue_url, Entries=entries)
            succeeded, _ = call.read(answer)
        except self._failures:
            return len(batch)
        return len(batch) - len(succeeded)


def _batches(items: Sequence[tuple[str, int]]) -> Iterator[Sequence[tuple[str, int]]]:
    for start in range(0, len(items), MAX_ENTRIES):
        yield items[start : start + MAX_ENTRIES]
