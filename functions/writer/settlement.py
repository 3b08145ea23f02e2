"""Settles a batch: parks what can never be written, and sets the backoff of what goes back to the queue."""

from collections.abc import Sequence
from dataclasses import dataclass

from engagement.clock import Deadline
from engagement.parking import Parked, Stage
from engagement.sqs_sender import Sender
from writer.backoff import Backoff, VisibilityTimeouts
from writer.delivery import Outcome, Returned, ToPark, replace
from writer.parking_policy import LastReceive, ParkingLimit


@dataclass(frozen=True, slots=True)
class Settled:
    """What finally became of a batch.

    Attributes:
        outcomes: One for each message, in the batch's order.
        backoff_failed: Returned messages whose visibility timeout could not be set: the queue's own counts.
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
        parking_limit: Suspends parking while most records look bad.
        last_receive: Parks what would be returned once too often.
        dead_letters: The dead-letter queue.
        backoff: How long returned messages stay invisible.
        visibility: Sets that at the queue.
    """

    parking_limit: ParkingLimit
    last_receive: LastReceive
    dead_letters: Sender
    backoff: Backoff
    visibility: VisibilityTimeouts

    def settle(self, outcomes: Sequence[Outcome], deadline: Deadline) -> Settled:
        """Park and return what is to be parked and returned; no call starts after ``deadline``."""
        decided = self.last_receive.park_exhausted(self.parking_limit.suspend(outcomes))
        parked = park(decided, self.dead_letters, deadline)
        return Settled(parked, self.visibility.change(self._timeouts(parked), deadline))

    def _timeouts(self, outcomes: Sequence[Outcome]) -> dict[str, int]:
        return {
            outcome.message.receipt_handle: self.backoff.seconds(
                outcome.message.receive_count, systemic=outcome.systemic
            )
            for outcome in outcomes
            if isinstance(outcome, Returned) and outcome.message.receipt_handle
        }


def park(outcomes: Sequence[Outcome], dead_letters: Sender, deadline: Deadline) -> list[Outcome]:
    """Park what is to be parked; return the outcomes, with those that the dead-letter queue did not take as returned.

    A returned message is not lost: only a parked one may be acknowledged.
    """
    to_park = [outcome for outcome in outcomes if isinstance(outcome, ToPark)]
    if not to_park:
        return list(outcomes)
    results = iter(dead_letters.send([_parked(outcome).entry() for outcome in to_park], deadline))

    def returned_if_unsent(outcome: ToPark) -> Outcome:
        unsent = next(results)
        return outcome if unsent is None else Returned(outcome.message, f"NotParked: {unsent.code}", outcome.record_id)

    return replace(ToPark, returned_if_unsent, outcomes)


def _parked(outcome: ToPark) -> Parked:
    message = outcome.message
    return Parked(
        body=message.body,
        reason=outcome.reason,
        detail=outcome.detail,
        stage=Stage.WRITER,
        first_seen=message.first_seen,
        record_id=outcome.record_id,
        viewed=message.viewed,
        receive_count=message.receive_count,
        redrives=message.redrives,
    )
