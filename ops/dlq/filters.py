"""Which messages an `ops dlq` command is about."""

from dataclasses import dataclass
from datetime import datetime

from ops.dlq.causes import Cause
from ops.dlq.message import DlqMessage


@dataclass(frozen=True, slots=True)
class Filters:
    """What a message must be to be selected; an empty member lets every message pass.

    Attributes:
        reasons: Its reason is one of these.
        causes: The key of its cause is one of these.
        stages: It was parked at one of these.
        offers: It carries one of these offers; a message whose offer is unknown does not pass.
        journeys: The same of journeys.
        records: Its record is one of these.
        seen_before: The pipeline first had it before this moment.
        seen_after: The pipeline first had it at this moment or later.
    """

    reasons: frozenset[str] = frozenset()
    causes: frozenset[str] = frozenset()
    stages: frozenset[str] = frozenset()
    offers: frozenset[str] = frozenset()
    journeys: frozenset[str] = frozenset()
    records: frozenset[str] = frozenset()
    seen_before: datetime | None = None
    seen_after: datetime | None = None

    @property
    def is_everything(self) -> bool:
        """Whether no filter was given."""
        return self == Filters()

    def __contains__(self, message: DlqMessage) -> bool:
        wanted = (
            (self.reasons, message.reason),
            (self.stages, message.stage),
            (self.offers, message.offer),
            (self.journeys, message.journey),
            (self.records, message.record_id),
        )
        return (
            all(not values or value in values for values, value in wanted)
            and (not self.causes or Cause.of(message).key in self.causes)
            and (self.seen_before is None or message.first_seen < self.seen_before)
            and (self.seen_after is None or message.first_seen >= self.seen_after)
        )
