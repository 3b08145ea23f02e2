"""What a redrive that really sent has done, for the operator."""

from collections import Counter
from dataclasses import dataclass

from ops.dlq.redrive.canary import CanaryOutcome
from ops.dlq.redrive.engine import RedriveStats
from ops.dlq.redrive.plan import Plan
from ops.dlq.redrive.rules import HoldReason
from ops.dlq.redrive.send import SendStatus
from ops.exits import Exit
from ops.screen import Screen
from ops.text import count

REFUSALS = 5
"""Answers by which messages were rejected that are shown, the most frequent first."""


@dataclass(frozen=True, slots=True)
class RunReport:
    """How a run ended.

    Attributes:
        plan: What it was to do.
        stats: What it did.
        canaries: What became of its canaries; None if it had none, or was interrupted before they had an outcome.
        finished: Whether it was not interrupted.
        complete: Whether the scan that planned it had received every message.
    """

    plan: Plan
    stats: RedriveStats
    canaries: CanaryOutcome | None
    finished: bool
    complete: bool

    @property
    def held(self) -> Counter[HoldReason]:
        """Messages by why they were held back, by the plan or by the run."""
        held = self.stats.held.copy()
        for (_, why), number in self.plan.held.items():
            if why is not HoldReason.IN_DOUBT:  # the run has decided these itself
                held[why] += number
        return held

    @property
    def stopped(self) -> bool:
        """Whether the canaries stopped it."""
        return self.canaries is not None and not self.canaries.is_well

    @property
    def not_received_again(self) -> int:
        """Messages of the plan that the run did not receive, though it came to its end."""
        return len(self.plan.wanted - self.stats.handled) if self.finished and not self.stopped else 0

    @property
    def exit(self) -> Exit:
        """The exit code: a problem if a message is left, or may be."""
        results = self.stats.results
        left = (
            self.held.total()
            + results[SendStatus.REJECTED]
            + results[SendStatus.IN_DOUBT]
            + results[SendStatus.PARKED_AGAIN]
            + self.stats.undeleted
            + self.not_received_again
        )
        return Exit.PROBLEMS if left or self.stopped or not self.complete else Exit.FINE

    def show(self, screen: Screen, queue: str) -> None:
        """Write it."""
        results = self.stats.results
        screen.document(
            {
                "queue": queue,
                "dryRun": False,
                "finished": self.finished and not self.stopped,
                "sent": results[SendStatus.SENT],
                "parkedAgain": results[SendStatus.PARKED_AGAIN],
                "notTaken": results[SendStatus.REJECTED],
                "inDoubt": results[SendStatus.IN_DOUBT],
                "onlyDeleted": self.stats.only_deleted,
                "undeleted": self.stats.undeleted,
                "notMetAgain": self.not_received_again,
                "heldBack": {why.name.lower(): number for why, number in self.held.items()},
                "canaries": None if self.canaries is None else self.canaries.document,
            }
        )
        screen.line(f"{count(self.stats.moved, 'message')} sent", "bold")
        for number, text in (
            (results[SendStatus.PARKED_AGAIN], "of them parked again by the channel function"),
            (self.stats.only_deleted, "sent by an earlier run, now deleted"),
            (results[SendStatus.REJECTED], "rejected, and still parked"),
            (results[SendStatus.IN_DOUBT], "in doubt: still parked, and held back from now on"),
            (self.stats.undeleted, "sent, but still to be deleted: run the same command again"),
            (self.not_received_again, "not received again: another consumer holds them; run the same command again"),
        ):
            if number:
                screen.line(f"  {number:,} {text}")
        for why, number in self.held.most_common():
            screen.line(f"  {number:,} held back: {why.value}")
        for refusal, number in self.stats.refusals.most_common(REFUSALS):
            screen.line(f"  {number:,} because of: {refusal}")
        if self.canaries is not None:
            _show_canaries(screen, self.canaries)
        if not self.finished:
            screen.line("not finished: run the same command again to resume")


def _show_canaries(screen: Screen, outcome: CanaryOutcome) -> None:
    parked = len(outcome.parked) + outcome.parked_at_once
    screen.line(
        f"canaries: {len(outcome.written)} written, {parked} parked again, {len(outcome.waiting)} without an outcome in"
        " time"
    )
    for record in sorted(outcome.parked | outcome.waiting):
        if record:
            screen.line(f"  record {record}")
    if not outcome.is_well:
        screen.line("stopped: the rest was not sent")
