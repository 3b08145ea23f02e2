"""The adapter that tells SQS when a returned message may be handed out again."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from engagement.aws_errors import AWS_FAILURES
from engagement.clock import Deadline
from engagement.errors import UnansweredError
from engagement.sqs_batch import BatchIds, batches


class ChangeMessageVisibilityBatch(Protocol):
    """The one call of an SQS client that is needed here."""

    def change_message_visibility_batch(self, *, QueueUrl: str, Entries: Sequence[Any]) -> Mapping[str, Any]:  # noqa: N803 - boto3's names
        """Set the visibility timeout of up to ten messages; answer ``Successful`` and ``Failed`` by entry id."""


class Visibility:
    """The engagement queue's messages in flight.

    Args:
        client: An SQS client that retries whole calls itself.
        queue_url: The queue.
    """

    def __init__(self, client: ChangeMessageVisibilityBatch, queue_url: str) -> None:
        self._client = client
        self._queue_url = queue_url

    def extend(self, seconds: Mapping[str, int], deadline: Deadline) -> int:
        """Set each message's visibility, by receipt handle, and return for how many that failed.

        A message for which it fails comes back after the queue's own visibility timeout: sooner or later than
        wanted, but it comes back.
        """
        failed = 0
        for batch in batches(seconds.items()):
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
        except (*AWS_FAILURES, UnansweredError):
            return len(batch)
        return len(batch) - len(succeeded)
