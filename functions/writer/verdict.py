"""Second thoughts about a batch's outcomes, before anything is parked or returned."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from engagement.reasons import Reason
from writer.delivery import Outcome, Returned, ToPark, Written

WINDOW = 100
"""Outcomes of this environment that are remembered."""
SUSPICIOUS = 20
"""Records to park, within the window, from which on their share counts."""


class ParkingLimit:
    """Stops a bad deploy from emptying the queue into the dead-letter queue.

    Where most of what this environment saw lately would be parked, the fault is taken for ours or the service's, not
    the records', until an operator says otherwise: they are returned instead.

    Args:
        enabled: False once an operator has said that the records are really bad (PARK_WITHOUT_LIMIT).
    """

    def __init__(self, *, enabled: bool) -> None:
        self._enabled = enabled
        self._recent: deque[bool] = deque(maxlen=WINDOW)

    def review(self, outcomes: Sequence[Outcome]) -> list[Outcome]:
        """Return the outcomes, those to be parked replaced by returned ones while parking is suspended."""
        self._recent.extend(
            isinstance(outcome, ToPark) for outcome in outcomes if isinstance(outcome, ToPark | Written)
        )
        bad = sum(self._recent)
        suspended = self._enabled and bad >= SUSPICIOUS and 2 * bad > len(self._recent)
        if not suspended:
            return list(outcomes)
        return [_held_back(outcome) if isinstance(outcome, ToPark) else outcome for outcome in outcomes]


def _held_back(outcome: ToPark) -> Returned:
    cause = f"ParkingSuspended: {outcome.reason}: {outcome.detail}"
    return Returned(outcome.message, cause, outcome.record_id, systemic=True)


@dataclass(frozen=True, slots=True)
class LastReceive:
    """Parks what would be returned once too often, while its last error is still known.

    Attributes:
        max_receives: The queue's maxReceiveCount: SQS itself moves a message at the receive after this one, and
            then nobody knows why.
    """

    max_receives: int

    def review(self, outcomes: Sequence[Outcome]) -> list[Outcome]:
        """Return the outcomes, those returned on their last receive replaced by ones to be parked."""
        return [self._last(outcome) if isinstance(outcome, Returned) else outcome for outcome in outcomes]

    def _last(self, outcome: Returned) -> Outcome:
        if outcome.message.receives < self.max_receives:
            return outcome
        request = "" if outcome.request_id is None else f" (request {outcome.request_id})"
        return ToPark(outcome.message, Reason.RECEIVES_EXHAUSTED, f"{outcome.cause}{request}", outcome.record_id)
