"""Numbers for people."""

import pytest

from local.dashboard.numbers import ceiling, clock, figure, moment, short


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0, "0"),
        (0.0421, "0.0421"),
        (3.14159, "3.14"),
        (12.0, "12"),
        (99.96, "100"),
        (1234567.8, "1,234,568"),
        (-2.5, "-2.5"),
    ],
)
def test_a_figure_has_three_digits_and_no_more(value: float, shown: str) -> None:
    """Nobody reads 4.708999872207642."""
    assert figure(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0, "0"), (0.00075, "7.5e-4"), (0.001, "0.001"), (950, "950"), (1200, "1.2k"), (35_000_000, "35M"), (2e12, "2T")],
)
def test_an_axis_has_little_room(value: float, shown: str) -> None:
    """Ten characters would run into the chart."""
    assert short(value) == shown


@pytest.mark.parametrize(("value", "end"), [(0, 4), (0.1, 0.1), (4.21, 8), (414, 800), (1000, 1000), (14_400, 20_000)])
def test_an_axis_ends_at_a_round_number_above_all_values(value: float, end: float) -> None:
    """Its steps are round too."""
    assert ceiling(value) == pytest.approx(end)


def test_moments_are_in_utc() -> None:
    """The page says so once."""
    assert moment(1_795_435_200) == "2026-11-23 12:00:00"
    assert clock(1_795_435_200) == "12:00"
