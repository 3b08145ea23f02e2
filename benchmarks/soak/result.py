"""What a soak came to, and all for which it has failed."""

from collections import Counter
from dataclasses import dataclass, field

from benchmarks.soak.caller import Handed
from benchmarks.soak.traffic import Traffic
from benchmarks.soak.verification import Account
from benchmarks.soak.writer_log import WriterSaid


@dataclass(frozen=True, slots=True)
class Row:
    """What one profile came to.

    Attributes:
        name: The profile's.
        traffic: What was sent.
        handed: What the functions answered.
        struck: Strikes, by what.
        said: What the writer logged during its turn.
        calls: PutProfileObject calls that the service counted.
        replaced: Objects that were written again.
        seconds: From the first event to the last change.
        left: Messages still hidden in the queue at the turn's end; they are delivered during later turns.
    """

    name: str
    traffic: Traffic
    handed: Handed
    struck: Counter[str]
    said: WriterSaid
    calls: int
    replaced: int
    seconds: float
    left: int


@dataclass(slots=True)
class Result:
    """What the soak came to.

    Attributes:
        rows: By profile, in their order.
        accounts: The same, after verification.
        queued: Messages that the queue still held when waiting ended.
        rest_seconds: How long the end was waited for.
        verify_seconds: How long verification took.
        wrong: A sentence for each thing that no profile can be blamed for.
    """

    rows: list[Row] = field(default_factory=list)
    accounts: dict[str, Account] = field(default_factory=dict)
    queued: int = 0
    rest_seconds: float = 0.0
    verify_seconds: float = 0.0
    wrong: list[str] = field(default_factory=list)

    def faults_that_did_not_strike(self) -> list[str]:
        """Return what was to strike and did not: such a run proves nothing."""
        return [
            f"{row.name}: no {what}" for row in self.rows for what, count in sorted(row.struck.items()) if count == 0
        ]

    @property
    def missing(self) -> list[str]:
        """Everybody who is nowhere."""
        return [f"{name}: {one}" for name, account in self.accounts.items() for one in account.missing]

    @property
    def failures(self) -> list[str]:
        """Everything for which the soak has failed."""
        wrong = [f"{name}: {one}" for name, account in self.accounts.items() for one in account.wrong]
        given_up = [f"{row.name}: the caller gave up {event}" for row in self.rows for event in row.handed.given_up]
        queued = [f"{self.queued} messages were still in the queue when waiting ended"] if self.queued else []
        return [
            *(f"missing: {one}" for one in self.missing),
            *wrong,
            *self.wrong,
            *given_up,
            *queued,
            *self.faults_that_did_not_strike(),
        ]
