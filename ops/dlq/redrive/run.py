"""One `ops dlq redrive`, from the scan that plans it to the report of what was done."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from ops.context import CliContext
from ops.dlq.filters import Filters
from ops.dlq.message import DlqMessage
from ops.dlq.open_queue import OpenQueue, ScanSummary, open_queue, scan_through
from ops.dlq.redrive import edit
from ops.dlq.redrive.canary import CanaryOutcome, await_outcome
from ops.dlq.redrive.engine import Redrive, RedriveStats
from ops.dlq.redrive.journal import Journal, default_path
from ops.dlq.redrive.move_task import Route, move
from ops.dlq.redrive.plan import Plan, report_dry_run, show_diffs
from ops.dlq.redrive.profile_check import ProfileCheck
from ops.dlq.redrive.report import RunReport
from ops.dlq.redrive.rules import Rules
from ops.dlq.redrive.send import Dispatch, SendStatus
from ops.errors import UsageError
from ops.exits import Exit
from ops.pace import Pace
from ops.profile_objects import ProfileObjects
from ops.text import count

DEFAULT_BUDGET = 80
"""The default of the template's MaxWritesPerSecond."""
THREADS = 8
"""Profiles that are asked at once."""
CANARY_TIMEOUT = 180.0
"""Seconds that the canaries have by default; a writer writes a record within half a minute of receiving it."""


@dataclass(frozen=True, slots=True)
class RedriveOptions:
    """What the operator asks for.

    Attributes:
        filters: Which messages.
        yes: Whether to send; else it is a dry run.
        rate: Messages a second; None for half of MaxWritesPerSecond.
        canary: How many to send first; None for no canaries.
        canary_timeout: Seconds after which a canary without an outcome stops the run.
        edit: A JSON merge patch for every message, or ``@FILE`` with one.
        editor: Whether to edit the one message that passes the filters by hand.
        anyway: Whether to send what would be parked again.
        skip_profile_check: Whether to send without asking profiles.
        resend_in_doubt: Whether to send what an interrupted run may have sent.
        whole_queue: Whether SQS is to move everything.
        unmask: Whether to show an edit's old values.
        journal: The journal's file; None for the queue's own.

    Raises:
        UsageError: two of them contradict one another.
    """

    filters: Filters
    yes: bool = False
    rate: float | None = None
    canary: int | None = None
    canary_timeout: float = CANARY_TIMEOUT
    edit: str | None = None
    editor: bool = False
    anyway: bool = False
    skip_profile_check: bool = False
    resend_in_doubt: bool = False
    whole_queue: bool = False
    unmask: bool = False
    journal: Path | None = None

    def __post_init__(self) -> None:
        if self.canary is not None and self.skip_profile_check:
            raise UsageError("--canary reads the canaries' profiles: it cannot be combined with --skip-profile-check")
        if self.edit is not None and self.editor:
            raise UsageError("--edit and --editor cannot be combined")
        chosen = any((self.edit, self.editor, self.canary, self.anyway, self.resend_in_doubt))
        if self.whole_queue and (chosen or not self.filters.is_everything):
            raise UsageError("--whole-queue moves everything as it is: no filters, no --edit, no --canary, no --anyway")


def redrive(context: CliContext, options: RedriveOptions) -> Exit:
    """Send parked messages through the pipeline again, or say what would be sent."""
    deployment = context.deployment
    rate = _checked_rate(options.rate, deployment.number("MaxWritesPerSecond", DEFAULT_BUDGET))
    profiles = ProfileCheck(
        ProfileObjects(context.account.customer_profiles(), deployment.domain, deployment.object_type)
    )
    queue = open_queue(context, of_domain=False)
    rules = Rules(
        deployment=deployment,
        profile_state=None if options.skip_profile_check or options.whole_queue else profiles.state,
        edit=_edit(context, queue, options),
        anyway=options.anyway,
        resend_in_doubt=options.resend_in_doubt,
    )
    now, path = context.clock.now(), options.journal or default_path(queue.url)
    with Journal(path, queue.url, now, read_only=not options.yes) as journal, ThreadPoolExecutor(THREADS) as pool:
        plan = Plan(rules, journal.sent, journal.in_doubt)
        summary = scan_through(queue, context.screen, options.filters, plan.add)
        show_diffs(context.screen, plan, unmask=options.unmask)
        if not options.yes:
            plan.ask_profiles(pool)
            return report_dry_run(context.screen, queue, summary, plan, rate)
        if options.whole_queue and _moved_by_sqs(context, queue, plan, rate):
            return Exit.FINE
        engine = Redrive(
            sqs=context.account.sqs(),
            queue_url=queue.url,
            rules=rules,
            dispatch=Dispatch(
                context.account.sqs_once(),
                deployment.queue_url,
                context.account.functions_once(),
                context.clock,
            ),
            journal=journal,
            pace=Pace(rate, context.clock),
            map=lambda ask, ready: list(pool.map(ask, ready)),
        )
        return _Run(context, queue, engine, plan, summary, options, profiles).go()


