from bootstrap.pace import Pace
from tests.fakes.clock import FakeClock


def test_turns_are_a_second_apart() -> None:
    """Customer Profiles takes one PutProfileObjectType a second."""
    clock = FakeClock()
    pace = Pace(clock, 1.0)
    turns = []
    for _ in range(3):
        pace.wait()
        turns.append(clock.elapsed)
        clock.advance(0.3)
    assert turns == [0.0, 1.0, 2.0]


def test_a_late_comer_does_not_wait() -> None:
    """Only haste is slowed down."""
    clock = FakeClock()
    pace = Pace(clock, 1.0)
    pace.wait()
    clock.advance(5)
    pace.wait()
    assert clock.elapsed == 5
