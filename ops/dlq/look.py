"""Looks through a dead-letter queue without consuming it.

To see a message is to receive it: it is hidden from everybody else for a while, and its receive count grows. Neither
costs anything here. The count matters only to a queue with a redrive policy, which a dead-letter queue does not have;
one that has is not looked at. When the message goes back to the pipeline it is a new one, whose count starts anew. And
every message is made visible again as soon as the look is over, on Ctrl-C and on errors too; after a SIGKILL SQS
itself does so when the visibility timeout has passed.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Any, Protocol, Self
from uuid import uuid4

from ops.answers import UnreadableAnswerError, batch_answer
from ops.dlq.letter import Letter
from ops.errors import AWS_FAILURES, OpsError, code_of, explained

MOST = 10
"""Messages in one receive, and entries in one batch."""
MAX_VISIBILITY = 43_200
"""Seconds, SQS's own limit."""
SHORTEST_LOOK = 60
"""Seconds for which a look hides messages at least."""
SEEN_A_SECOND = 50
"""Messages that are looked at in a second at the very least."""
THREADS = 8
LONG_POLL = 1
"""Seconds; a long poll asks all of SQS's servers, a short one only some."""
STALE_ROUNDS = 3
"""Rounds in a row that may bring nothing new before the look ends."""
TOO_MANY = frozenset({"OverLimit", "AWS.SimpleQueueService.OverLimit"})
"""SQS's answer where 120,000 messages are in flight."""


class LookedAt(Protocol):
    """The calls of an SQS client that a look makes."""

    def receive_message(  # noqa: PLR0913 - the parts of one request
        self,
        *,
        QueueUrl: str,  # noqa: N803 - boto3's names
        MaxNumberOfMessages: int,  # noqa: N803
        VisibilityTimeout: int,  # noqa: N803
        WaitTimeSeconds: int,  # noqa: N803
        MessageAttributeNames: Sequence[str],  # noqa: N803
        MessageSystemAttributeNames: Sequence[Any],  # noqa: N803
    ) -> object:
        """Hand out messages."""

    def change_message_visibility_batch(self, *, QueueUrl: str, Entries: Sequence[Any]) -> object:  # noqa: N803
        """Change when messages can be received again."""

    def get_queue_attributes(self, *, QueueUrl: str, AttributeNames: Sequence[Any]) -> object:  # noqa: N803
        """Return a queue's attributes."""