def _checked_rate(given: float | None, budget: int) -> float:
    rate = budget / 2 if given is None else given
    if rate >= budget:
        raise UsageError(
            f"--rate {rate:g} is not below the writer's {budget} writes a second (MaxWritesPerSecond), which running"
            " journeys need a part of"
        )
    return rate


def _edit(context: CliContext, queue: OpenQueue, options: RedriveOptions) -> Callable[[DlqMessage], str | None] | None:
    """Return what makes the edited body of a message; None if nothing is to be edited."""
    if options.edit is not None:
        patch = edit.patch_of(options.edit)
        return lambda message: edit.edited(message.body, patch)
    if not options.editor:
        return None
    messages: list[DlqMessage] = []
    scan_through(queue, context.screen, options.filters, messages.append, limit=2)
    if len(messages) != 1:
        found = "no message passes" if not messages else "more than one message passes"
        raise UsageError(f"--editor edits one message, and {found} the filters; `ops dlq show` shows them")
    command = os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi"
    one, body = messages[0], edit.by_hand(messages[0].body, command)
    return lambda message: body if message.message_id == one.message_id else None


def _moved_by_sqs(context: CliContext, queue: OpenQueue, plan: Plan, rate: float) -> bool:
    """Let SQS move the queue, if all of it belongs into the engagement queue; return False if SQS cannot."""
    if plan.elsewhere:
        raise UsageError(
            f"--whole-queue would only move {count(plan.elsewhere, 'message')} to where they do not belong: parked at"
            " ingest, sent already, in doubt, not the pipeline's, or to be parked again; without --whole-queue each"
            " goes where it belongs"
        )
    screen = context.screen
    with screen.progress("Moving", queue.before.total) as advance:
        route = Route(queue.url, context.deployment.queue_url, rate)
        moved = move(context.account.sqs(), route, context.clock, advance)
    if moved is None:
        screen.note("this SQS has no StartMessageMoveTask: the messages are sent one by one instead")
        return False
    screen.document({"queue": queue.name, "dryRun": False, "finished": True, "moved": moved})
    screen.line(f"{count(moved, 'message')} moved by SQS", "bold")
    return True


@dataclass(frozen=True, slots=True)
class _Run:
    """One run that really sends."""

    context: CliContext
    queue: OpenQueue
    engine: Redrive
    plan: Plan
    summary: ScanSummary
    options: RedriveOptions
    profiles: ProfileCheck

    def go(self) -> Exit:
        """Send, canaries first if there are to be any, and report, however the run ended."""
        stats, outcome, finished = RedriveStats(), None, False
        try:
            outcome = self._canaries(stats, self.options.canary) if self.options.canary is not None else None
            if outcome is None or outcome.is_well:
                self._send(stats, None)
            finished = True
        finally:
            report = RunReport(self.plan, stats, outcome, finished=finished, complete=self.summary.complete)
            report.show(self.context.screen, self.queue.name)
        return report.exit

    def _send(self, stats: RedriveStats, limit: int | None) -> None:
        expected = round(len(self.plan.wanted) / self.engine.pace.rate)
        left = limit or len(self.plan.wanted - stats.handled)
        with (
            self.queue.scan(more_seconds=2 * expected) as scan,
            self.context.screen.progress("Sending", left) as advance,
        ):
            self.engine.run(scan, self.plan.wanted, stats, advance, limit)

    def _canaries(self, stats: RedriveStats, number: int) -> CanaryOutcome:
        self._send(stats, number)
        self.context.screen.note(f"waiting for the outcome of {count(stats.moved, 'canary', 'canaries')}")
        outcome = await_outcome(
            list(stats.records.values()),
            # a record that was sent with --anyway and names no customer is on no profile that could be asked
            lambda record: record in stats.customers and self.profiles.has(record, stats.customers[record]),
            self._parked_among,
            self.context.clock,
            self.options.canary_timeout,
        )
        return replace(outcome, parked_at_once=stats.results[SendStatus.PARKED_AGAIN])

    def _parked_among(self, records: frozenset[str]) -> frozenset[str]:
        found: set[str] = set()

        def take(message: DlqMessage) -> None:
            if message.message_id not in self.plan.wanted and message.record_id is not None:
                found.add(message.record_id)

        scan_through(self.queue, self.context.screen, Filters(records=records), take)
        return frozenset(found)
