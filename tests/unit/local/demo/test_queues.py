"""Waiting for a queue."""

from collections.abc import Sequence

from local.demo.queues import CALM, PATIENCE, POLL, drain
from tests.fakes.clock import FakeClock


def drained(counts: Sequence[int], of_earlier_runs: int = 0) -> tuple[list[int], FakeClock]:
    """Return what a wait yields over a queue with these counts, the last one for ever, and how long it took."""
    clock = FakeClock()
    remaining = list(counts)

    def waiting() -> int:
        return remaining.pop(0) if len(remaining) > 1 else remaining[0]

    counted = drain(waiting, clock, PATIENCE, lambda count: count <= of_earlier_runs)
    return list(counted), clock


def test_an_empty_queue_must_be_empty_for_a_while() -> None:
    """SQS's counts are approximate: one zero proves little."""
    seen, _ = drained([2, 0, 1, 0])
    assert seen == [2, 0, 1, *([0] * CALM)]


def test_waiting_ends_when_nothing_moves() -> None:
    """A writer that can write nothing must not keep a person waiting for ever."""
    seen, clock = drained([3, 2])
    assert seen[-1] == 2
    assert PATIENCE <= clock.elapsed <= PATIENCE + 4 * POLL


def test_what_earlier_runs_left_is_not_waited_for() -> None:
    """They may be invisible for half an hour each time, until an operator fixes the cause."""
    seen, _ = drained([7, 5], of_earlier_runs=5)
    assert seen == [7, *([5] * CALM)]
