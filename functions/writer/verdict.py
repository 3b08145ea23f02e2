"""Second thoughts about a batch's outcomes, before anything is parked or returned."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from engagement.clock import Clock
from engagement.reasons import Reason
from engagement.writer_settings import RETENTION
from writer.delivery import Outcome, Returned, ToPark, Written

WINDOW = 100
"""Outcomes of this environment that are remembered."""
REFUSALS = 3
"""Records that the service refused, within the window, from which on their share counts.

A definition that is wrong refuses every record, so that a few tell; a body that is none of ours says nothing of others.
"""
SUSPICIOUS = 20
"""Records to park for whatever reason, within the window, from which on their share counts."""
MAX_AGE = timedelta(seconds=RETENTION) - timedelta(days=1)
"""Time after which a message is not returned any more: soon the queue would forget it untold.

The day is for the way round: in a long backlog behind a service that hangs, a message is received every few hours.
"""


class ParkingLimit:
    """Stops a bad deploy from emptying the queue into the dead-letter queue.

    Where most of what this environment saw lately would be parked, the fault is taken for ours or the service's, not
    the records', until an operator says otherwise: they are returned instead. A record that comes back refused to an
    environment which has not written anything yet stays suspended: environments come and go, a bad definition does not.

    Args:
        enabled: False once an operator has said that the records are really bad (PARK_WITHOUT_LIMIT).
    """

    def __init__(self, *, enabled: bool) -> None:
        self._enabled = enabled
        self._recent: deque[Reason | None] = deque(maxlen=WINDOW)  # None: written

    def review(self, outcomes: Sequence[Outcome]) -> list[Outcome]:
        """Return the outcomes, those to be parked replaced by returned ones while parking is suspended."""
        self._recent.extend(
            outcome.reason if isinstance(outcome, ToPark) else None
            for outcome in outcomes
            if isinstance(outcome, ToPark | Written)
        )
        if not self._enabled:
            return list(outcomes)
        return [self._judged(outcome) if isinstance(outcome, ToPark) else outcome for outcome in outcomes]

    def _judged(self, outcome: ToPark) -> Outcome:
        written = self._recent.count(None)
        bad = len(self._recent) - written
        refused = self._recent.count(Reason.REJECTED_BY_SERVICE)
        suspended = bad >= SUSPICIOUS and bad > written
        if outcome.reason is Reason.REJECTED_BY_SERVICE:
            suspended |= refused >= REFUSALS and refused > written
            suspended |= outcome.message.receives > 1 and written == 0
        return _held_back(outcome) if suspended else outcome


def _held_back(outcome: ToPark) -> Returned:
    return Returned(outcome.message, f"ParkingSuspended: {outcome.reason}", outcome.record_id, systemic=True)


@dataclass(frozen=True, slots=True)
class LastReceive:
    """Parks what would be returned once too often, or for too long, while its last error is still known.

    Attributes:
        max_receives: The queue's maxReceiveCount: SQS itself moves a message at the receive after this one, and
            then nobody knows why.
        clock: What tells how long a message has been in the queue.
    """

    max_receives: int
    clock: Clock

    def review(self, outcomes: Sequence[Outcome]) -> list[Outcome]:
        """Return the outcomes, those returned for the last time replaced by ones to be parked."""
        return [self._last(outcome) if isinstance(outcome, Returned) else outcome for outcome in outcomes]

    def _last(self, outcome: Returned) -> Outcome:
        message = outcome.message
        is_old = message.sent_at is not None and self.clock.now() - message.sent_at > MAX_AGE
        if message.receives < self.max_receives and not is_old:
            return outcome
        request = "" if outcome.request_id is None else f" (request {outcome.request_id})"
        return ToPark(message, Reason.RECEIVES_EXHAUSTED, f"{outcome.cause}{request}", outcome.record_id)
