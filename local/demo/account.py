"""The account of a run: every customer is in exactly one place, or is named as missing."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

from local.demo.dead_letters import WRITER, Claims, Parked, claim
from local.demo.handovers import Handover, Status

SHOWN = 20
"""Ids that a problem names before it only counts."""


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
class Waiting:
    """Messages that the engagement queue holds.

    Attributes:
        before: When the run began: of earlier runs.
        after: When it ended, of whichever run.
    """

    before: int = 0
    after: int = 0


@dataclass(frozen=True, slots=True)
class Account:
    """Where the customers of a run are.

    Attributes:
        received: Customers in the events.
        written: Customers whose record was written in this run, and read back from a profile.
        parked: Customers in the dead-letter queue, by reason.
        returned: Customers whose record is still in the queue.
        failed: Customers whom the function did not take over, by reason.
        missing: Customers who are nowhere.
        unaccounted: Those of ``returned``, ``failed`` and ``missing`` by name, for whoever looks for them.
        records: Distinct records among the written: several endpoints of one user are one customer of a step.
        queued: Messages that this run put on the queue: one for each customer whom the function said it had queued.
        earlier: Messages in the queue that are none of this run's.
        parked_by_writer: New messages of the writer's in the dead-letter queue, whosever they are.
        unclaimed: New messages in the dead-letter queue that are no customer's of this run, by reason.
        unread: Files, or lines of files, that hold no event: nobody knows of how many customers.
    """

    received: int
    written: int
    parked: Counter[str]
    returned: int
    failed: Counter[str]
    missing: int
    unaccounted: Sequence[str] = field(default_factory=tuple)
    records: int = 0
    queued: int = 0
    earlier: int = 0
    parked_by_writer: int = 0
    unclaimed: Counter[str] = field(default_factory=Counter)
    unread: int = 0

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


def settle(
    handovers: Sequence[Handover], written: Collection[str], parked: Sequence[Parked], waiting: Waiting
) -> Account:
    """Return where each customer is.

    Parked messages are given out first, each once: a record that several endpoints share may be written for one of
    them and parked for another.

    Args:
        handovers: What the functions said of each customer.
        written: Record ids that were written in this run and read back from profiles. What an earlier run stored
            proves nothing.
        parked: What was put into the dead-letter queue in this run.
        waiting: What the queue holds, before and after.
    """
    claims = claim(handovers, parked)
    failed: list[Handover] = []
    stored: list[Handover] = []
    lost: list[Handover] = []
    for position, handover in enumerate(handovers):
        if handover.status is Status.FAILED:
            failed.append(handover)
        elif position in claims.by_position:
            continue
        elif handover.status is Status.QUEUED and handover.record_id in written:
            stored.append(handover)
        else:
            lost.append(handover)
    # A queue does not tell which messages it holds without handing them out: as many as it holds are not lost.
    in_queue = min(waiting.after, sum(handover.status is Status.QUEUED for handover in lost))
    shared = _behind_a_neighbour(stored, waiting.after - waiting.before - in_queue)
    done = [handover for position, handover in enumerate(stored) if position not in shared]
    behind = [stored[position] for position in sorted(shared)]
    return Account(
        received=len(handovers),
        written=len(done),
        parked=Counter(message.reason for message in claims.by_position.values()),
        returned=in_queue + len(behind),
        failed=Counter(handover.reason or "unknown" for handover in failed),
        missing=len(lost) - in_queue,
        unaccounted=tuple(map(str, [*failed, *lost, *behind])),
        records=len({handover.record_id for handover in done}),
        queued=sum(handover.status is Status.QUEUED for handover in handovers),
        earlier=waiting.after - in_queue - len(behind),
        parked_by_writer=sum(_is_of_writer(message, claims, handovers) for message in parked),
        unclaimed=Counter(message.reason for message in claims.unclaimed),
    )


def _behind_a_neighbour(stored: Sequence[Handover], more: int) -> set[int]:
    """Return the positions of those who wait although their record is stored: an endpoint that shares it wrote it.

    ``more`` messages are in the queue than earlier runs and customers without an object explain.
    """
    first: set[str | None] = set()
    sharing = []
    for position, handover in enumerate(stored):
        if handover.record_id in first:
            sharing.append(position)
        first.add(handover.record_id)
    return set(sharing[: max(0, more)])


def _is_of_writer(message: Parked, claims: Claims, handovers: Sequence[Handover]) -> bool:
    if message.stage is not None:
        return message.stage == WRITER
    claimants = (handovers[position] for position, one in claims.by_position.items() if one is message)
    return not any(handover.status is Status.PARKED for handover in claimants)
