"""Durations, counts and text from outside, as an operator reads and types them."""

import pytest

from ops import text


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(-1, "0 s"), (45, "45 s"), (60, "1 min"), (200, "3 min 20 s"), (7500, "2 h 5 min"), (273_600, "3 d 4 h")],
)
def test_a_duration_has_its_two_largest_units(seconds: float, shown: str) -> None:
    """More would be read past."""
    assert text.duration(seconds) == shown


@pytest.mark.parametrize(("written", "seconds"), [("90s", 90), ("15m", 900), ("2h", 7200), ("3d", 259_200)])
def test_a_duration_is_typed_with_its_unit(written: str, seconds: float) -> None:
    """As people write them."""
    assert text.seconds_of(written) == seconds


@pytest.mark.parametrize("written", ["", "h", "3", "3 days", "-1h", "٣h"])
def test_what_is_no_duration_is_refused(written: str) -> None:
    """A guess would act on the wrong messages."""
    with pytest.raises(ValueError, match="no duration"):
        text.seconds_of(written)


def test_counts_are_written_as_people_read_them() -> None:
    """One message, and 41,200 messages."""
    assert (text.count(1, "message"), text.count(41_200, "message")) == ("1 message", "41,200 messages")
    assert text.count(2, "entry", "entries") == "2 entries"
