"""Sends entries to an SQS queue in batches, several at once, and says of each entry what became of it."""

import hashlib
import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Protocol

from engagement.batch_answer import BatchIds
from engagement.clock import Clock, Deadline
from engagement.errors import UnansweredError, UnreadableAnswerError

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
        start: Which of so many batches is sent first. A random one: where time suffices for a part only, repeats of the
            same event then reach the rest, too.
    """

    def __init__(  # noqa: PLR0913 - a port, its queue and its manners
        self,
        client: SendMessageBatch,
        queue_url: str,
        failures: tuple[type[Exception], ...],
        clock: Clock,
        threads: int,
        *,
        start: Callable[[int], int] = random.randrange,
    ) -> None:
        self._client = client
        self._queue_url = queue_url
        self._failures: tuple[type[Exception], ...] = (*failures, UnansweredError)
        self._clock = clock
        self._threads = threads
        self._start = start

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
        first = self._start(len(batches))
        batches = batches[first:] + batches[:first]
        with ThreadPoolExecutor(max_workers=self._threads) as pool:
            for answers in pool.map(lambda batch: self._call(entries, batch, deadline), batches):
                yield from answers

    def _call(self, entries: Sequence[Entry], batch: Sequence[int], deadline: Deadline) -> list[tuple[int, Outcome]]:
        if deadline.passed():
            return [(position, Unsent("DeadlinePassed")) for position in batch]
        call = BatchIds(len(batch))
        sent = {key: entries[position] for key, position in zip(call.ids, batch, strict=True)}
        try:
            answer = self._client.send_message_batch(
                QueueUrl=self._queue_url, Entries=[_wire_entry(key, entry) for key, entry in sent.items()]
            )
        except self._failures as error:
            # botocore has used up its own retries: another round would be a second layer of them.
            return [(position, Unsent(_code(error), call_failed=True)) for position in batch]
        return list(zip(batch, _read(answer, call, sent), strict=True))


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


def _wire_entry(key: str, entry: Entry) -> dict[str, Any]:
    wire: dict[str, Any] = {"Id": key, "MessageBody": entry.body}
    if entry.group is not None:
        wire["MessageGroupId"] = entry.group
    if entry.attributes:
        wire["MessageAttributes"] = {
            name: {"DataType": _DATA_TYPE, "StringValue": value} for name, value in entry.attributes.items()
        }
    return wire


def _read(answer: object, call: BatchIds, sent: Mapping[str, Entry]) -> list[Outcome]:
    try:
        succeeded, failed = call.read(answer)
    except UnreadableAnswerError as error:
        return [Unsent(type(error).__name__)] * len(sent)
    return [_outcome(entry, succeeded.get(key), failed.get(key)) for key, entry in sent.items()]


def _outcome(entry: Entry, success: Mapping[str, Any] | None, failure: Mapping[str, Any] | None) -> Outcome:
    if success is not None:
        return None if _is_of(entry, success) else Unsent(UnreadableAnswerError.__name__)
    if failure is not None:
        code = failure.get("Code")
        if not isinstance(code, str) or not code:
            return Unsent("Unknown")
        # A fault of the entry's own parks it: that is believed in the contract's own form alone.
        return Unsent(code, sender_fault=failure.get("SenderFault") is True)
    return Unsent("NotAnswered")


def _is_of(entry: Entry, success: Mapping[str, Any]) -> bool:
    """Return whether SQS took the very body that was sent, where it says which one it took."""
    taken = success.get("MD5OfMessageBody")
    return (
        taken is None
        or taken == hashlib.md5(entry.body.encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest()
    )


def _code(error: Exception) -> str:
    response = getattr(error, "response", None)
    if isinstance(response, dict):
        return str(response.get("Error", {}).get("Code", type(error).__name__))
    return type(error).__name__
