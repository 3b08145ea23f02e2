"""Scans a dead-letter queue: receives every message once, consumes none, and makes all of them visible again.

To see a message is to receive it: it becomes invisible to every other consumer for a while, and its receive count
grows. Neither harms a dead-letter queue: only a redrive policy acts on the count, a queue that has one is refused, and
a message that is sent back to the pipeline is a new one, whose count starts anew. Messages become visible again as
soon as the scan ends, also by Ctrl-C or an error; after a SIGKILL, when the visibility timeout has passed.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self
from uuid import uuid4

from engagement import sqs_batch
from engagement.sqs_batch import MAX_ENTRIES, MAX_VISIBILITY
from ops.answers import UnreadableAnswerError, batch_answer
from ops.dlq.message import DlqMessage, parse_message
from ops.errors import AWS_FAILURES, OpsError, code_of, explained
from ops.queues import name_of

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

SHORTEST_VISIBILITY = 60
"""Seconds for which a scan makes messages invisible at least."""
SCANNED_A_SECOND = 50
"""Messages that a scan receives in a second, at the very least."""
THREADS = 8
LONG_POLL = 1
"""Seconds; a long poll asks all of SQS's servers, a short one only some."""
STALE_ROUNDS = 3
"""Rounds in a row without a new message after which a scan ends."""
TOO_MANY_IN_FLIGHT = frozenset({"OverLimit", "AWS.SimpleQueueService.OverLimit"})
"""SQS's answer while 120,000 messages are in flight."""


class DlqScan:
    """One scan of a queue; a context manager that makes visible again what it received.

    Args:
        sqs: The client.
        queue_url: The queue.
        parse: Makes a `DlqMessage` of a received message.
        visibility: Seconds for which messages are invisible while the scan lasts.
        threads: Receives at once.

    Attributes:
        complete: Whether the queue had no further message.
        unreleased: Messages that could not be made visible; they become so when their visibility timeout has passed.
    """

    def __init__(
        self,
        sqs: "SQSClient",
        queue_url: str,
        parse: Callable[[Mapping[str, Any]], DlqMessage] = parse_message,
        visibility: int = SHORTEST_VISIBILITY,
        threads: int = 1,
    ) -> None:
        self._sqs = sqs
        self._queue_url = queue_url
        self._parse = parse
        self.visibility = min(MAX_VISIBILITY, visibility)
        self._pool = ThreadPoolExecutor(threads)
        self._threads = threads
        self._held: dict[str, str] = {}
        self._seen: set[str] = set()
        self.complete = False
        self.unreleased = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        # receives that are under way are waited for, since they bring messages too
        self._pool.shutdown(wait=True, cancel_futures=True)
        self.release()

    def rounds(self) -> Iterator[list[DlqMessage]]:
        """Yield messages not yet seen, until there are no more.

        Raises:
            OpsError: a call failed.
        """
        stale = 0
        while stale < STALE_ROUNDS:
            try:
                batches = self._receive_round()
            except AWS_FAILURES as error:
                if code_of(error) in TOO_MANY_IN_FLIGHT:
                    return
                raise explained(error) from error
            if not any(batches):
                self.complete = True
                return
            new = [message for batch in batches for message in batch if message["MessageId"] not in self._seen]
            stale = 0 if new else stale + 1
            messages = {message["MessageId"]: self._parse(message) for message in new}
            self._seen |= messages.keys()
            if messages:
                yield list(messages.values())

    def forget(self, deleted: Iterable[DlqMessage]) -> None:
        """Leave deleted messages out of what `release` makes visible."""
        for message in deleted:
            self._held.pop(message.message_id, None)

    def release(self) -> None:
        """Make visible what was received; failures are only counted: the timeout does the same."""
        handles = list(self._held.values())
        self._held.clear()
        batches = list(sqs_batch.batches(handles))
        if len(batches) <= 1:
            self.unreleased += sum(map(self._release, batches))
            return
        with ThreadPoolExecutor(self._threads) as pool:
            self.unreleased += sum(pool.map(self._release, batches))

    def _release(self, handles: Sequence[str]) -> int:
        by_entry = {f"{uuid4().hex}-{number}": handle for number, handle in enumerate(handles)}
        entries: Any = [
            {"Id": name, "ReceiptHandle": handle, "VisibilityTimeout": 0} for name, handle in by_entry.items()
        ]
        try:
            answer = self._sqs.change_message_visibility_batch(QueueUrl=self._queue_url, Entries=entries)
        except AWS_FAILURES:
            return len(handles)
        return len(handles) - len(batch_answer(answer, by_entry.keys()).successful)

    def _receive_round(self) -> list[Sequence[Mapping[str, Any]]]:
        """Receive by short polls; if they bring nothing, by a long one, since only that asks all of SQS's servers."""
        if self._threads == 1:
            batches = [self._receive(wait=0)]
        else:
            batches = list(self._pool.map(lambda _: self._receive(wait=0), range(self._threads)))
        return batches if any(batches) else [self._receive(wait=LONG_POLL)]

    def _receive(self, wait: int) -> Sequence[Mapping[str, Any]]:
        answer: object = self._sqs.receive_message(
            QueueUrl=self._queue_url,
            MaxNumberOfMessages=MAX_ENTRIES,
            VisibilityTimeout=self.visibility,
            WaitTimeSeconds=wait,
            MessageAttributeNames=["All"],
            MessageSystemAttributeNames=["All"],
        )
        messages = answer.get("Messages") or [] if isinstance(answer, Mapping) else None
        whole = [message for message in messages if _is_whole(message)] if isinstance(messages, list) else []
        # noted here, in the thread that received them: an interrupt must not lose sight of them
        self._held.update((message["MessageId"], message["ReceiptHandle"]) for message in whole)
        if not isinstance(messages, list) or len(whole) != len(messages):
            raise UnreadableAnswerError(operation="ReceiveMessage", why="a message in it is not whole")
        return whole


