"""The queue in virtual time: what arrives, what is written, what is returned and comes again.

Records are counted, not made: a step moves so many of them at once. Of the writer's jitter the mean is taken.
"""

from collections import defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from ops.plan.campaign import Campaign, Settings, pace
from writer.calls import FIRST_PAUSE, LONGEST_PAUSE, MAX_ATTEMPTS

STEPS = 2_000
"""Steps of a campaign, about: enough for a plot, and for a two-thousandth of the duration."""
SHORTEST_STEP = 0.01
"""Seconds."""
FINEST = 50_000
"""Steps of a campaign at most where an outage needs finer ones: they must be short beside the backoff."""
MAX_STEPS = 200_000
"""A campaign that needs more never ends."""
IN_FLIGHT = 120_000
"""Messages of one queue that may be received and not deleted at once (SQS quotas)."""
FAILING = sum(min(FIRST_PAUSE * 2**attempt, LONGEST_PAUSE) / 2 for attempt in range(MAX_ATTEMPTS - 1))
"""Seconds in which a batch is given up in an outage: the mean pauses of the retries, until the breaker opens."""
JITTER = 0.75
"""The mean of the jitter over the upper half of a backoff."""


@dataclass(frozen=True, slots=True)
class Sample:
    """The queue at one moment.

    Attributes:
        at: Seconds from the start.
        backlog: Records that are neither written nor parked: waiting, and returned.
        written: Records written so far.
    """

    at: float
    backlog: float
    written: float


@dataclass(frozen=True, slots=True)
class Course:
    """How a campaign went.

    Attributes:
        samples: The queue at every step.
        finished: Seconds until the last record was written or parked; None: never.
        longest_wait: Seconds that a record waited at most, if they are written in the order of their arrival.
        returns: Times that a record was returned, of all records together.
        told: Returns of them that have a line in the log: the 1st, 2nd, 4th, 8th and so on of a record.
        most_receives: Times that a record was handed out at most.
        parked: Records that were parked since they had been received too often.
    """

    samples: Sequence[Sample]
    finished: float | None
    longest_wait: float
    returns: float
    told: float
    most_receives: int
    parked: float

    @property
    def peak(self) -> float:
        """The largest backlog."""
        return max(sample.backlog for sample in self.samples)


def simulate(campaign: Campaign, settings: Settings) -> Course:
    """Play a campaign through until its last record is written."""
    return _Queue(campaign, settings).run()


@dataclass(slots=True)
class _Queue:
    """Records by the times that they were received; ``due`` holds the returned ones by the step of their return."""

    campaign: Campaign
    settings: Settings
    arrived: float = 0.0
    written: float = 0.0
    parked: float = 0.0
    returns: float = 0.0
    told: float = 0.0
    most_receives: int = 0
    waiting: deque[tuple[int, float]] = field(default_factory=deque)
    due: dict[int, list[tuple[int, float]]] = field(default_factory=lambda: defaultdict(list))
    away: float = 0.0

    def run(self) -> Course:
        rate = pace(self.settings, self.campaign)
        length = self._step(rate)
        self._arrive(0.0)
        samples = [Sample(0.0, self.arrived, 0.0)]
        arrivals = [self.arrived]
        for number in range(1, MAX_STEPS + 1):
            self._arrive(number * length)
            self._come_back(number)
            if number * length <= self.campaign.outage:
                self._fail(number, length)
            else:
                self._write(rate * length)
            backlog = self.arrived - self.written - self.parked
            samples.append(Sample(number * length, max(0.0, backlog), self.written))
            arrivals.append(self.arrived)
            if self.arrived >= self.campaign.records and backlog < 0.5:  # noqa: PLR2004 - half a record is none
                return self._course(samples, arrivals, number * length)
            if not rate and number * length > self.campaign.outage:
                break
        return self._course(samples, arrivals, None)

    def _step(self, rate: float) -> float:
        campaign = self.campaign
        expected = max(campaign.records / rate if rate else 0.0, campaign.over) + campaign.outage
        length = expected / STEPS
        if campaign.outage:
            length = max(min(length, self.settings.first_backoff / 4), expected / FINEST)
        return max(SHORTEST_STEP, length)

    def _arrive(self, now: float) -> None:
        share = 1.0 if not self.campaign.over else min(1.0, now / self.campaign.over)
        new = self.campaign.records * share - self.arrived
        if new > 0:
            self.arrived += new
            self.waiting.append((0, new))

    def _come_back(self, number: int) -> None:
        for receives, count in self.due.pop(number, ()):
            self.away -= count
            self.waiting.append((receives, count))

    def _write(self, most: float) -> None:
        for receives, count in self._taken(most):
            self.most_receives = max(self.most_receives, receives + 1)
            self.written += count

    def _fail(self, number: int, length: float) -> None:
        batches = self.settings.writers * length / FAILING
        most = min(batches * self.settings.batch_size, max(0.0, IN_FLIGHT - self.away))
        for before, count in self._taken(most):
            receives = before + 1
            self.most_receives = max(self.most_receives, receives)
            if receives >= self.settings.max_receives:
                self.parked += count
                continue
            backoff = min(self.settings.longest_backoff, self.settings.first_backoff * 2 ** min(receives - 1, 16))
            self.due[number + max(1, round(backoff * JITTER / length))].append((receives, count))
            self.returns += count
            self.told += count if receives.bit_count() == 1 else 0.0
            self.away += count

    def _taken(self, most: float) -> list[tuple[int, float]]:
        taken: list[tuple[int, float]] = []
        while self.waiting and most > 0:
            receives, count = self.waiting.popleft()
            part = min(count, most)
            most -= part
            taken.append((receives, part))
            if part < count:
                self.waiting.appendleft((receives, count - part))
        return taken

    def _course(self, samples: list[Sample], arrivals: list[float], finished: float | None) -> Course:
        waited = _longest_wait(samples, arrivals)
        return Course(samples, finished, waited, self.returns, self.told, self.most_receives, self.parked)


def _longest_wait(samples: Sequence[Sample], arrivals: Sequence[float]) -> float:
    """Return the widest gap, along time, between the curve of arrivals and that of writes."""
    longest, first = 0.0, 0
    for sample in samples:
        while first < len(arrivals) - 1 and arrivals[first] < sample.written:
            first += 1
        if sample.written:
            longest = max(longest, sample.at - samples[first].at)
    return longest
