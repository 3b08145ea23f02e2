"""Progress in a pipe."""

import io

from rich.console import Console

from local.demo.screen import SECONDS_BETWEEN_NOTES, Screen
from tests.fakes.clock import FakeClock


def test_a_wait_is_explained_now_and_then() -> None:
    """A log of a run that waits for ten minutes must neither be mute nor endless."""
    clock, output = FakeClock(), io.StringIO()
    screen = Screen(Console(file=output, width=100), clock.monotonic)
    with screen.counter("Records", 5) as counter:
        for second in range(int(SECONDS_BETWEEN_NOTES) + 1):
            counter.note(f"5 returned, next try in about {450 - second} s")
            clock.advance(1)
        counter.note("")
    notes = [line.partition("] ")[2] for line in output.getvalue().splitlines() if "returned" in line]
    assert notes == ["5 returned, next try in about 450 s", "5 returned, next try in about 420 s"]


def test_a_count_that_stands_still_is_told_less_often() -> None:
    """What moves is news; what does not is a sign of life."""
    clock, output = FakeClock(), io.StringIO()
    with Screen(Console(file=output, width=100), clock.monotonic).counter("Records", 5) as counter:
        for second in range(60):
            counter.reach(0 if second < 10 else 1)
            clock.advance(1)
    assert [line[1:].split()[0] for line in output.getvalue().splitlines()[:-1]] == ["5.0", "10.0", "40.0"]
