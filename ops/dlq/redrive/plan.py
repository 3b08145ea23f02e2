"""What a redrive would do: every message is decided, and nothing is sent."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from typing import Any

from ops.dlq.causes import Cause
from ops.dlq.message import DlqMessage
from ops.dlq.open_queue import OpenQueue, ScanSummary, warn_if_incomplete
from ops.dlq.redrive.edit import Change, difference
from ops.dlq.redrive.rules import Held, HoldReason, Ready, Rules
from ops.exits import Exit
from ops.screen import Column, Screen
from ops.text import count, duration

LOOKUPS = 1_000
"""Messages whose profiles a dry run asks at most."""
DIFFS = 5
"""Messages whose changes are shown."""
THE_QUEUE = "the queue"


@dataclass(slots=True)
class Plan:
    """What a run would do.

    Attributes:
        rules: What is sent, and how.
        sent: Messages that an earlier run sent, by its journal.
        in_doubt: Messages that an earlier run may have sent, by its journal.
        ready: Messages that would be sent, by cause and destination.
        held: Messages that would be held back, by cause and why.
        wanted: The ids of those that would be sent or deleted, or are in doubt.
        sample: Those whose profiles a dry run asks.
        sent_already: Messages that an earlier run sent: they are only deleted.
        diffs: What an edit changes, for the first few.
    """

    rules: Rules
    sent: Collection[str]
    in_doubt: Collection[str]
    ready: Counter[tuple[Cause, str]] = field(default_factory=Counter)
    held: Counter[tuple[Cause, HoldReason]] = field(default_factory=Counter)
    wanted: set[str] = field(default_factory=set)
    sample: list[tuple[Cause, str, Ready]] = field(default_factory=list)
    sent_already: int = 0
    diffs: list[tuple[str, Sequence[Change]]] = field(default_factory=list)

    def add(self, message: DlqMessage) -> None:
        """Decide one message."""
        if message.message_id in self.sent:
            self.sent_already += 1
            self.wanted.add(message.message_id)
            return
        decision, cause = self.rules.decide(message, in_doubt=message.message_id in self.in_doubt), Cause.of(message)
        if isinstance(decision, Held):
            self.held[(cause, decision.why)] += 1
            if decision.why is HoldReason.IN_DOUBT:
                self.wanted.add(message.message_id)  # its profile may resolve the doubt
            return
        destination = decision.request.function or THE_QUEUE
        self.ready[(cause, destination)] += 1
        self.wanted.add(message.message_id)
        if len(self.sample) < LOOKUPS:
            self.sample.append((cause, destination, decision))
        if self.rules.edit is not None and len(self.diffs) < DIFFS:
            self.diffs.append((message.message_id, difference(message.body, decision.request.entry.body)))

    def ask_profiles(self, pool: Executor) -> None:
        """Hold back those of the sample whose profile shows them, or something newer.

        Raises:
            OpsError: Customer Profiles could not be asked.
        """
        checked = pool.map(self.rules.check_profile, [ready for _, _, ready in self.sample])
        for (cause, destination, _), decision in zip(self.sample, checked, strict=True):
            if isinstance(decision, Held):
                self.ready[(cause, destination)] -= 1
                self.held[(cause, decision.why)] += 1

    @property
    def elsewhere(self) -> int:
        """Messages that do not belong into the queue as they are."""
        to_functions = sum(number for (_, to), number in self.ready.items() if to != THE_QUEUE)
        return to_functions + self.held.total() + self.sent_already


def show_diffs(screen: Screen, plan: Plan, *, unmask: bool) -> None:
    """Show what an edit changes, for the first few messages."""
    for message_id, changes in plan.diffs:
        screen.line(f"message {message_id}", "bold")
        for change in changes:
            screen.line(f"  {change.shown(unmask=unmask)}")
        if not changes:
            screen.line("  unchanged")
    rest = plan.ready.total() - len(plan.diffs)
    if plan.diffs and rest > 0:
        screen.line(f"and {count(rest, 'message')} more, changed by the same patch")


def report_dry_run(screen: Screen, queue: OpenQueue, summary: ScanSummary, plan: Plan, rate: float) -> Exit:
    """Show what a run would do, and how long it would take."""
    sending = plan.ready.total()
    screen.document({"queue": queue.name, "dryRun": True, **summary.document, **_document(plan)})
    screen.table(
        [Column("cause"), Column("reason", flexible=True), Column("messages", right=True), Column("would be sent to")],
        [[cause.key, cause.reason, f"{number:,}", to] for (cause, to), number in plan.ready.most_common() if number],
    )
    if plan.held:
        columns = [Column("held back"), Column("reason", flexible=True), Column("messages", right=True)]
        screen.table(
            [*columns, Column("why", flexible=True)],
            [[cause.key, cause.reason, f"{number:,}", why.value] for (cause, why), number in plan.held.most_common()],
        )
    if plan.sent_already:
        screen.line(f"{count(plan.sent_already, 'message')} sent by an interrupted run would only be deleted")
    if sending > len(plan.sample):
        screen.line(f"only the profiles of the first {len(plan.sample):,} customers were asked")
    screen.line(
        f"dry run: nothing was sent; --yes sends {count(sending, 'message')} at {rate:g} a second,"
        f" {duration(sending / rate)}"
        if sending
        else "dry run: there is nothing to send"
    )
    warn_if_incomplete(summary, screen)
    return Exit.FINE


def _document(plan: Plan) -> Mapping[str, Any]:
    return {
        "toSend": plan.ready.total(),
        "toDelete": plan.sent_already,
        "ready": [
            {"cause": cause.key, "reason": cause.reason, "to": to, "messages": number}
            for (cause, to), number in plan.ready.items()
            if number
        ],
        "heldBack": [
            {"cause": cause.key, "reason": cause.reason, "why": why.name.lower(), "messages": number}
            for (cause, why), number in plan.held.items()
        ],
        "profilesAsked": len(plan.sample),
    }
