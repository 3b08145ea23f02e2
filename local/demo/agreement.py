"""Holds the account against the writer's own log: two witnesses of one run, of whom neither asks the other."""

from collections.abc import Iterator

from local.demo.account import Account, Waiting, WriterCounts


def disagreements(account: Account, waiting: Waiting, counts: WriterCounts) -> Iterator[str]:
    """Yield a sentence for each thing in which the account, the queues and the writer's log differ."""
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
        yield f"{_reasons(account)} parked in this run, and no customer of it claims them"


def _reasons(account: Account) -> str:
    return ", ".join(f"{count} {reason}" for reason, count in sorted(account.unclaimed.items()))
