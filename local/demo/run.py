"""One run: events in, the account out."""

import time
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from pathlib import Path

from rich.console import Console

from engagement.clock import SystemClock
from engagement.record import Customer
from local.demo import queues, returns, view, writer_log
from local.demo.account import SHOWN, Account, Waiting, disagreements, settle
from local.demo.dead_letters import Parked, parked
from local.demo.events import Event, EventsError
from local.demo.invoking import CustomerAnswer, Functions, Status, invoke_all
from local.demo.profiles import Profile, identities, paced, read_profiles
from local.demo.seeding import renamed, seed
from local.demo.writer_log import WriterCounts
from local.demo.writes import Ledger, Writes, since
from local.stack import LocalStack, Reporter
from ops.dlq.scan import read_all
from ops.text import count, printable

TIME = SystemClock()
LOG_TRIES = 60
"""Reads of the writer's log at most: its last lines arrive a little after the queue is empty."""
SECONDS_BETWEEN_NOTES = 30.0


@dataclass(frozen=True, slots=True)
class Result:
    """What a run came to."""

    account: Account
    counts: WriterCounts
    profiles: Sequence[Profile]
    problems: Sequence[str]


@dataclass(frozen=True, slots=True)
class _Before:
    """What there was when the run began.

    Attributes:
        parked: Messages in the dead-letter queue, by SQS's id.
        writes: Stored objects.
        waiting: Messages in the engagement queue.
        at: When that was, in seconds since the epoch.
    """

    parked: frozenset[str]
    writes: Writes
    waiting: int
    at: float


