"""An SQS queue in memory: SendMessageBatch with the service's limits, and with faults on demand."""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from botocore.exceptions import ClientError, ReadTimeoutError

from tests.fakes.call_timeout import HangError
from tests.fakes.clock import FakeClock

URL = "https://sqs.eu-west-1.amazonaws.com/123456789012/fake"
MAX_ENTRIES = 10
MAX_BYTES = 1_048_576
MAX_ATTRIBUTES = 10

ENTRY_ID = re.compile(r"[A-Za-z0-9_-]{1,80}")
GROUP_ID = re.compile(r"[A-Za-z0-9!\"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~]{1,128}")
CONTENTS = re.compile(r"[\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]+")
"""The characters of a message (SQS API reference, SendMessage, MessageBody)."""


@dataclass(frozen=True, slots=True)
class Message:
    """A message that the queue took."""

    body: str
    group: str | None
    attributes: Mapping[str, str]


@dataclass(slots=True)
class Refusal:
    """Entries whose body ``matches`` are refused, the next ``times`` times."""

    matches: Callable[[str], bool]
    code: str
    sender_fault: bool
    times: float


@dataclass(slots=True)
class FakeQueue:
    """A queue that takes what SQS takes; `messages` keeps what it took and `calls` the entry ids of every call.

    Attributes:
        clock: Moved by ``seconds_a_call`` with each call; calls at once add up, unlike the real service's.
        seconds_a_call: How long a call takes.
        hangs: Whether no call is answered at all.
    """

    clock: FakeClock = field(default_factory=FakeClock)
    seconds_a_call: float = 0.0
    hangs: bool = False
    messages: list[Message] = field(default_factory=list)
    calls: list[list[str]] = field(default_factory=list)
    _refusals: list[Refusal] = field(default_factory=list)
    _errors: list[Exception] = field(default_factory=list)
    _lost_calls: int = 0
    _omitted_answers: int = 0
    _lock: Lock = field(default_factory=Lock)

    def refuse(
        self, matches: Callable[[str], bool], code: str, *, sender_fault: bool, times: float = float("inf")
    ) -> None:
        """Report entries as failed within calls that succeed."""
        self._refusals.append(Refusal(matches, code, sender_fault, times))

    def fail(self, code: str, times: int) -> None:
        """Let the next whole calls fail with a service error, nothing taken."""
        self._errors += [_error(code)] * times

    def lose_answers(self, times: int) -> None:
        """Let the next calls take their entries, and then time out."""
        self._lost_calls += times

    def omit_answers(self, times: int) -> None:
        """Take entries, one a call, and leave them out of the answer."""
        self._omitted_answers += times

    def mend(self) -> None:
        """End every fault that was asked for."""
        self._refusals.clear()
        self._errors.clear()
        self._lost_calls = self._omitted_answers = 0

    @property
    def bodies(self) -> list[str]:
        """The bodies of what was taken, in the order of arrival."""
        return [message.body for message in self.messages]

    @property
    def counted(self) -> Counter[str]:
        """How often each body was taken."""
        return Counter(self.bodies)

    def send_message_batch(self, *, QueueUrl: str, Entries: Sequence[Any]) -> Mapping[str, Any]:  # noqa: N803 - boto3's names
        """Answer as SQS does."""
        with self._lock:
            self.calls.append([entry["Id"] for entry in Entries])
            self.clock.advance(self.seconds_a_call)
            if self.hangs:
                raise HangError
            _check(QueueUrl, Entries)
            if self._errors:
                raise self._errors.pop(0)
            return self._take(Entries)

    def _take(self, entries: Sequence[Any]) -> Mapping[str, Any]:
        successful: list[dict[str, str]] = []
        failed: list[dict[str, Any]] = []
        for entry in entries:
            refusal = self._refusal(entry)
            if refusal is not None:
                failed.append({"Id": entry["Id"], "Message": "no", **refusal})
                continue
            self.messages.append(_message(entry))
            if self._omitted_answers:
                self._omitted_answers -= 1
                continue
            successful.append({"Id": entry["Id"], "MessageId": f"message-{len(self.messages)}"})
        if self._lost_calls:
            self._lost_calls -= 1
            raise ReadTimeoutError(endpoint_url=URL)
        # As SQS does, a list without members is left out.
        return {name: found for name, found in (("Successful", successful), ("Failed", failed)) if found}

    def _refusal(self, entry: Any) -> dict[str, Any] | None:
        if CONTENTS.fullmatch(entry["MessageBody"]) is None:
            return {"Code": "InvalidMessageContents", "SenderFault": True}
        for refusal in self._refusals:
            if refusal.times and refusal.matches(entry["MessageBody"]):
                refusal.times -= 1
                return {"Code": refusal.code, "SenderFault": refusal.sender_fault}
        return None


def _check(queue_url: str, entries: Sequence[Any]) -> None:
    ids = [entry["Id"] for entry in entries]
    if queue_url != URL:
        raise _error("AWS.SimpleQueueService.NonExistentQueue")
    if not ids:
        raise _error("AWS.SimpleQueueService.EmptyBatchRequest")
    if len(ids) > MAX_ENTRIES:
        raise _error("AWS.SimpleQueueService.TooManyEntriesInBatchRequest")
    if len(set(ids)) < len(ids):
        raise _error("AWS.SimpleQueueService.BatchEntryIdsNotDistinct")
    if not all(ENTRY_ID.fullmatch(entry_id) for entry_id in ids):
        raise _error("AWS.SimpleQueueService.InvalidBatchEntryId")
    if sum(map(_size, entries)) > MAX_BYTES:
        raise _error("AWS.SimpleQueueService.BatchRequestTooLong")
    if not all(map(_is_well_formed, entries)):
        raise _error("InvalidParameterValue")


def _is_well_formed(entry: Any) -> bool:
    attributes = entry.get("MessageAttributes", {})
    return (
        bool(entry["MessageBody"])
        and GROUP_ID.fullmatch(entry.get("MessageGroupId", "none")) is not None
        and len(attributes) <= MAX_ATTRIBUTES
        and all(CONTENTS.fullmatch(attribute["StringValue"]) for attribute in attributes.values())
    )


def _size(entry: Any) -> int:
    attributes = entry.get("MessageAttributes", {})
    return len(entry["MessageBody"].encode("utf-8", "surrogatepass")) + sum(
        len(name) + len(attribute["DataType"]) + len(attribute["StringValue"].encode())
        for name, attribute in attributes.items()
    )


def _message(entry: Any) -> Message:
    attributes = entry.get("MessageAttributes", {})
    return Message(
        entry["MessageBody"],
        entry.get("MessageGroupId"),
        {name: attribute["StringValue"] for name, attribute in attributes.items()},
    )


def _error(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": code}}, "SendMessageBatch")
