"""The account of a run: every customer is in exactly one place, or is named as missing."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

from local.demo.handovers import Handover, Status

SHOWN = 20
"""Ids that a problem names before it only counts."""


@dataclass(frozen=True, slots=True)
class Parked:
    """A message of the dead-letter queue.

    Attributes:
        message_id: SQS's id.
        reason: Why it was parked.
        record_id: The record's id, where there is one.
        customer: The endpoint's or profile's id, where the body still tells.
    """

    message_id: str
    reason: str
    record_id: str | None = None
    customer: str | None = None


@dataclass(frozen=True, slots=True)
class WriterCounts:
    """What the writer's own log says, summed over its invocations. Messages, not customers: one may come twice."""

    invocations: int = 0
    received: int = 0
    written: int = 0
    duplicates: int = 0
    parked: int = 0
    returned: int = 0

    @property
    def settled(self) -> int:
        """Messages that are done with."""
        return self.written + self.parked

    def since(self, earlier: "WriterCounts") -> "WriterCounts":
        """Return what was counted after ``earlier``."""
        return WriterCounts(
            self.invocations - earlier.invocations,
            self.received - earlier.received,
            self.written - earlier.written,
            self.duplicates - earlier.duplicates,
            self.parked - earlier.parked,
            self.returned - earlier.returned,
        )


@dataclass(frozen=True, slots=True)
class Account:
    """Where the customers of a run are.

    Attributes:
        received: Customers in the events.
        written: Customers whose record was read back from a profile.
        parked: Customers in the dead-letter queue, by reason.
        returned: Customers whose record is still in the queue.
        failed: Customers whom the function did not take over, by reason.
        missing: Customers who are nowhere.
        unaccounted: Those of ``returned``, ``failed`` and ``missing`` by name, for whoever looks for them.
        records: Distinct records among the written: several endpoints of one user are one customer of a step.
    """

    received: int
    written: int
    parked: Counter[str]
    returned: int
    failed: Counter[str]
    missing: int
    unaccounted: Sequence[str] = field(default_factory=tuple)
    records: int = 0

    def problems(self) -> Iterator[str]:
        """Yield a sentence for each thing that is not as it should be."""
        for reason, count in sorted(self.failed.items()):
            yield f"{count} not taken over: {reason}"
        if self.returned:
            yield f"{self.returned} still in the queue"
        if self.missing:
            yield f"{self.missing} neither in a profile, nor parked, nor in the queue"
        placed = self.written + self.parked.total() + self.returned + self.failed.total() + self.missing
        if placed != self.received:
            yield f"{self.received} were received, but {placed} are accounted for"


def settle(handovers: Sequence[Handover], stored: Collection[str], parked: Sequence[Parked], waiting: int) -> Account:
    """Return where each customer is.

    Args:
        handovers: What the functions said of each customer.
        stored: Record ids that were read back from profiles.
        parked: What this run put into the dead-letter queue. A message stands for one customer.
        waiting: Messages that the queue still holds.
    """
    dead_letters = _DeadLetters(parked)
    written: list[Handover] = []
    reasons: Counter[str] = Counter()
    failed: list[Handover] = []
    lost: list[Handover] = []
    for handover in handovers:
        if handover.status is Status.FAILED:
            failed.append(handover)
        elif handover.status is Status.QUEUED and handover.record_id in stored:
            written.append(handover)
        elif (reason := dead_letters.take(handover)) is not None:
            reasons[reason] += 1
        else:
            lost.append(handover)
    # A queue does not tell which messages it holds without handing them out: as many as it holds are not lost.
    returned = min(waiting, sum(handover.status is Status.QUEUED for handover in lost))
    return Account(
        received=len(handovers),
        written=len(written),
        parked=reasons,
        returned=returned,
        failed=Counter(handover.reason or "unknown" for handover in failed),
        missing=len(lost) - returned,
        unaccounted=tuple(map(str, [*failed, *lost])),
        records=len({handover.record_id for handover in written}),
    )


class _DeadLetters:
    """The parked messages, each given out once: by the record's id, or, where there is no record, by the customer's."""

    def __init__(self, parked: Sequence[Parked]) -> None:
        self._by_id: dict[tuple[str, str | None], list[str]] = {}
        for message in parked:
            key = ("customer", message.customer) if message.record_id is None else ("record", message.record_id)
            self._by_id.setdefault(key, []).append(message.reason)

    def take(self, handover: Handover) -> str | None:
        """Return the reason for which the customer was parked; None where no message is left for it."""
        keys = [("record", handover.record_id)]
        if handover.status is Status.PARKED:
            # ingest names the record where it got as far as making one
            keys.append(("customer", handover.customer))
        for key in keys:
            if reasons := self._by_id.get(key):
                return reasons.pop()
        return None


def writer_problems(queued: int, waiting: int, counts: WriterCounts) -> Iterator[str]:
    """Yield a sentence where the writer's log tells of fewer messages than left the queue.

    More of them is no problem: a standard queue may deliver a message twice, and writing it again is harmless.
    """
    left = queued - waiting
    if counts.settled < left:
        yield f"{left} messages left the queue, but the writer's log counts {counts.settled} written or parked"
