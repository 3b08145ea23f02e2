"""The account of a run: every customer is in exactly one place, or is named as missing."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

from local.demo.dead_letters import WRITER, Claims, Parked, claim
from local.demo.invoking import CustomerAnswer, Status
from local.demo.writer_log import WriterCounts

SHOWN = 20
"""Ids that a problem names before it only counts."""


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
        failed: Customers whom the function rejected, by reason.
        missing: Customers who are nowhere.
        unaccounted: Those of ``returned``, ``failed`` and ``missing`` by name.
        records: Distinct records among the written: several endpoints of one user are one customer of a step.
        queued: Messages that this run put on the queue: one for each customer whom the function said it had queued.
        earlier: Messages in the queue that are none of this run's.
        parked_by_writer: New messages of the writer's in the dead-letter queue, of any run.
        unclaimed: New messages in the dead-letter queue that are no customer's of this run, by reason.
        unread: Files, or lines of files, that hold no event: of how many customers, is unknown.
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
            yield f"{count} not accepted: {reason}"
        if self.returned:
            yield f"{self.returned} still in the queue"
        if self.missing:
            yield f"{self.missing} neither in a profile, nor parked, nor in the queue"
        placed = self.written + self.parked.total() + self.returned + self.failed.total() + self.missing
        if placed != self.received:
            yield f"{self.received} were received, but {placed} are accounted for"


def settle(
    answers: Sequence[CustomerAnswer], written: Collection[str], parked: Sequence[Parked], waiting: Waiting
) -> Account:
    """Return where each customer is.

    Parked messages are given out first, each once: a record that several endpoints share may be written for one of
    them and parked for another.

    Args:
        answers: What the functions said of each customer.
        written: Record ids that were written in this run and read back from profiles. What an earlier run stored
            proves nothing.
        parked: What was put into the dead-letter queue in this run.
        waiting: What the queue holds, before and after.
    """
    claims = claim(answers, parked)
    failed: list[CustomerAnswer] = []
    stored: list[CustomerAnswer] = []
    lost: list[CustomerAnswer] = []
    for position, answer in enumerate(answers):
        if answer.status is Status.FAILED:
            failed.append(answer)
        elif position in claims.by_position:
            continue
        elif answer.status is Status.QUEUED and answer.record_id in written:
            stored.append(answer)
        else:
            lost.append(answer)
    # which messages a queue holds, only a receive would show: as many as it holds are not lost
    in_queue = min(waiting.after, sum(answer.status is Status.QUEUED for answer in lost))
    shared = _behind_a_neighbour(stored, waiting.after - waiting.before - in_queue)
    done = [answer for position, answer in enumerate(stored) if position not in shared]
    behind = [stored[position] for position in sorted(shared)]
    return Account(
        received=len(answers),
        written=len(done),
        parked=Counter(message.reason for message in claims.by_position.values()),
        returned=in_queue + len(behind),
        failed=Counter(answer.reason or "unknown" for answer in failed),
        missing=len(lost) - in_queue,
        unaccounted=tuple(map(str, [*failed, *lost, *behind])),
        records=len({answer.record_id for answer in done}),
        queued=sum(answer.status is Status.QUEUED for answer in answers),
        earlier=waiting.after - in_queue - len(behind),
        parked_by_writer=sum(_is_of_writer(message, claims, answers) for message in parked),
        unclaimed=Counter(message.reason for message in claims.unclaimed),
    )


def _behind_a_neighbour(stored: Sequence[CustomerAnswer], more: int) -> set[int]:
    """Return the positions of those who wait although their record is stored: an endpoint that shares it wrote it.

    ``more`` messages are in the queue than earlier runs and customers without an object explain.
    """
    first: set[str | None] = set()
    sharing = []
    for position, answer in enumerate(stored):
        if answer.record_id in first:
            sharing.append(position)
        first.add(answer.record_id)
    return set(sharing[: max(0, more)])


def _is_of_writer(message: Parked, claims: Claims, answers: Sequence[CustomerAnswer]) -> bool:
    if message.stage is not None:
        return message.stage == WRITER
    claimants = (answers[position] for position, one in claims.by_position.items() if one is message)
    return not any(answer.status is Status.PARKED for answer in claimants)


def disagreements(account: Account, waiting: Waiting, counts: WriterCounts) -> Iterator[str]:
    """Yield a sentence for each thing in which the account, the queues and the writer's log differ.

    The account and the log are independent: neither is made from the other.
    """
    left = waiting.before + account.queued - waiting.after
    if counts.settled < left:
        yield f"{left} messages left the queue, but the writer's log counts {counts.settled} written or parked"
    if counts.settled > left:
        yield (
            f"the writer's log counts {counts.settled} written or parked, but {left} messages left the queue: some came"
            " twice, or something else used the stack at the same time"
        )
    if account.written > counts.written:
        yield f"{account.written} customers look written, but the writer's log counts {counts.written}"
    if account.parked_by_writer != counts.parked:
        yield (
            f"the writer's log counts {counts.parked} parked, but the dead-letter queue has {account.parked_by_writer}"
            " new messages of the writer's"
        )
    if account.earlier > waiting.before:
        yield f"{account.earlier - waiting.before} in the queue that are neither this run's nor were there before"
    # an earlier run's records may be parked meanwhile: as many as have left the queue
    if account.unclaimed.total() > max(0, waiting.before - account.earlier):
        reasons = ", ".join(f"{count} {reason}" for reason, count in sorted(account.unclaimed.items()))
        yield f"{reasons} parked in this run, and no customer of it claims them"