def read_all(
    sqs: "SQSClient", queue_url: str, visibility: int = SHORTEST_VISIBILITY, threads: int = 1
) -> list[DlqMessage]:
    """Return every message of the pipeline's dead-letter queue; all of them are visible again afterwards.

    Raises:
        OpsError: a call failed.
    """
    with DlqScan(sqs, queue_url, visibility=visibility, threads=threads) as scan:
        return [message for messages in scan.rounds() for message in messages]


def delete(sqs: "SQSClient", queue_url: str, messages: Sequence[DlqMessage]) -> list[DlqMessage]:
    """Delete at most ten messages, and return those that SQS says are gone."""
    by_entry = {f"{uuid4().hex}-{position}": message for position, message in enumerate(messages)}
    entries: Any = [{"Id": name, "ReceiptHandle": message.receipt_handle} for name, message in by_entry.items()]
    try:
        answer = sqs.delete_message_batch(QueueUrl=queue_url, Entries=entries)
    except AWS_FAILURES:
        return []
    return [by_entry[name] for name in batch_answer(answer, by_entry.keys()).successful]


def visibility_for(messages: int) -> int:
    """Return the seconds for which a scan of so many messages may make them invisible."""
    return min(MAX_VISIBILITY, SHORTEST_VISIBILITY + messages // SCANNED_A_SECOND)


def threads_for(messages: int) -> int:
    """Return how many receives at once are worth it."""
    return max(1, min(THREADS, messages // (MAX_ENTRIES * 2)))


def check_is_harmless(sqs: "SQSClient", queue_url: str) -> None:
    """Refuse a queue with a redrive policy: each scan would bring its messages nearer to being moved.

    Raises:
        OpsError: it has one, or cannot be asked.
    """
    try:
        answer: object = sqs.get_queue_attributes(QueueUrl=queue_url, AttributeNames=["QueueArn", "RedrivePolicy"])
        attributes = answer.get("Attributes") if isinstance(answer, Mapping) else None
        if not isinstance(attributes, Mapping) or "QueueArn" not in attributes:
            # an answer that has nothing of what was asked says nothing of a redrive policy either
            raise UnreadableAnswerError(operation="GetQueueAttributes", why="it lacks what was asked for")
    except AWS_FAILURES as error:
        raise explained(error) from error
    if "RedrivePolicy" in attributes:
        raise OpsError(
            f"{name_of(queue_url)} has a redrive policy of its own: every scan brings its messages nearer to being"
            " moved; remove the policy first"
        )


def _is_whole(message: object) -> bool:
    """Return whether a message has what SQS always gives one, and the body that its digest is of."""
    if not isinstance(message, Mapping):
        return False
    id_, handle, body = message.get("MessageId"), message.get("ReceiptHandle"), message.get("Body")
    if not (isinstance(id_, str) and id_ and isinstance(handle, str) and handle and isinstance(body, str)):
        return False
    digest = hashlib.md5(body.encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest()
    return bool(message.get("MD5OfBody", digest) == digest)
