"""Sends entries to an SQS queue in batches, several at once, and says of each entry what became of it."""

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Protocol

from engagement.clock import Clock, Deadline

MAX_ENTRIES = 10
"""Entries in one SendMessageBatch."""
MAX_BYTES = 1_048_576
"""Bytes in one message and in one whole SendMessageBatch, attributes included."""
MAX_ROUNDS = 3
"""Times that an entry is sent before it counts as unsent."""
FIRST_PAUSE = 0.1
"""Seconds; the most that is waited before the first resend, doubled for each that follows."""

_DATA_TYPE = "String"


class SendMessageBatch(Protocol):
    """The one call of an SQS client that is needed here."""

    def send_message_batch(self, *, QueueUrl: str, Entries: Sequence[Any]) -> Mapping[str, Any]:  # noqa: N803 - boto3's names
        """Send up to ten entries; answer ``Successful`` and ``Failed`` by entry id."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One message to send.

    Attributes:
        body: The message's body.
        group: MessageGroupId: on a standard queue it keeps one noisy journey from starving the others.
        attributes: Message attributes, all of data type String; never personal data.
    """

    body: str
    group: str | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Bytes that SQS counts for this entry: the body, and each attribute's name, data type and value."""
        attributes = sum(len(name) + len(_DATA_TYPE) + len(value.encode()) for name, value in self.attributes.items())
        return len(self.body.encode("utf-8", "surrogatepass")) + attributes


@dataclass(frozen=True, slots=True)
class Unsent:
    """Why an entry is not in the queue.

    Attributes:
        code: SQS's code for the entry or for the call, the name of the call's error, or ``DeadlinePassed``.
        sender_fault: Whether the entry itself is at fault, so that no resend can help.
        call_failed: Whether the whole call failed, after the client's own retries.
    """

    code: str
    sender_fault: bool = False
    call_failed: bool = False


Outcome = Unsent | None
"""None: the entry is in the queue."""


class Sender(Protocol):
    """A queue, as a place that entries can be put into."""

    def send(self, entries: Sequence[Entry], deadline: Deadline) -> list[Outcome]:
        """Send every entry; return None for each that the queue has, in the order of ``entries``."""


class Outbox:
    """One queue, as a place that entries can be put into.

    Args:
        client: An SQS client that retries whole calls itself (botocore, standard mode); only entries that fail
            within a successful call are resent here, so that exactly one layer retries each.
        queue_url: The queue.
        failures: The exceptions by which the client reports that a whole call failed.
        clock: Where pauses are slept.
        threads: Batches that are sent at once.
    """

    def __init__(
        self,
        client: SendMessageBatch,
        queue_url: str,
        failures: tuple[type[Exception], ...],
        clock: Clock,
        threads: int,
    ) -> None:
        self._client = client
        self._queue_url = queue_url
        self._failures = failures
        self._clock = clock
        self._threads = threads

    def send(self, entries: Sequence[Entry], deadline: Deadline) -> list[Outcome]:
        """Send every entry and return what became of each, in the order of ``entries``.

        No call starts after ``deadline``. An entry that is in no answer of SQS counts as unsent.
        """
        outcomes: list[Outcome] = [Unsent("DeadlinePassed")] * len(entries)
        pending = list(range(len(entries)))
        for attempt in range(MAX_ROUNDS):
            if not pending or deadline.passed():
                break
            if attempt:
                self._pause(attempt, deadline)
            for position, outcome in self._round(entries, pending, deadline):
                outcomes[position] = outcome
            pending = [position for position in pending if _may_be_resent(outcomes[position])]
        return outcomes

    def _pause(self, attempt: int, deadline: Deadline) -> None:
        longest = FIRST_PAUSE * 2 ** (attempt - 1)
        seconds = random.uniform(0, longest)
        self._clock.sleep(max(0.0, min(seconds, deadline.remaining())))

    def _round(
        self, entries: Sequence[Entry], pending: Iterable[int], deadline: Deadline
    ) -> Iterator[tuple[int, Outcome]]:
        batches = list(_batches(entries, pending))
        if len(batches) == 1:
            yield from self._call(entries, batches[0], deadline)
            return
        with ThreadPoolExecutor(max_workers=self._threads) as pool:
            for answers in pool.map(lambda batch: self._call(entries, batch, deadline), batches):
                yield from answers

    def _call(self, entries: Sequence[Entry], batch: Sequence[int], deadline: Deadline) -> list[tuple[int, Outcome]]:
        if deadline.passed():
            return [(position, Unsent("DeadlinePassed")) for position in batch]
        try:
            answer = self._client.send_message_batch(
                QueueUrl=self._queue_url, Entries=[_wire_entry(position, entries[position]) for position in batch]
            )
        except self._failures as error:
            # botocore has used up its own retries: another round would be a second layer of them.
            return [(position, Unsent(_code(error), call_failed=True)) for position in batch]
        return list(_read(answer, batch))


def _may_be_resent(outcome: Outcome) -> bool:
    return outcome is not None and not outcome.sender_fault and not outcome.call_failed


def _batches(entries: Sequence[Entry], pending: Iterable[int]) -> Iterator[list[int]]:
    batch: list[int] = []
    size = 0
    for position in pending:
        entry_size = entries[position].size
        if batch and (len(batch) == MAX_ENTRIES or size + entry_size > MAX_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(position)
        size += entry_size
    yield batch  # the last one, never empty: there is no round without an entry to send


def _wire_entry(position: int, entry: Entry) -> dict[str, Any]:
    wire: dict[str, Any] = {"Id": str(position), "MessageBody": entry.body}
    if entry.group is not None:
        wire["MessageGroupId"] = entry.group
    if entry.attributes:
        wire["MessageAttributes"] = {
            name: {"DataType": _DATA_TYPE, "StringValue": value} for name, value in entry.attributes.items()
        }
    return wire


def _read(answer: Mapping[str, Any], batch: Sequence[int]) -> Iterator[tuple[int, Outcome]]:
    sent = {entry["Id"] for entry in answer.get("Successful", ())}
    failed = {entry["Id"]: entry for entry in answer.get("Failed", ())}
    for position in batch:
        key = str(position)
        if key in sent:
            yield position, None
        elif key in failed:
            yield position, Unsent(failed[key]["Code"], sender_fault=failed[key]["SenderFault"])
        else:
            yield position, Unsent("NotAnswered")


def _code(error: Exception) -> str:
    response = getattr(error, "response", None)
    if isinstance(response, dict):
        return str(response.get("Error", {}).get("Code", type(error).__name__))
    return type(error).__name__
