"""Sends parked messages on: each is sent, confirmed, and only then deleted, with a journal of every step.

The order is: note the intention, send, note the confirmation, delete, note that it is gone. Wherever that is cut, the
next run finds each message in one of three states: not sent (it is sorted anew), sent (it is deleted and no more), or
in doubt (it is deleted where the profile shows the record, and else held back until the operator says to send it).
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import uuid4

from engagement.clock import Clock
from engagement.record import Customer, EngagementRecord
from engagement.sqs_batch import MAX_ENTRIES
from ops.answers import batch_answer
from ops.dlq.journal import Journal
from ops.dlq.letter import Letter
from ops.dlq.look import Look
from ops.dlq.sending import Dispatch, Fate, Sent, batches
from ops.dlq.sorting import Held, Ready, Rules, Why
from ops.errors import AWS_FAILURES, UnreachableError
from ops.interrupts import deferred


class Deletes(Protocol):
    """The one call of an SQS client that is needed here."""

    def delete_message_batch(self, *, QueueUrl: str, Entries: Sequence[Any]) -> Any:  # noqa: ANN401, N803 - boto3's names
        """Delete up to ten messages."""


@dataclass(slots=True)
class Pace:
    """Spreads messages in time: never more than ``rate`` a second, nor more than a second's worth at once.

    Attributes:
        rate: Messages a second.
        clock: The time.
    """

    rate: float
    clock: Clock
    _next: float = float("-inf")

    @property
    def most(self) -> int:
        """Messages that may be sent at once."""
        return max(1, min(MAX_ENTRIES, int(self.rate)))

    def wait(self, messages: int) -> None:
        """Return when so many may be sent."""
        now = self.clock.monotonic()
        if self._next > now:
            self.clock.sleep(self._next - now)
        self._next = max(self._next, now) + messages / self.rate


@dataclass(slots=True)
class Tally:
    """What a run has done so far.

    Attributes:
        fates: Messages by what became of them.
        held: Messages by why they were held back.
        refusals: Messages by why they were not taken.
        only_deleted: Messages that an earlier run had sent.
        undeleted: Messages that were sent and could not be deleted; the next run does it.
        records: The records that were sent, by the id of their message.
        customers: Whose they are, by the id of the record.
        handled: Messages that this run need not meet again.
    """

    fates: Counter[Fate] = field(default_factory=Counter)
    held: Counter[Why] = field(default_factory=Counter)
    refusals: Counter[str] = field(default_factory=Counter)
    only_deleted: int = 0
    undeleted: int = 0
    records: dict[str, str] = field(default_factory=dict)
    customers: dict[str, Customer] = field(default_factory=dict)
    handled: set[str] = field(default_factory=set)

    @property
    def moved(self) -> int:
        """Messages that were sent on."""
        return self.fates[Fate.SENT] + self.fates[Fate.PARKED_AGAIN]

    def note_sent(self, message_id: str, answered: str | None, record: EngagementRecord | None) -> None:
        """Keep which record a message was sent as: the id that a function answered, else the one that we know."""
        record_id = answered or (record.record_id if record is not None else "")
        self.records[message_id] = record_id
        if record is not None:
            self.customers[record_id] = record.customer


@dataclass(frozen=True, slots=True)
class Redrive:
    """One run over a dead-letter queue.

    Attributes:
        sqs: Deletes.
        queue_url: The dead-letter queue.
        rules: What is sent on, and how.
        dispatch: Sends it.
        journal: What an interruption must not lose.
        pace: How fast.
        map: Asks several profiles at once.
    """

    sqs: Deletes
    queue_url: str
    rules: Rules
    dispatch: Dispatch
    journal: Journal
    pace: Pace
    map: Callable[[Callable[[Ready], Ready | Held], Sequence[Ready]], Sequence[Ready | Held]]

    def run(
        self,
        look: Look,
        wanted: Collection[str],
        tally: Tally,
        advance: Callable[[int], None],
        limit: int | None = None,
    ) -> None:
        """Send on the ``wanted`` messages that the look meets, ``limit`` of them at most.

        Raises:
            OpsError: sending or asking failed; what was sent before is accounted for.
        """
        remaining = set(wanted) - tally.handled
        for letters in look.rounds():
            self._finish(letters, look, tally)
            for letter in letters:
                if letter.message_id in remaining and letter.message_id in self.journal.in_doubt:
                    self._resolve(letter, look, tally)
            meant = [letter for letter in letters if letter.message_id in remaining - tally.handled]
            for some in _chunks(meant, self.pace.most):
                if limit is not None and tally.moved >= limit:
                    return
                room = some if limit is None else some[: limit - tally.moved]
                tally.handled |= {letter.message_id for letter in room}
                self._send_on(room, look, tally)
                advance(len(room))
            remaining -= tally.handled
            if not remaining:
                return

    def _send_on(self, letters: Sequence[Letter], look: Look, tally: Tally) -> None:
        by_id = {letter.message_id: letter for letter in letters}
        ready = self._ready(letters, tally)
        records = {one.order.message_id: one.record for one in ready if one.record is not None}
        for batch in batches([one.order for one in ready], self.pace.most):
            self.pace.wait(len(batch))
            with deferred():
                ids = [order.message_id for order in batch]
                self.journal.intend(ids)
                sent = dict(zip(ids, self.dispatch.send(batch), strict=True))
                self._settle(sent, by_id, look, tally)
            for message_id, one in sent.items():
                if one.fate is Fate.SENT:
                    tally.note_sent(message_id, one.record_id, records.get(message_id))
            self._stop_if_unreachable(sent)

    def _ready(self, letters: Sequence[Letter], tally: Tally) -> list[Ready]:
        sorted_ = [self.rules.sort(one, in_doubt=one.message_id in self.journal.in_doubt) for one in letters]
        asked = self.map(self.rules.against_profile, [one for one in sorted_ if isinstance(one, Ready)])
        tally.held.update(one.why for one in [*sorted_, *asked] if isinstance(one, Held))
        return [one for one in asked if isinstance(one, Ready)]

    def _settle(self, sent: dict[str, Sent], letters: dict[str, Letter], look: Look, tally: Tally) -> None:
        tally.fates.update(one.fate for one in sent.values())
        tally.refusals.update(one.why for one in sent.values() if one.fate in {Fate.NOT_TAKEN, Fate.IN_DOUBT})
        there = [message_id for message_id, one in sent.items() if one.fate in {Fate.SENT, Fate.PARKED_AGAIN}]
        self.journal.withdraw([message_id for message_id, one in sent.items() if one.fate is Fate.NOT_TAKEN])
        self.journal.confirm(there)
        self._delete([letters[message_id] for message_id in there], look, tally)

    def _finish(self, letters: Sequence[Letter], look: Look, tally: Tally) -> None:
        """Delete what an earlier run had sent."""
        finished = [letter for letter in letters if letter.message_id in self.journal.sent]
        if not finished:
            return
        before = tally.undeleted
        with deferred():
            self._delete(finished, look, tally)
        tally.handled |= {letter.message_id for letter in finished}
        tally.only_deleted += len(finished) - (tally.undeleted - before)

    def _resolve(self, letter: Letter, look: Look, tally: Tally) -> None:
        """Delete a message in doubt whose record the profile shows: it did arrive."""
        sorted_ = self.rules.sort(letter)
        if isinstance(sorted_, Ready) and self.rules.against_profile(sorted_) == Held(Why.WRITTEN):
            with deferred():
                self.journal.confirm([letter.message_id])
            self._finish([letter], look, tally)

    def _delete(self, letters: Sequence[Letter], look: Look, tally: Tally) -> None:
        for some in _chunks(letters, MAX_ENTRIES):
            gone = delete(self.sqs, self.queue_url, some)
            look.gone(gone)
            self.journal.done([letter.message_id for letter in gone])
            tally.undeleted += len(some) - len(gone)

    def _stop_if_unreachable(self, sent: dict[str, Sent]) -> None:
        for one in sent.values():
            if one.call_failed:
                raise UnreachableError(f"stopped, since sending failed: {one.why}; run it again to go on")


def _chunks(letters: Sequence[Letter], most: int) -> Iterator[Sequence[Letter]]:
    return (letters[start : start + most] for start in range(0, len(letters), most))


def delete(sqs: Deletes, queue_url: str, letters: Sequence[Letter]) -> list[Letter]:
    """Delete at most ten messages, and return those that are sure to be gone."""
    by_entry = {f"{uuid4().hex}-{position}": letter for position, letter in enumerate(letters)}
    entries = [{"Id": name, "ReceiptHandle": letter.receipt_handle} for name, letter in by_entry.items()]
    try:
        answer = sqs.delete_message_batch(QueueUrl=queue_url, Entries=entries)
    except AWS_FAILURES:
        return []
    return [by_entry[name] for name in batch_answer(answer, by_entry.keys()).successful]
