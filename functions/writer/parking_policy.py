"""Second thoughts about a batch's outcomes: what is returned rather than parked, and parked rather than returned."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from engagement.clock import Clock
from engagement.reasons import Reason
from engagement.writer_settings import RETENTION
from writer.delivery import Outcome, Returned, ToPark, Written, replace

WINDOW = 100
"""Outcomes of this environment that are remembered."""
MIN_REFUSED = 3
"""Records that the service refused, within the window, from which on their share counts.

A definition that is wrong refuses every record, so a few show it; a body that is not ours says nothing about others.
"""
MIN_TO_PARK = 20
"""Records to park for whatever reason, within the window, from which on their share counts."""
MAX_AGE = timedelta(seconds=RETENTION) - timedelta(days=1)
"""Time after which a message is not returned any more: soon the queue would drop it without a trace.

The day is a margin: in a long backlog behind a service that hangs, a message is received every few hours.
"""


class ParkingLimit:
    """Keeps a bad deploy from emptying the queue into the dead-letter queue.

    If most of what this environment saw lately would be parked, the fault is probably ours or the service's, and not
    the records': they are returned instead, until an operator decides otherwise. So is a refused record that comes back
    to an environment which has not written anything yet: environments come and go, a bad definition does not.

    Args:
        enabled: False once an operator has decided that the records are really bad (PARK_WITHOUT_LIMIT).
    """

    def __init__(self, *, enabled: bool) -> None:
        self._enabled = enabled
        self._recent: deque[Reason | None] = deque(maxlen=WINDOW)  # None: written

    def suspend(self, outcomes: Sequence[Outcome]) -> list[Outcome]:
        """Return the outcomes, with those to be parked as returned while parking is suspended."""
        self._recent.extend(
            outcome.reason if isinstance(outcome, ToPark) else None
            for outcome in outcomes
            if isinstance(outcome, ToPark | Written)
        )
        return replace(ToPark, self._limited, outcomes) if self._enabled else list(outcomes)

    def _limited(self, outcome: ToPark) -> Outcome:
        if not self._is_suspended(outcome):
            return outcome
        return Returned(outcome.message, f"ParkingSuspended: {outcome.reason}", outcome.record_id, systemic=True)

    def _is_suspended(self, outcome: ToPark) -> bool:
        written = self._recent.count(None)
        to_park = len(self._recent) - written
        if to_park >= MIN_TO_PARK and to_park > written:
            return True
        if outcome.reason is not Reason.REJECTED_BY_SERVICE:
            return False
        refused = self._recent.count(Reason.REJECTED_BY_SERVICE)
        return (refused >= MIN_REFUSED and refused > written) or (written == 0 and outcome.message.receive_count > 1)


@dataclass(frozen=True, slots=True)
class LastReceive:
    """Parks what would be returned once too often, or for too long, while its last error is still known.

    Attributes:
        max_receives: The queue's maxReceiveCount: at the receive after this one SQS itself moves the message, and the
            error is lost.
        clock: Shows how long a message has been in the queue.
    """

    max_receives: int
    clock: Clock

    def park_exhausted(self, outcomes: Sequence[Outcome]) -> list[Outcome]:
        """Return the outcomes, with those returned for the last time as ones to be parked."""
        return replace(Returned, self._parked_if_last, outcomes)

    def _parked_if_last(self, outcome: Returned) -> Outcome:
        message = outcome.message
        is_old = message.sent_at is not None and self.clock.now() - message.sent_at > MAX_AGE
        if message.receive_count < self.max_receives and not is_old:
            return outcome
        request = "" if outcome.request_id is None else f" (request {outcome.request_id})"
        return ToPark(message, Reason.RECEIVES_EXHAUSTED, f"{outcome.cause}{request}", outcome.record_id)