class Demo:
    """Runs events through one stack.

    Args:
        stack: The stack, which is up.
        reporter: Receives each step.
        otherwise: Whether an event counts as viewed if neither its file nor its folder says.
        patience: Seconds without any change after which the run ends although records wait; what the writer's backoff
            asks for, by default.
    """

    def __init__(
        self, stack: LocalStack, reporter: Reporter, *, otherwise: bool, patience: float | None = None
    ) -> None:
        self._reporter = reporter
        self._otherwise = otherwise
        self._logs_path = stack.logs_path
        names = stack.environment
        clients = stack.clients
        self._functions = clients.functions()
        self._profiles = clients.customer_profiles()
        self._sqs = clients.sqs()
        self._logs = clients.logs()
        self._channel = Functions(names["VIEWED_FUNCTION"], names["NOT_VIEWED_FUNCTION"])
        self._queue = names["ENGAGEMENT_QUEUE_URL"]
        self._dead_letters = names["DEAD_LETTER_QUEUE_URL"]
        self._domain = names["PROFILE_DOMAIN_NAME"]
        self._object_type = names["PROFILE_OBJECT_TYPE_NAME"]
        self._ledger = Ledger(stack.profiles_url, self._domain, self._object_type)
        writer = stack.outputs["WriterFunctionName"]
        self._log_group = writer_log.log_group(self._functions, writer)
        self._backoff = returns.backoff_of(self._functions, writer)
        self._patience = self._backoff.patience if patience is None else patience

    def run(self, events: Sequence[Event], unread: Sequence[EventsError] = ()) -> Result:
        """Send the events, wait, and account for every customer; what could not be read is a problem of the run."""
        before = self._before()
        if before.waiting:
            self._reporter.step(
                f"In the queue since earlier runs, and not waited for: {count(before.waiting, 'record')}"
            )
        sent = self._seed(events)
        answers, failures = self._send(sent)
        queued = [answer for answer in answers if answer.status is Status.QUEUED]
        self._drain(queued, before)
        counts, waiting_after = self._settled(before, len(queued))
        waiting = Waiting(before.waiting, waiting_after)
        record_ids = {answer.record_id for answer in queued if answer.record_id is not None}
        profiles = self._read(list(identities(sent)), record_ids) if record_ids else []
        new = [message for message in self._parked() if message.message_id not in before.parked]
        read = {offer.record_id for profile in profiles for offer in profile.offers}
        written = read & since(before.writes, self._ledger.writes())
        account = replace(settle(answers, written, new, waiting), unread=len(unread))
        problems = [*unreadable(unread), *failures, *account.problems(), *disagreements(account, waiting, counts)]
        return Result(account, counts, profiles, problems)

    def _seed(self, events: Sequence[Event]) -> list[Event]:
        ids = seed(self._profiles, self._domain, events, TIME)
        if ids:
            self._reporter.step(f"Seeded {len(ids)} profiles, which the campaign takes for granted")
        return [renamed(event, ids) for event in events]

    def _send(self, events: Sequence[Event]) -> tuple[list[CustomerAnswer], list[str]]:
        answers: list[CustomerAnswer] = []
        failures: list[str] = []
        jobs = [(event, self._channel.of(event, otherwise=self._otherwise)) for event in events]
        with self._reporter.progress("Events sent to the functions", len(jobs)) as advance:
            for invocation in invoke_all(self._functions, jobs):
                answers += invocation.answers
                if invocation.failure is not None:
                    failures.append(f"the invocation with {invocation.event} failed: {invocation.failure}")
                    self._reporter.step(failures[-1], "red")
                advance(1)
        return answers, failures

    def _drain(self, queued: Sequence[CustomerAnswer], before: _Before) -> None:
        last, out, noted = -1, 0, float("-inf")
        with self._reporter.progress("Records out of the queue", len(queued)) as advance:
            for left in queues.drain(
                self._waiting, TIME, self._patience, lambda left: self._is_done(left, queued, before)
            ):
                gone = max(0, len(queued) - max(0, left - before.waiting))
                advance(gone - out)
                out = gone
                is_due = left == last and TIME.monotonic() - noted >= SECONDS_BETWEEN_NOTES
                if is_due and (note := self._returned(left, before)):
                    noted = TIME.monotonic()
                    self._reporter.step(note)
                last = left

    def _is_done(self, left: int, queued: Sequence[CustomerAnswer], before: _Before) -> bool:
        """Whether no record of this run waits: none at all does, or only as many as before, of other runs."""
        if left == 0 or left > before.waiting:
            return left == 0
        written = since(before.writes, self._ledger.writes())
        return sum(answer.record_id not in written for answer in queued) <= self._counts(before).parked

    def _returned(self, left: int, before: _Before) -> str:
        batches = writer_log.batches(self._logs, self._log_group, before.at)
        earlier = min(left, before.waiting)
        note = returns.next_try(batches, left - earlier, time.time(), self._backoff)
        return f"{note}; {earlier} of earlier runs wait besides" if note and earlier else note

    def _settled(self, before: _Before, queued: int) -> tuple[WriterCounts, int]:
        """Return what the writer's log counts, and what the queue holds, once the one explains the other."""
        tries = 0
        while True:
            counts, waiting = self._counts(before), self._waiting()
            tries += 1
            if counts.settled + waiting == before.waiting + queued or tries == LOG_TRIES:
                return counts, waiting
            TIME.sleep(queues.POLL)

    def _waiting(self) -> int:
        return queues.waiting(self._sqs, self._queue)

    def _read(self, customers: Sequence[Customer], record_ids: AbstractSet[str]) -> list[Profile]:
        """Return the customers' profiles that any of the records is on."""
        objects = paced(self._profiles, self._domain, self._object_type, TIME)
        profiles: list[Profile] = []
        found: set[str] = set()
        with self._reporter.progress("Offers read back from profiles", len(record_ids)) as advance:
            for profile in read_profiles(objects, customers):
                shown = {offer.record_id for offer in profile.offers} & record_ids
                if shown:
                    profiles.append(profile)
                advance(len(shown - found))
                found |= shown
        return profiles

    def _before(self) -> _Before:
        known = frozenset(message.message_id for message in self._parked())
        return _Before(known, self._ledger.writes(), self._waiting(), time.time())

    def _counts(self, before: _Before) -> WriterCounts:
        return writer_log.total(writer_log.batches(self._logs, self._log_group, before.at))

    def _parked(self) -> list[Parked]:
        return [parked(message) for message in read_all(self._sqs, self._dead_letters)]


def unreadable(unread: Sequence[EventsError]) -> Iterator[str]:
    """Yield a line for each file or line that could not be read, up to `SHOWN`, and how many more there are."""
    for error in unread[:SHOWN]:
        yield f"not read: {printable(str(error))}"
    if len(unread) > SHOWN:
        yield f"not read: {len(unread) - SHOWN} more"


def show(console: Console, result: Result, logs: Path) -> int:
    """Print a result; return the exit code: 0 if every customer is accounted for."""
    view.show_profiles(console, result.profiles)
    view.show_account(console, result.account, result.counts)
    view.show_verdict(console, result.problems, result.account.unaccounted, logs)
    return 1 if result.problems else 0
