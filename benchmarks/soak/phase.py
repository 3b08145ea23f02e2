"""One profile's turn: its faults are put in force, its traffic is sent, and all is waited for."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from benchmarks.command import StalledError
from benchmarks.soak.caller import CallerResult
from benchmarks.soak.faults import Fault
from engagement.clock import Clock
from ops.queues import Depth

POLL = 0.25
"""Seconds between two reads of the queue's counts."""
CALM = 2
"""Reads in a row that must find the queue empty: its counts are approximate."""
QUIET = 12.0
"""Seconds without a change after which what is left is known to stay hidden for long: a killed function's batch."""
PATIENCE = 300.0
"""Seconds without a change after which waiting is given up."""


@dataclass(frozen=True, slots=True)
class Progress:
    """What waiting is done by.

    Attributes:
        depth: Of the queue.
        written: Objects written so far, as the service counts them.
        clock: The time.
    """

    depth: Callable[[], Depth]
    written: Callable[[], int]
    clock: Clock


@dataclass(frozen=True, slots=True)
class Turn:
    """What came of a profile's turn.

    Attributes:
        caller: What the functions answered.
        injected: How often each fault was injected.
        seconds: From the first event to the last change.
        left: Messages that were still hidden in the queue when the turn ended.
    """

    caller: CallerResult
    injected: Counter[str]
    seconds: float
    left: int


class Sender(Protocol):
    """Sends a profile's traffic: see `caller.Caller`."""

    result: CallerResult
    failed_with: Exception | None

    def start(self) -> None:
        """Begin to send."""

    def is_alive(self) -> bool:
        """Return whether anything is still to be sent."""

    def stop(self) -> None:
        """Send no more."""

    def join(self) -> None:
        """Wait until the last invocation has been answered."""


def take_turn(caller: Sender, faults: Sequence[Fault], progress: Progress) -> Turn:
    """Send, inject, wait until all is at rest, and lift the faults, whatever happens.

    Raises:
        StalledError: the queue does not empty, and what it holds is not hidden.
    """
    stragglers = progress.depth().total
    injected: Counter[str] = Counter()
    begun = progress.clock.monotonic()
    try:
        for fault in faults:
            fault.begin()
        caller.start()
        changed, left = _wait(caller, faults, progress, stragglers)
    finally:
        caller.stop()
        for fault in faults:
            fault.end()
    caller.join()
    if caller.failed_with is not None:
        raise caller.failed_with
    for fault in faults:
        injected.update(fault.injected())
    return Turn(caller.result, injected, changed - begun, left)


def _wait(caller: Sender, faults: Sequence[Fault], progress: Progress, stragglers: int) -> tuple[float, int]:
    """Return when something last changed, and what the queue still holds."""
    begun = changed = progress.clock.monotonic()
    last: object = None
    calm = 0
    while True:
        now = progress.clock.monotonic()
        for fault in faults:
            fault.tick(now - begun)
        depth = progress.depth()
        state = (depth.total, progress.written())
        if state != last:
            last, changed = state, now
        through = not caller.is_alive() and all(fault.is_over() for fault in faults)
        calm = calm + 1 if through and depth.total <= stragglers else 0
        hidden = through and depth.waiting == 0 and now - changed > QUIET
        if calm >= CALM or hidden:
            return changed, depth.total
        if now - changed > PATIENCE:
            raise StalledError(f"nothing has moved for {PATIENCE:.0f} s; {depth.total} messages are in the queue")
        progress.clock.sleep(POLL)


def await_rest(progress: Progress, seconds: float) -> int:
    """Wait until the queue is empty, ``seconds`` at most, and return how many messages it still holds."""
    deadline = progress.clock.monotonic() + seconds
    calm = 0
    while calm < CALM:
        left = progress.depth().total
        calm = calm + 1 if left == 0 else 0
        if progress.clock.monotonic() > deadline:
            return left
        progress.clock.sleep(POLL)
    return 0
