"""What a soak came to, and all for which it has failed."""

from collections import Counter
from dataclasses import dataclass, field

from benchmarks.soak.caller import CallerResult
from benchmarks.soak.traffic import Traffic
from benchmarks.soak.verification import Account
from local.demo.writer_log import WriterCounts


@dataclass(frozen=True, slots=True)
class Row:
    """What one profile came to.

    Attributes:
        name: The profile's.
        traffic: What was sent.
        caller: What the functions answered.
        injected: How often each fault was injected.
        writer: What the writer logged during its turn.
        calls: PutProfileObject calls that the service counted.
        replaced: Objects that were written again.
        seconds: From the first event to the last change.
        left: Messages still hidden in the queue at the turn's end; they are delivered during later turns.
    """

    name: str
    traffic: Traffic
    caller: CallerResult
    injected: Counter[str]
    writer: WriterCounts
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
        wrong: A sentence for each thing that belongs to no profile.
    """

    rows: list[Row] = field(default_factory=list)
    accounts: dict[str, Account] = field(default_factory=dict)
    queued: int = 0
    rest_seconds: float = 0.0
    verify_seconds: float = 0.0
    wrong: list[str] = field(default_factory=list)

    def faults_not_injected(self) -> list[str]:
        """Return the faults that were never injected: such a run proves nothing."""
        return [
            f"{row.name}: no {what}" for row in self.rows for what, count in sorted(row.injected.items()) if count == 0
        ]

    @property
    def missing(self) -> list[str]:
        """Customers who are nowhere."""
        return [f"{name}: {one}" for name, account in self.accounts.items() for one in account.missing]

    @property
    def failures(self) -> list[str]:
        """Everything for which the soak has failed."""
        wrong = [f"{name}: {one}" for name, account in self.accounts.items() for one in account.wrong]
        given_up = [f"{row.name}: the caller gave up {event}" for row in self.rows for event in row.caller.given_up]
        queued = [f"{self.queued} messages were still in the queue when waiting ended"] if self.queued else []
        return [
            *(f"missing: {one}" for one in self.missing),
            *wrong,
            *self.wrong,
            *given_up,
            *queued,
            *self.faults_not_injected(),
        ]
