"""Turns outcomes into deeds: parks, and sets the visibility of what goes back."""

from collections.abc import Sequence
from dataclasses import dataclass

from engagement.clock import Deadline
from engagement.sqs_sender import Sender
from writer.backoff import Backoff
from writer.dead_letters import park
from writer.delivery import Outcome, Returned
from writer.verdict import LastReceive, ParkingLimit
from writer.visibility import Visibility


@dataclass(frozen=True, slots=True)
class Settled:
    """What finally became of a batch.

    Attributes:
        outcomes: One for each message, in the batch's order.
        backoff_failed: Returned messages whose visibility could not be set: they come back after the queue's own.
    """

    outcomes: Sequence[Outcome]
    backoff_failed: int

    @property
    def returned(self) -> list[Returned]:
        """The messages that go back to the queue."""
        return [outcome for outcome in self.outcomes if isinstance(outcome, Returned)]


@dataclass(frozen=True, slots=True)
class Settlement:
    """How one environment settles its batches.

    Attributes:
        parking_limit: Holds parking back when most records look bad.
        last_receive: Parks what would be returned once too often.
        dead_letters: Where records are parked.
        backoff: How long returned messages stay away.
        visibility: Where that is told.
    """

    parking_limit: ParkingLimit
    last_receive: LastReceive
    dead_letters: Sender
    backoff: Backoff
    visibility: Visibility

    def settle(self, outcomes: Sequence[Outcome], deadline: Deadline) -> Settled:
        """Park and return what is to be parked and returned; no call starts after ``deadline``."""
        reviewed = self.last_receive.review(self.parking_limit.review(outcomes))
        parked = park(reviewed, self.dead_letters, deadline)
        return Settled(parked, self.visibility.extend(self._timeouts(parked), deadline))

    def _timeouts(self, outcomes: Sequence[Outcome]) -> dict[str, int]:
        return {
            outcome.message.receipt_handle: self.backoff.visibility(outcome.message.receives, systemic=outcome.systemic)
            for outcome in outcomes
            if isinstance(outcome, Returned) and outcome.message.receipt_handle
        }
