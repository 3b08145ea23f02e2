"""The event that Lambda's SQS event source hands over; every argument changes one thing about it."""

from collections.abc import Iterable, Mapping
from typing import Any

from engagement.record import EngagementRecord
from engagement.wire import encode
from tests.samples import NOW

QUEUE_ARN = "arn:aws:sqs:eu-west-1:123456789012:engagements"


def sqs_message(
    body: object, message_id: str = "message-0", receives: int = 1, attributes: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Return one message; ``attributes`` are message attributes, as a parked message carries them."""
    return {
        "messageId": message_id,
        "receiptHandle": f"receipt-of-{message_id}",
        "body": body,
        "attributes": {
            "ApproximateReceiveCount": str(receives),
            "SentTimestamp": str(round(NOW.timestamp() * 1000)),
            "SenderId": "AIDAEXAMPLE",
            "ApproximateFirstReceiveTimestamp": str(round(NOW.timestamp() * 1000)),
            "MessageGroupId": "pinpoint-group",
        },
        "messageAttributes": {
            name: {"stringValue": value, "stringListValues": [], "binaryListValues": [], "dataType": "String"}
            for name, value in (attributes or {}).items()
        },
        "md5OfBody": "not looked at",
        "eventSource": "aws:sqs",
        "eventSourceARN": QUEUE_ARN,
        "awsRegion": "eu-west-1",
    }


def sqs_event(bodies: Iterable[object]) -> dict[str, Any]:
    """Return a batch; its messages are called ``message-0``, ``message-1`` and so on. Records are encoded."""
    return {
        "Records": [
            sqs_message(encode(body) if isinstance(body, EngagementRecord) else body, f"message-{number}")
            for number, body in enumerate(bodies)
        ]
    }
