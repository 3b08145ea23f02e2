"""Reads the dead-letter queue whole: every parked message with its body, its reason and what else it says."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import ChangeMessageVisibilityBatchRequestEntryTypeDef

HIDDEN = 300
"""Seconds for which a message stays hidden from the receives that follow: the whole reading."""
MOST = 10


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """One parked message: its original body, and its attributes."""

    body: str
    attributes: Mapping[str, str]


def read(sqs: "SQSClient", queue_url: str) -> Iterator[DeadLetter]:
    """Yield every message once, and make them visible again."""
    handles: list[str] = []
    try:
        while messages := sqs.receive_message(
            QueueUrl=queue_url,
            MaxNumberOfMessages=MOST,
            VisibilityTimeout=HIDDEN,
            WaitTimeSeconds=0,
            MessageAttributeNames=["All"],
        ).get("Messages"):
            for message in messages:
                handles.append(message["ReceiptHandle"])
                attributes = message.get("MessageAttributes", {})
                yield DeadLetter(
                    message["Body"], {name: value.get("StringValue", "") for name, value in attributes.items()}
                )
    finally:
        for start in range(0, len(handles), MOST):
            entries: list[ChangeMessageVisibilityBatchRequestEntryTypeDef] = [
                {"Id": str(number), "ReceiptHandle": handle, "VisibilityTimeout": 0}
                for number, handle in enumerate(handles[start : start + MOST])
            ]
            sqs.change_message_visibility_batch(QueueUrl=queue_url, Entries=entries)
