"""The drawing, in any width."""

import pytest

from ops.plan.campaign import Campaign, Settings
from ops.plan.plot import HEIGHT, plot
from ops.plan.simulation import Sample, simulate

SAMPLES = simulate(Campaign(1_000_000), Settings()).samples


@pytest.mark.parametrize("width", [30, 60, 80, 200])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    """A folded drawing is none."""
    lines = plot(SAMPLES, width)

    assert max(map(len, lines)) <= width
    assert len(lines) == HEIGHT + 2
    assert all(line.isascii() and line.isprintable() for line in lines)


def test_the_axes_say_how_many_and_how_long() -> None:
    """A curve without figures says nothing."""
    lines = plot(SAMPLES, 80)

    assert lines[0].startswith("1,000,000 |#")
    assert lines[-1].endswith("3 h 28 min")


def test_a_backlog_shrinks_from_left_to_right() -> None:
    """Every row is at least as long as the one above it."""
    rows = [line.count("#") for line in plot(SAMPLES, 80)[:HEIGHT]]

    assert rows == sorted(rows)
    assert rows[0] < rows[-1]


@pytest.mark.parametrize("samples", [[Sample(0.0, 0.0, 0.0)], [Sample(0.0, 5.0, 0.0), Sample(0.0, 5.0, 0.0)]])
def test_what_has_no_length_is_drawn_too(samples: list[Sample]) -> None:
    """Nothing to do is no fault."""
    assert len(plot(samples, 5)) == HEIGHT + 2
