"""Lambda's SQS event source, in virtual time: receives batches, invokes, and deletes what was not reported."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.fakes.queue import MAX_ENTRIES
from tests.fakes.sqs import URL, FakeSqs

Invoke = Callable[[Mapping[str, Any]], Sequence[str]]
"""Invokes the function and returns the ids that it reported as failed; raises where the invocation failed."""


class CrashError(BaseException):
    """The function was ended in mid-batch: Lambda learns nothing of what it did."""


@dataclass(frozen=True, slots=True)
class EventSource:
    """The mapping, with partial batch responses.

    Attributes:
        queue: Where it receives from.
        batch_size: The most messages that the function is handed at once.
    """

    queue: FakeSqs
    batch_size: int = 50

    def poll(self, invoke: Invoke) -> int:
        """Receive one batch and have it worked; return how many messages it held, without a call for none."""
        messages = self._receive()
        if messages:
            try:
                failed = invoke({"Records": [_record(message) for message in messages]})
            except CrashError:
                return len(messages)
            if "" not in failed:
                self._delete(message for message in messages if message["MessageId"] not in failed)
        return len(messages)

    def _receive(self) -> list[Mapping[str, Any]]:
        messages: list[Mapping[str, Any]] = []
        while wanted := min(MAX_ENTRIES, self.batch_size - len(messages)):
            received = self.queue.receive_message(QueueUrl=URL, MaxNumberOfMessages=wanted).get("Messages", [])
            messages += received
            if len(received) < wanted:
                break
        return messages

    def _delete(self, messages: Iterable[Mapping[str, Any]]) -> None:
        for message in messages:
            self.queue.delete_message_batch(
                QueueUrl=URL, Entries=[{"Id": "0", "ReceiptHandle": message["ReceiptHandle"]}]
            )


def _record(message: Mapping[str, Any]) -> dict[str, Any]:
    """Return the message as Lambda's event tells it: the names differ from the API's."""
    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": message["Attributes"],
        "messageAttributes": {
            name: {"stringValue": attribute["StringValue"], "dataType": attribute["DataType"]}
            for name, attribute in message["MessageAttributes"].items()
        },
        "eventSource": "aws:sqs",
    }
