"""Sends entries to an SQS queue in batches, several at once, and returns what became of each entry."""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Protocol

from engagement.aws_errors import AWS_FAILURES, error_code
from engagement.clock import Clock, Deadline
from engagement.errors import UnansweredError, UnreadableAnswerError
from engagement.sqs_batch import BatchIds, Entry, batches

MAX_ROUNDS = 3
"""Times that an entry is sent before it counts as unsent."""
FIRST_PAUSE = 0.1
"""Seconds; the longest pause before the first resend, doubled for each that follows."""


class SendMessageBatch(Protocol):
    """The one call of an SQS client that is needed here."""

    def send_message_batch(self, *, QueueUrl: str, Entries: Sequence[Any]) -> Mapping[str, Any]:  # noqa: N803 - boto3's names
        """Send up to ten entries; answer ``Successful`` and ``Failed`` by entry id."""


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


SendResult = Unsent | None
"""None: the entry is in the queue."""


class Sender(Protocol):
    """A queue that entries can be sent to."""

    def send(self, entries: Sequence[Entry], deadline: Deadline) -> list[SendResult]:
        """Send every entry; return None for each that the queue has, in the order of ``entries``."""


class SqsBatchSender:
    """Sends to one queue.

    Args:
        client: An SQS client that retries whole calls itself (botocore, standard mode); only entries that fail
            within a successful call are resent here, so that exactly one layer retries each.
        queue_url: The queue.
        clock: Where pauses are slept.
        threads: Batches that are sent at once.
        first: Returns which of so many batches is sent first. A random one: if time suffices for a part only, repeats
            of the same event then reach the rest, too.
    """

    def __init__(
        self,
        client: SendMessageBatch,
        queue_url: str,
        clock: Clock,
        threads: int,
        *,
        first: Callable[[int], int] = random.randrange,
    ) -> None:
        self._client = client
        self._queue_url = queue_url
        self._clock = clock
        self._threads = threads
        self._first = first

    def send(self, entries: Sequence[Entry], deadline: Deadline) -> list[SendResult]:
        """Send every entry and return what became of each, in the order of ``entries``.

        No call starts after ``deadline``. An entry that is in no answer of SQS counts as unsent.
        """
        results: list[SendResult] = [Unsent("DeadlinePassed")] * len(entries)
        pending = list(range(len(entries)))
        for attempt in range(MAX_ROUNDS):
            if not pending or deadline.passed():
                break
            if attempt:
                self._pause(attempt, deadline)
            for position, result in self._round(entries, pending, deadline):
                results[position] = result
            pending = [position for position in pending if _may_be_resent(results[position])]
        return results

    def _pause(self, attempt: int, deadline: Deadline) -> None:
        longest = FIRST_PAUSE * 2 ** (attempt - 1)
        seconds = random.uniform(0, longest)
        self._clock.sleep(max(0.0, min(seconds, deadline.remaining())))

    def _round(
        self, entries: Sequence[Entry], pending: Sequence[int], deadline: Deadline
    ) -> Iterator[tuple[int, SendResult]]:
        calls = list(batches(pending, lambda position: entries[position].size))
        if len(calls) == 1:
            yield from self._call(entries, calls[0], deadline)
            return
        first = self._first(len(calls))
        with ThreadPoolExecutor(max_workers=self._threads) as pool:
            for results in pool.map(lambda batch: self._call(entries, batch, deadline), calls[first:] + calls[:first]):
                yield from results

    def _call(self, entries: Sequence[Entry], batch: Sequence[int], deadline: Deadline) -> list[tuple[int, SendResult]]:
        if deadline.passed():
            return [(position, Unsent("DeadlinePassed")) for position in batch]
        call = BatchIds(len(batch))
        sent = {entry_id: entries[position] for entry_id, position in zip(call.ids, batch, strict=True)}
        try:
            answer = self._client.send_message_batch(
                QueueUrl=self._queue_url, Entries=[entry.wire(entry_id) for entry_id, entry in sent.items()]
            )
        except (*AWS_FAILURES, UnansweredError) as error:
            # botocore has used up its own retries: another round would be a second layer of them.
            return [(position, Unsent(error_code(error), call_failed=True)) for position in batch]
        return list(zip(batch, _results(answer, call, sent), strict=True))


def _may_be_resent(result: SendResult) -> bool:
    return result is not None and not result.sender_fault and not result.call_failed


def _results(answer: object, call: BatchIds, sent: Mapping[str, Entry]) -> list[SendResult]:
    try:
        succeeded, failed = call.read(answer)
    except UnreadableAnswerError as error:
        return [Unsent(type(error).__name__)] * len(sent)
    return [_result(entry, succeeded.get(entry_id), failed.get(entry_id)) for entry_id, entry in sent.items()]


def _result(entry: Entry, success: Mapping[str, Any] | None, failure: Mapping[str, Any] | None) -> SendResult:
    if success is not None:
        return None if entry.is_confirmed_by(success) else Unsent(UnreadableAnswerError.__name__)
    if failure is not None:
        code = failure.get("Code")
        if not isinstance(code, str) or not code:
            return Unsent("Unknown")
        # A fault of the entry's own parks it: that is believed in the contract's own form alone.
        return Unsent(code, sender_fault=failure.get("SenderFault") is True)
    return Unsent("NotAnswered")
