"""Queue, writers and service, put together as the template does, and played through hours of virtual time."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from engagement.record import EngagementRecord
from engagement.wire import encode
from tests.fakes.clock import FakeClock
from tests.fakes.event_source import EventSource
from tests.fakes.profiles import FakeCustomerProfiles
from tests.fakes.queue import FakeQueue
from tests.fakes.sqs import FakeSqs
from tests.fakes.writer import FakeWriter

MAX_RECEIVES = 300


@dataclass
class Pipeline:
    """Two environments of the writer by turns, on one clock: slower than the real ones, which work side by side.

    Attributes:
        park_without_limit: What the operator says.
        window: Seconds for which the event source gathers a batch; the template's is one. A wider one plays
            an outage of hours in a few seconds, since batches are fuller.
        arrived: When each record was first written, in seconds on the clock, by its id.
    """

    park_without_limit: bool = False
    window: float = 1.0
    clock: FakeClock = field(default_factory=FakeClock)
    profiles: FakeCustomerProfiles = field(default_factory=FakeCustomerProfiles)
    dead_letters: FakeQueue = field(default_factory=FakeQueue)
    arrived: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.queue = FakeSqs(max_receives=MAX_RECEIVES)
        self.redeploy()

    def redeploy(self) -> None:
        """Start new environments, as every deployment does: what the old ones remembered is gone."""
        self.writers = [
            FakeWriter(
                threads=1,  # pauses of several threads would add up on the one virtual clock
                writes_per_second=40.0,
                max_receives=MAX_RECEIVES,
                park_without_limit=self.park_without_limit,
                clock=self.clock,
                profiles=self.profiles,
                queue=self.queue,
                dead_letters=self.dead_letters,
            )
            for _ in range(2)
        ]

    def send(self, records: Iterable[EngagementRecord]) -> None:
        """Put records on the queue."""
        for record in records:
            self.queue.send(encode(record))

    def run(self, seconds: float) -> None:
        """Let time pass, and the writers work whenever something is due."""
        end = self.clock.monotonic() + seconds
        while (due := self.queue.next_due) is not None and due + self.window <= end:
            self.clock.advance(max(0.0, due + self.window - self.clock.monotonic()))
            if self.clock.monotonic() > end:
                return
            for writer in self.writers:
                EventSource(self.queue).poll(writer.invoke)
            self._note_arrivals()
        self.clock.advance(max(0.0, end - self.clock.monotonic()))

    def _note_arrivals(self) -> None:
        for record_id in list(self.profiles.objects)[len(self.arrived) :]:
            self.arrived[record_id] = self.clock.monotonic()

    @property
    def causes(self) -> Counter[str]:
        """Why messages were returned, over all invocations of the present environments."""
        total: Counter[str] = Counter()
        for writer in self.writers:
            for line in writer.lines:
                total.update(line.get("causes", {}))
        return total
