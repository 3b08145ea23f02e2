"""SendMessageBatch as the functions call it: it ends in time, and an answer that cannot be read is told as one."""

from collections.abc import Mapping, Sequence
from typing import Any

from engagement.outbox import SendMessageBatch
from engagement.patience import Patience
from engagement.unreadable import readable


class PatientSending:
    """A client of which each send ends in time; `engagement.outbox.SendMessageBatch`.

    Args:
        client: The client.
        patience: What ends its calls.
    """

    def __init__(self, client: SendMessageBatch, patience: Patience) -> None:
        self._client = client
        self._patience = patience

    def send_message_batch(self, *, QueueUrl: str, Entries: Sequence[Any]) -> Mapping[str, Any]:  # noqa: N803 - boto3's names
        """Send up to ten entries.

        Raises:
            UnansweredError: no answer came in time, or none that can be read.
        """
        return self._patience(
            lambda: readable(lambda: self._client.send_message_batch(QueueUrl=QueueUrl, Entries=Entries))
        )
