"""Sends parked messages: each is sent, confirmed, and only then deleted, with every step in a journal.

The order is: note the intention, send, note the confirmation, delete, note the deletion. Wherever a run is cut off, the
next one finds each message in one of three states: not sent (it is decided anew), sent (it is only deleted), or in
doubt (it is deleted if the profile shows the record, and else held back until the operator says to send it).
"""

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from engagement import sqs_batch
from engagement.record import Customer, EngagementRecord
from engagement.sqs_batch import MAX_ENTRIES
from ops.dlq.message import DlqMessage
from ops.dlq.redrive.journal import Journal
from ops.dlq.redrive.rules import Held, HoldReason, Ready, Rules
from ops.dlq.redrive.send import Dispatch, SendResult, SendStatus, batches
from ops.dlq.scan import DlqScan, delete
from ops.errors import UnreachableError
from ops.interrupts import deferred
from ops.pace import Pace

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient


@dataclass(slots=True)
class RedriveStats:
    """What a run has done so far.

    Attributes:
        results: Messages by what became of them.
        held: Messages by why they were held back.
        refusals: Messages by why they were rejected, or are in doubt.
        only_deleted: Messages that an earlier run had sent.
        undeleted: Messages that were sent and could not be deleted; the next run does it.
        records: The records that were sent, by the id of their message.
        customers: Whose they are, by the id of the record.
        handled: Messages that this run need not receive again.
    """

    results: Counter[SendStatus] = field(default_factory=Counter)
    held: Counter[HoldReason] = field(default_factory=Counter)
    refusals: Counter[str] = field(default_factory=Counter)
    only_deleted: int = 0
    undeleted: int = 0
    records: dict[str, str] = field(default_factory=dict)
    customers: dict[str, Customer] = field(default_factory=dict)
    handled: set[str] = field(default_factory=set)

    @property
    def moved(self) -> int:
        """Messages that left the dead-letter queue, or are to be deleted from it."""
        return self.results[SendStatus.SENT] + self.results[SendStatus.PARKED_AGAIN]

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
        rules: What is sent, and how.
        dispatch: Sends it.
        journal: What an interruption must not lose.
        pace: How fast.
        map: Asks several profiles at once.
    """

    sqs: "SQSClient"
    queue_url: str
    rules: Rules
    dispatch: Dispatch
    journal: Journal
    pace: Pace
    map: Callable[[Callable[[Ready], Ready | Held], Sequence[Ready]], Sequence[Ready | Held]]

    @property
    def batch(self) -> int:
        """Messages that are sent at once: never more than a second's worth."""
        return max(1, min(MAX_ENTRIES, int(self.pace.rate)))

    def run(
        self,
        scan: DlqScan,
        wanted: Collection[str],
        stats: RedriveStats,
        advance: Callable[[int], None],
        limit: int | None = None,
    ) -> None:
        """Send the ``wanted`` messages that the scan receives, ``limit`` of them at most.

        Raises:
            OpsError: sending or asking failed; what was sent before is accounted for.
        """
        remaining = set(wanted) - stats.handled
        for messages in scan.rounds():
            self._delete_sent(messages, scan, stats)
            for message in messages:
                if message.message_id in remaining and message.message_id in self.journal.in_doubt:
                    self._resolve(message, scan, stats)
            meant = [message for message in messages if message.message_id in remaining - stats.handled]
            for batch in sqs_batch.batches(meant, max_entries=self.batch):
                if limit is not None and stats.moved >= limit:
                    return
                room = batch if limit is None else batch[: limit - stats.moved]
                stats.handled |= {message.message_id for message in room}
                self._redrive(room, scan, stats)
                advance(len(room))
            remaining -= stats.handled
            if not remaining:
                return

    def _delete_sent(self, messages: Sequence[DlqMessage], scan: DlqScan, stats: RedriveStats) -> None:
        """Delete what an earlier run had sent."""
        sent = [message for message in messages if message.message_id in self.journal.sent]
        if not sent:
            return
        before = stats.undeleted
        with deferred():
            self._delete(sent, scan, stats)
        stats.handled |= {message.message_id for message in sent}
        stats.only_deleted += len(sent) - (stats.undeleted - before)

    def _resolve(self, message: DlqMessage, scan: DlqScan, stats: RedriveStats) -> None:
        """Delete a message in doubt if the profile shows its record: then it had arrived."""
        decision = self.rules.decide(message)
        if isinstance(decision, Ready) and self.rules.check_profile(decision) == Held(HoldReason.WRITTEN):
            with deferred():
                self.journal.confirm([message.message_id])
            self._delete_sent([message], scan, stats)

    def _redrive(self, messages: Sequence[DlqMessage], scan: DlqScan, stats: RedriveStats) -> None:
        by_id = {message.message_id: message for message in messages}
        ready = self._ready(messages, stats)
        records = {one.request.message_id: one.record for one in ready if one.record is not None}
        for batch in batches([one.request for one in ready], self.batch):
            self.pace.wait(len(batch))
            with deferred():
                ids = [request.message_id for request in batch]
                self.journal.intend(ids)
                results = dict(zip(ids, self.dispatch.send(batch), strict=True))
                self._settle(results, by_id, scan, stats)
            for message_id, result in results.items():
                if result.status is SendStatus.SENT:
                    stats.note_sent(message_id, result.record_id, records.get(message_id))
            _stop_if_unreachable(results.values())

    def _ready(self, messages: Sequence[DlqMessage], stats: RedriveStats) -> list[Ready]:
        # decided here as in the plan: the plan keeps ids and no bodies, of which there may be gigabytes
        decisions = [self.rules.decide(one, in_doubt=one.message_id in self.journal.in_doubt) for one in messages]
        checked = self.map(self.rules.check_profile, [one for one in decisions if isinstance(one, Ready)])
        stats.held.update(one.why for one in [*decisions, *checked] if isinstance(one, Held))
        return [one for one in checked if isinstance(one, Ready)]

    def _settle(
        self, results: dict[str, SendResult], messages: dict[str, DlqMessage], scan: DlqScan, stats: RedriveStats
    ) -> None:
        """Note what became of a batch, and delete what has arrived."""
        by_status = {
            status: [one for one, result in results.items() if result.status is status] for status in SendStatus
        }
        stats.results.update({status: len(ids) for status, ids in by_status.items()})
        unsent = {SendStatus.REJECTED, SendStatus.IN_DOUBT}
        stats.refusals.update(result.why for result in results.values() if result.status in unsent)
        arrived = [*by_status[SendStatus.SENT], *by_status[SendStatus.PARKED_AGAIN]]
        self.journal.withdraw(by_status[SendStatus.REJECTED])
        self.journal.confirm(arrived)
        self._delete([messages[message_id] for message_id in arrived], scan, stats)

    def _delete(self, messages: Sequence[DlqMessage], scan: DlqScan, stats: RedriveStats) -> None:
        for batch in sqs_batch.batches(messages):
            gone = delete(self.sqs, self.queue_url, batch)
            scan.forget(gone)
            self.journal.done([message.message_id for message in gone])
            stats.undeleted += len(batch) - len(gone)


def _stop_if_unreachable(results: Collection[SendResult]) -> None:
    for result in results:
        if result.call_failed:
            raise UnreachableError(f"stopped, since sending failed: {result.why}; run the same command again to resume")
