"""SQS queues in virtual time, with the whole of a client's calls: receives, visibility, deletes, sends, and faults."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ClientError

from tests.fakes.clock import START, FakeClock

DEAD = "https://sqs.eu-west-1.amazonaws.com/123456789012/dead-letters"
ENGAGEMENT = "https://sqs.eu-west-1.amazonaws.com/123456789012/engagement"
DOMAIN = "https://sqs.eu-west-1.amazonaws.com/123456789012/domain-dead-letters"
TWELVE_HOURS = 43_200
"""Seconds: the longest visibility timeout."""
ONE_MEBIBYTE = 1_048_576
"""Bytes of a whole SendMessageBatch at most."""


@dataclass(slots=True)
class Held:
    """A message in a queue; the receipt handle that counts is that of the last receive."""

    message_id: str
    body: str
    attributes: Mapping[str, str]
    system: Mapping[str, str]
    group: str | None
    sent_at: float
    visible_at: float
    receives: int = 0

    @property
    def handle(self) -> str:
        return f"{self.message_id}#{self.receives}"


@dataclass(slots=True)
class FakeSqsService:
    """Queues by URL.

    Attributes:
        clock: What visibility timeouts end by.
        before: Called with an operation's name before it takes effect; what it raises is the call's failure.
        after: The same after it took effect: the answer is lost.
        redrive_policy: Of every queue, where one has any.
    """

    clock: FakeClock = field(default_factory=FakeClock)
    before: Callable[[str], None] = lambda _: None
    after: Callable[[str], None] = lambda _: None
    redrive_policy: str | None = None
    queues: dict[str, list[Held]] = field(default_factory=lambda: {DEAD: [], ENGAGEMENT: [], DOMAIN: []})
    refused: Callable[[str], bool] = lambda _: False
    _sent: int = 0

    def put(
        self, url: str, body: str, attributes: Mapping[str, str] | None = None, group: str | None = None, **system: str
    ) -> str:
        """Put a message into a queue and return its id."""
        self._sent += 1
        now = self.clock.monotonic()
        held = Held(f"message-{self._sent}", body, attributes or {}, system, group, now, now)
        self.queues[url].append(held)
        return held.message_id

    def bodies(self, url: str) -> list[str]:
        """Return what a queue holds, visible or not."""
        return [held.body for held in self.queues[url]]

    def visible(self, url: str) -> list[str]:
        """Return the bodies that can be received now."""
        return [held.body for held in self.queues[url] if held.visible_at <= self.clock.monotonic()]

    def receive_message(self, **request: Any) -> Mapping[str, Any]:
        return self._call("ReceiveMessage", lambda: self._receive(**request))

    def delete_message_batch(self, **request: Any) -> Mapping[str, Any]:
        return self._call("DeleteMessageBatch", lambda: self._each(request, self._delete))

    def change_message_visibility_batch(self, **request: Any) -> Mapping[str, Any]:
        return self._call("ChangeMessageVisibilityBatch", lambda: self._each(request, self._hide))

    def send_message_batch(self, **request: Any) -> Mapping[str, Any]:
        return self._call("SendMessageBatch", lambda: self._each(request, self._send))

    def start_message_move_task(self, **_: Any) -> Mapping[str, Any]:
        raise client_error("InvalidAction", "StartMessageMoveTask")

    def list_message_move_tasks(self, **_: Any) -> Mapping[str, Any]:
        raise client_error("InvalidAction", "ListMessageMoveTasks")

    def get_queue_attributes(self, **request: Any) -> Mapping[str, Any]:
        return self._call("GetQueueAttributes", lambda: self._attributes(**request))

    def _call(self, operation: str, effect: Callable[[], Mapping[str, Any]]) -> Mapping[str, Any]:
        self.before(operation)
        answer = effect()
        self.after(operation)
        return answer

    def _receive(self, **request: Any) -> Mapping[str, Any]:
        now = self.clock.monotonic()
        if not 0 <= request["VisibilityTimeout"] <= TWELVE_HOURS or not 1 <= request["MaxNumberOfMessages"] <= 10:
            raise client_error("InvalidParameterValue", "ReceiveMessage")
        visible = [held for held in self.queues[request["QueueUrl"]] if held.visible_at <= now]
        received = visible[: request["MaxNumberOfMessages"]]
        for held in received:
            held.receives += 1
            held.visible_at = now + request["VisibilityTimeout"]
        return {"Messages": [_wire(held) for held in received]} if received else {}

    def _each(self, request: Mapping[str, Any], do: Callable[[str, Any], str | None]) -> Mapping[str, Any]:
        _check_batch(request["Entries"])
        answer: dict[str, list[dict[str, Any]]] = {}
        for entry in request["Entries"]:
            code = do(request["QueueUrl"], entry)
            if code is None:
                answer.setdefault("Successful", []).append({"Id": entry["Id"]})
            else:
                answer.setdefault("Failed", []).append({"Id": entry["Id"], "Code": code, "SenderFault": True})
        return answer

    def _find(self, url: str, handle: str) -> Held | None:
        return next((held for held in self.queues[url] if held.handle == handle), None)

    def _delete(self, url: str, entry: Any) -> str | None:
        held = self._find(url, entry["ReceiptHandle"])
        if held is None:
            return "ReceiptHandleIsInvalid"
        self.queues[url].remove(held)
        return None

    def _hide(self, url: str, entry: Any) -> str | None:
        held = self._find(url, entry["ReceiptHandle"])
        if held is None:
            return "ReceiptHandleIsInvalid"
        held.visible_at = self.clock.monotonic() + entry["VisibilityTimeout"]
        return None

    def _send(self, url: str, entry: Any) -> str | None:
        if self.refused(entry["MessageBody"]):
            return "InvalidMessageContents"
        given = entry.get("MessageAttributes", {})
        attributes = {name: value["StringValue"] for name, value in given.items()}
        self.put(url, entry["MessageBody"], attributes, entry.get("MessageGroupId"))
        return None

    def _attributes(self, **request: Any) -> Mapping[str, Any]:
        if request["QueueUrl"] not in self.queues:
            raise client_error("AWS.SimpleQueueService.NonExistentQueue", "GetQueueAttributes")
        held, now = self.queues[request["QueueUrl"]], self.clock.monotonic()
        visible = sum(one.visible_at <= now for one in held)
        known = {
            "QueueArn": f"arn:{request['QueueUrl']}",
            "ApproximateNumberOfMessages": str(visible),
            "ApproximateNumberOfMessagesNotVisible": str(len(held) - visible),
            "ApproximateNumberOfMessagesDelayed": "0",
        }
        if self.redrive_policy is not None:
            known["RedrivePolicy"] = self.redrive_policy
        return {"Attributes": {name: known[name] for name in request["AttributeNames"] if name in known}}


def _check_batch(entries: Sequence[Any]) -> None:
    """Refuse what SQS refuses of a batch as a whole."""
    if not 1 <= len(entries) <= 10:
        raise client_error("AWS.SimpleQueueService.TooManyEntriesInBatchRequest")
    if len({entry["Id"] for entry in entries}) < len(entries):
        raise client_error("AWS.SimpleQueueService.BatchEntryIdsNotDistinct")
    if sum(map(_size, entries)) > ONE_MEBIBYTE:
        raise client_error("AWS.SimpleQueueService.BatchRequestTooLong")


def _size(entry: Any) -> int:
    attributes = entry.get("MessageAttributes", {})
    named = sum(len(name) + len("String") + len(value["StringValue"]) for name, value in attributes.items())
    return len(entry.get("MessageBody", "").encode()) + named


def client_error(code: str, operation: str = "Operation", status: int = 400) -> ClientError:
    """Return what boto3 raises for a service's answer."""
    answer: Any = {"Error": {"Code": code, "Message": code}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(answer, operation)


def _wire(held: Held) -> dict[str, Any]:
    return {
        "MessageId": held.message_id,
        "ReceiptHandle": held.handle,
        "Body": held.body,
        "Attributes": {
            "ApproximateReceiveCount": str(held.receives),
            "SentTimestamp": str(round((START.timestamp() + held.sent_at) * 1000)),
            **held.system,
        },
        "MessageAttributes": {
            name: {"StringValue": value, "DataType": "String"} for name, value in held.attributes.items()
        },
    }
