"""What may be typed as an option's value, and how anything else is refused."""

from typing import Any

import click
import pytest

from ops.option_types import DURATION, POSITIVE_NUMBER, OneOf, WholeNumber


@pytest.mark.parametrize(
    ("kind", "written", "value"),
    [
        (DURATION, "90s", 90.0),
        (DURATION, "1w", 604_800.0),
        (DURATION, 5.0, 5.0),
        (WholeNumber(), "1", 1),
        (WholeNumber(0), "0", 0),
        (WholeNumber(1, 1_000_000), "1,000,000", 1_000_000),
        (WholeNumber(1, 1_000_000), "1_000", 1_000),
        (WholeNumber(), "9" * 20, 10**20 - 1),
        (WholeNumber(), 7, 7),
        (POSITIVE_NUMBER, "0.5", 0.5),
        (POSITIVE_NUMBER, 5.0, 5.0),
        (OneOf(["a", "b"]), "b", "b"),
    ],
)
def test_a_value_is_read(kind: click.ParamType, written: Any, value: Any) -> None:
    """A default passes through the same way."""
    assert kind.convert(written, None, None) == value


@pytest.mark.parametrize(
    ("kind", "written", "said"),
    [
        (DURATION, "soon", "'soon' is no duration; write 90s, 15m, 2h, 3d or 1w"),
        (DURATION, "9" * 400 + "w", "is no duration"),
        (WholeNumber(), "0", "'0' is no whole number from 1"),
        (WholeNumber(), "9" * 21, "is no whole number from 1"),
        (WholeNumber(), "\u0663", "is no whole number"),
        (WholeNumber(), "-5", "is no whole number"),
        (WholeNumber(), "", "is no whole number"),
        (WholeNumber(1, 1_000), "1001", "'1001' is no whole number from 1 to 1,000"),
        (POSITIVE_NUMBER, "0", "'0' is no number above zero"),
        (POSITIVE_NUMBER, "nan", "is no number above zero"),
        (POSITIVE_NUMBER, "inf", "is no number above zero"),
        (POSITIVE_NUMBER, "many", "'many' is no number above zero"),
        (OneOf(["table", "json"]), "tabel", "'tabel' is none of table, json; did you mean 'table'?"),
        (OneOf(["table", "json"]), "x", "'x' is none of table, json"),
    ],
)
def test_any_other_value_is_refused_by_name(kind: click.ParamType, written: str, said: str) -> None:
    """With what would fit."""
    with pytest.raises(click.BadParameter) as refused:
        kind.convert(written, None, None)

    assert said in refused.value.message
    assert ("did you mean" in refused.value.message) == ("did you mean" in said)
