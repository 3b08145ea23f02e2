"""A model of an SQS standard queue in virtual time: receives, visibility, receive counts, and its own redrive."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush
from typing import Any

from botocore.exceptions import ClientError

from tests.fakes.call_timeout import HangError
from tests.fakes.clock import START, FakeClock
from tests.fakes.queue import ENTRY_ID, MAX_ENTRIES, FakeQueue, Message

URL = "https://sqs.eu-west-1.amazonaws.com/123456789012/engagement"
MAX_VISIBILITY = 43_200


@dataclass(slots=True)
class Held:
    """A message that the queue holds.

    Attributes:
        number: By which it was sent: the queue's id for it follows.
        body: As sent.
        attributes: Message attributes.
        sent_at: Seconds on the queue's clock.
        visible_at: The same: when it may be handed out again.
        receives: Times that it was handed out.
    """

    number: int
    body: str
    attributes: Mapping[str, str]
    sent_at: float
    visible_at: float
    receives: int = 0

    @property
    def message_id(self) -> str:
        """The queue's id for it."""
        return f"message-{self.number}"

    @property
    def receipt_handle(self) -> str:
        """The handle of its last receive."""
        return f"{self.message_id}#{self.receives}"


@dataclass(slots=True)
class FakeSqs:
    """The source queue: what is received comes back, until it is deleted or was received too often.

    Attributes:
        clock: What visibility timeouts end by.
        visibility: Seconds, the queue's own visibility timeout.
        max_receives: maxReceiveCount of the redrive policy.
        dead_letters: Where the queue itself moves what was received that often already.
        moved: The bodies of what it moved so.
        unchangeable: Whether changing the visibility of the message with this body fails.
        change_error: The code with which every call to change visibilities fails; None while they succeed.
        most_receives: The most receives that any message has come to.
        seconds_a_change: How long a call takes that changes visibilities; moves the clock.
        hangs: Whether no such call is answered at all.
        changes: What each message's visibility was last changed to, in seconds, by its id.
    """

    clock: FakeClock = field(default_factory=FakeClock)
    visibility: float = 200.0
    max_receives: int = 300
    dead_letters: FakeQueue = field(default_factory=FakeQueue)
    moved: list[str] = field(default_factory=list)
    unchangeable: Callable[[str], bool] = lambda _: False
    change_error: str | None = None
    most_receives: int = 0
    seconds_a_change: float = 0.0
    hangs: bool = False
    changes: dict[str, int] = field(default_factory=dict)
    _held: dict[str, Held] = field(default_factory=dict)
    _due: list[tuple[float, int]] = field(default_factory=list)
    _sent: int = 0

    def send(self, body: str, attributes: Mapping[str, str] | None = None) -> str:
        """Take a message and return its id."""
        now = self.clock.monotonic()
        held = Held(self._sent, body, attributes or {}, sent_at=now, visible_at=now)
        self._sent += 1
        self._held[held.message_id] = held
        heappush(self._due, (now, held.number))
        return held.message_id

    @property
    def bodies(self) -> list[str]:
        """What the queue holds, in flight or not."""
        return [held.body for held in self._held.values()]

    @property
    def next_due(self) -> float | None:
        """When the next message can be received, in seconds on the clock; None where the queue is empty."""
        self._forget_stale()
        return self._due[0][0] if self._due else None

    def receive_message(self, *, QueueUrl: str, MaxNumberOfMessages: int, **_: Any) -> Mapping[str, Any]:  # noqa: N803 - boto3's names
        """Hand out what is visible, the longest due first."""
        _check_url(QueueUrl, "ReceiveMessage")
        received: list[Mapping[str, Any]] = []
        while len(received) < MaxNumberOfMessages:
            due = self.next_due
            if due is None or due > self.clock.monotonic():
                break
            held = self._held[f"message-{heappop(self._due)[1]}"]
            if held.receives >= self.max_receives:
                self._move(held)
            else:
                received.append(self._hand_out(held))
        return {"Messages": received} if received else {}

    def delete_message_batch(self, *, QueueUrl: str, Entries: Sequence[Any]) -> Mapping[str, Any]:  # noqa: N803 - boto3's names
        """Forget messages, as Lambda's event source has it done with what was not reported as failed."""
        _check(QueueUrl, Entries, "DeleteMessageBatch")
        for entry in Entries:
            self._held.pop(entry["ReceiptHandle"].partition("#")[0], None)
        return {"Successful": [{"Id": entry["Id"]} for entry in Entries]}

    def change_message_visibility_batch(self, *, QueueUrl: str, Entries: Sequence[Any]) -> Mapping[str, Any]:  # noqa: N803 - boto3's names
        """Let messages come back so many seconds from now."""
        _check(QueueUrl, Entries, "ChangeMessageVisibilityBatch")
        self.clock.advance(self.seconds_a_change)
        if self.hangs:
            raise HangError
        if self.change_error is not None:
            raise _error(self.change_error, "ChangeMessageVisibilityBatch")
        answer: dict[str, list[dict[str, Any]]] = {}
        for entry in Entries:
            failure = self._change(entry["ReceiptHandle"], entry["VisibilityTimeout"])
            if failure is None:
                answer.setdefault("Successful", []).append({"Id": entry["Id"]})
            else:
                failed = {"Id": entry["Id"], "Code": failure, "SenderFault": failure != "InternalError"}
                answer.setdefault("Failed", []).append(failed)
        return answer

    def _change(self, receipt_handle: str, seconds: int) -> str | None:
        """Return SQS's code for why it cannot be; None where it was done."""
        held = self._held.get(receipt_handle.partition("#")[0])
        if held is None or "#" not in receipt_handle:
            return "ReceiptHandleIsInvalid"
        if not 0 <= seconds <= MAX_VISIBILITY:
            return "InvalidParameterValue"
        if self.unchangeable(held.body):
            return "InternalError"
        self.changes[held.message_id] = seconds
        self._hide(held, seconds)
        return None

    def _hide(self, held: Held, seconds: float) -> None:
        held.visible_at = self.clock.monotonic() + seconds
        heappush(self._due, (held.visible_at, held.number))

    def _forget_stale(self) -> None:
        """Drop what was deleted, moved or hidden for another time since it was noted as due."""
        while self._due:
            at, number = self._due[0]
            held = self._held.get(f"message-{number}")
            if held is not None and held.visible_at == at:
                return
            heappop(self._due)

    def _hand_out(self, held: Held) -> Mapping[str, Any]:
        held.receives += 1
        self.most_receives = max(self.most_receives, held.receives)
        self._hide(held, self.visibility)
        return {
            "MessageId": held.message_id,
            "ReceiptHandle": held.receipt_handle,
            "Body": held.body,
            "Attributes": {
                "ApproximateReceiveCount": str(held.receives),
                "SentTimestamp": str(round((START.timestamp() + held.sent_at) * 1000)),
            },
            "MessageAttributes": {
                name: {"StringValue": value, "DataType": "String"} for name, value in held.attributes.items()
            },
        }

    def _move(self, held: Held) -> None:
        del self._held[held.message_id]
        self.moved.append(held.body)
        self.dead_letters.messages.append(Message(held.body, None, held.attributes))


def _check_url(queue_url: str, operation: str) -> None:
    if queue_url != URL:
        raise _error("AWS.SimpleQueueService.NonExistentQueue", operation)


def _check(queue_url: str, entries: Sequence[Any], operation: str) -> None:
    _check_url(queue_url, operation)
    ids = [entry["Id"] for entry in entries]
    if not ids:
        raise _error("AWS.SimpleQueueService.EmptyBatchRequest", operation)
    if len(ids) > MAX_ENTRIES:
        raise _error("AWS.SimpleQueueService.TooManyEntriesInBatchRequest", operation)
    if len(set(ids)) < len(ids):
        raise _error("AWS.SimpleQueueService.BatchEntryIdsNotDistinct", operation)
    if not all(ENTRY_ID.fullmatch(entry_id) for entry_id in ids):
        raise _error("AWS.SimpleQueueService.InvalidBatchEntryId", operation)


def _error(code: str, operation: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": code}}, operation)
