"""Several environments of the writer at once against one quota: a discrete-event simulation in virtual time.

Threads are simulated, not run: each is a thing that next does something at a moment. What is real is the budget and
the pauses of the retry; the quota is the emulator's token bucket, which holds one second's worth.
"""

import random
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import count

from customer_profiles_emulator import TokenBucket
from tests.fakes.clock import FakeClock
from writer.budget import Budget
from writer.calls import FIRST_PAUSE, LONGEST_PAUSE, MAX_ATTEMPTS

QUOTA = 100.0


@dataclass(frozen=True, slots=True)
class Load:
    """What is played.

    Attributes:
        environments: Writers at once.
        budget: Writes a second of all together.
        threads: Calls at once of one environment.
        batch: Records of a batch; the backlog never ends.
        gap: Seconds between two batches of one environment.
        latency: Seconds of a call, the middle; each takes a half to one and a half of it.
        others: Writes a second that something else in the account makes, from ``others_from`` to ``others_until``.
        others_from: Seconds from the start.
        others_until: The same.
    """

    environments: int
    budget: float = 80.0
    threads: int = 8
    batch: int = 50
    gap: float = 0.15
    latency: float = 0.06
    others: float = 0.0
    others_from: float = 0.0
    others_until: float = float("inf")


@dataclass(slots=True)
class Calls:
    """What came of it.

    Attributes:
        written: Moments of the calls that were taken, by environment.
        throttled: Moments of the calls that were not.
    """

    written: list[list[float]]
    throttled: list[float] = field(default_factory=list)

    def rate(self, start: float, end: float) -> float:
        """Return the writes a second of all environments."""
        return sum(_within(moments, start, end) for moments in self.written) / (end - start)

    def throttled_share(self, start: float, end: float) -> float:
        """Return the share of calls that were throttled."""
        throttled = _within(self.throttled, start, end)
        return throttled / (throttled + self.rate(start, end) * (end - start))

    def fairness(self, start: float, end: float) -> float:
        """Return the writes of the slowest environment, as a share of the fastest's."""
        writes = [_within(moments, start, end) for moments in self.written]
        return min(writes) / max(writes)


def _within(moments: list[float], start: float, end: float) -> int:
    return sum(start <= moment < end for moment in moments)


class _Environment:
    def __init__(self, load: Load, clock: FakeClock) -> None:
        self.budget = Budget(load.budget / load.environments, clock)
        self.waiting = 0
        self.working = 0


def play(load: Load, seconds: float, seed: int = 1) -> Calls:
    """Play a backlog for so many seconds and return the calls."""
    return _Simulation(load, seed).run(seconds)


class _Simulation:
    def __init__(self, load: Load, seed: int) -> None:
        self._load = load
        self._clock = FakeClock()
        self._random = random.Random(seed)
        self._quota = TokenBucket(QUOTA, self._clock.monotonic)
        self._environments = [_Environment(load, self._clock) for _ in range(load.environments)]
        self._calls = Calls([[] for _ in self._environments])
        self._events: list[tuple[float, int, str, int, int]] = []
        self._numbers = count()

    def run(self, seconds: float) -> Calls:
        for number in range(len(self._environments)):
            self._at(self._random.uniform(0, self._load.gap), "batch", number)
        if self._load.others:
            self._at(self._load.others_from, "others", 0)
        while self._events[0][0] < seconds:
            moment, _, what, number, attempt = heappop(self._events)
            self._clock.elapsed = moment
            getattr(self, f"_{what}")(number, attempt)
        return self._calls

    def _at(self, delay: float, what: str, number: int, attempt: int = 0) -> None:
        heappush(self._events, (self._clock.elapsed + delay, next(self._numbers), what, number, attempt))

    def _batch(self, number: int, _: int) -> None:
        """A batch arrives: as many records as there are threads begin, the others wait for one."""
        environment = self._environments[number]
        environment.working = min(self._load.threads, self._load.batch)
        environment.waiting = self._load.batch - environment.working
        for _thread in range(environment.working):
            self._ask(number, 1)

    def _ask(self, number: int, attempt: int) -> None:
        """A thread asks the budget, and calls when it may."""
        self._at(self._environments[number].budget.reserve(float("inf")), "call", number, attempt)

    def _call(self, number: int, attempt: int) -> None:
        latency = self._load.latency * self._random.uniform(0.5, 1.5)
        taken = self._quota.take() == 1
        if taken:
            self._calls.written[number].append(self._clock.elapsed)
        else:
            self._calls.throttled.append(self._clock.elapsed)
        self._at(latency, "done" if taken else "throttled", number, attempt)

    def _throttled(self, number: int, attempt: int) -> None:
        self._environments[number].budget.throttled()
        if attempt == MAX_ATTEMPTS:
            self._done(number, attempt)
            return
        pause = self._random.uniform(0, min(FIRST_PAUSE * 2 ** (attempt - 1), LONGEST_PAUSE))
        self._at(pause, "ask", number, attempt + 1)

    def _done(self, number: int, _: int) -> None:
        """A thread is free: it takes the next record, and the last one ends the batch."""
        environment = self._environments[number]
        if environment.waiting:
            environment.waiting -= 1
            self._ask(number, 1)
            return
        environment.working -= 1
        if not environment.working:
            self._at(self._load.gap * self._random.uniform(0.5, 1.5), "batch", number)

    def _others(self, number: int, _: int) -> None:
        self._quota.take()
        if self._clock.elapsed < self._load.others_until:
            self._at(1 / self._load.others, "others", number)