class Look:
    """One look through a queue; a context manager that gives back what it received.

    Args:
        sqs: The client.
        queue_url: The queue.
        reads: Makes a `Letter` of a message.
        visibility: Seconds for which messages are hidden while the look lasts.
        threads: Receives at once.

    Attributes:
        complete: Whether the queue was seen to be empty of further messages.
        unreturned: Messages that could not be made visible and will be so by themselves.
    """

    def __init__(
        self,
        sqs: LookedAt,
        queue_url: str,
        reads: Callable[[Mapping[str, Any]], Letter],
        visibility: int,
        threads: int = 1,
    ) -> None:
        self._sqs = sqs
        self._queue_url = queue_url
        self._reads = reads
        self.visibility = min(MAX_VISIBILITY, visibility)
        self._pool = ThreadPoolExecutor(threads)
        self._threads = threads
        self._held: dict[str, str] = {}
        self._seen: set[str] = set()
        self.complete = False
        self.unreturned = 0

    def __enter__(self) -> Self:
        """Start."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Give back what is held; calls that are under way are waited for, since they bring messages too."""
        self._pool.shutdown(wait=True, cancel_futures=True)
        self.give_back()

    def rounds(self) -> Iterator[list[Letter]]:
        """Yield messages not yet seen, until there are no more.

        Raises:
            OpsError: a call failed.
        """
        stale = 0
        while stale < STALE_ROUNDS:
            try:
                batches = self._receive_round()
            except AWS_FAILURES as error:
                if code_of(error) in TOO_MANY:
                    return
                raise explained(error) from error
            if not any(batches):
                self.complete = True
                return
            new = [message for batch in batches for message in batch if message["MessageId"] not in self._seen]
            stale = 0 if new else stale + 1
            letters = {message["MessageId"]: self._reads(message) for message in new}
            self._seen |= letters.keys()
            if letters:
                yield list(letters.values())

    def gone(self, letters: Iterable[Letter]) -> None:
        """Forget messages that were deleted: there is nothing to give back."""
        for letter in letters:
            self._held.pop(letter.message_id, None)

    def give_back(self) -> None:
        """Make visible what is held. What cannot be made so will be by itself: a failure is counted, not raised."""
        handles = list(self._held.values())
        self._held.clear()
        batches = [handles[start : start + MOST] for start in range(0, len(handles), MOST)]
        if len(batches) <= 1:
            self.unreturned += sum(map(self._give_back, batches))
            return
        with ThreadPoolExecutor(self._threads) as pool:
            self.unreturned += sum(pool.map(self._give_back, batches))

    def _give_back(self, handles: Sequence[str]) -> int:
        by_entry = {f"{uuid4().hex}-{number}": handle for number, handle in enumerate(handles)}
        entries = [{"Id": name, "ReceiptHandle": handle, "VisibilityTimeout": 0} for name, handle in by_entry.items()]
        try:
            answer = self._sqs.change_message_visibility_batch(QueueUrl=self._queue_url, Entries=entries)
        except AWS_FAILURES:
            return len(handles)
        return len(handles) - len(batch_answer(answer, by_entry.keys()).successful)

    def _receive_round(self) -> list[Sequence[Mapping[str, Any]]]:
        """Receive with short polls at once; where they bring nothing, ask all of SQS's servers before believing it."""
        if self._threads == 1:
            batches = [self._receive(wait=0)]
        else:
            batches = list(self._pool.map(lambda _: self._receive(wait=0), range(self._threads)))
        return batches if any(batches) else [self._receive(wait=LONG_POLL)]

    def _receive(self, wait: int) -> Sequence[Mapping[str, Any]]:
        answer = self._sqs.receive_message(
            QueueUrl=self._queue_url,
            MaxNumberOfMessages=MOST,
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


def _is_whole(message: object) -> bool:
    """Return whether a message has what SQS always gives one, and the body that its digest is of."""
    if not isinstance(message, Mapping):
        return False
    id_, handle, body = message.get("MessageId"), message.get("ReceiptHandle"), message.get("Body")
    if not (isinstance(id_, str) and id_ and isinstance(handle, str) and handle and isinstance(body, str)):
        return False
    digest = hashlib.md5(body.encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest()
    return bool(message.get("MD5OfBody", digest) == digest)


def visibility_for(messages: int) -> int:
    """Return the seconds for which a look at so many messages may hide them."""
    return min(MAX_VISIBILITY, SHORTEST_LOOK + messages // SEEN_A_SECOND)


def threads_for(messages: int) -> int:
    """Return how many receives at once are worth it."""
    return max(1, min(THREADS, messages // (MOST * 2)))


def check_is_harmless(sqs: LookedAt, queue_url: str) -> None:
    """Make sure that looking costs the queue's messages nothing.

    Raises:
        OpsError: the queue has a redrive policy: messages that were looked at too often would be moved on.
    """
    try:
        answer = sqs.get_queue_attributes(QueueUrl=queue_url, AttributeNames=["QueueArn", "RedrivePolicy"])
        attributes = answer.get("Attributes") if isinstance(answer, Mapping) else None
        if not isinstance(attributes, Mapping) or "QueueArn" not in attributes:
            # an answer that has nothing of what was asked says nothing of a redrive policy either
            raise UnreadableAnswerError(operation="GetQueueAttributes", why="it lacks what was asked for")
    except AWS_FAILURES as error:
        raise explained(error) from error
    if "RedrivePolicy" in attributes:
        raise OpsError(
            f"{queue_url.rpartition('/')[2]} has a redrive policy of its own: every look would bring its messages"
            " nearer to being moved on; remove the policy first"
        )
