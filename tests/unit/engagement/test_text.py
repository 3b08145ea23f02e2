import json
import math
from typing import Any

import pytest

from engagement.text import MAX_DEPTH, is_clean, json_safe, tidy


@pytest.mark.parametrize("value", ["a", "x" * 255, "Zoë 你好 😀", "a b", "\u00a0"])
def test_text_that_a_profile_can_hold_is_clean(value: str) -> None:
    """Names of offers and customers come in every script."""
    assert is_clean(value)


@pytest.mark.parametrize(
    "value", ["", "x" * 256, "a\x00", "a\nb", "a\x7f", "a\x85", "\ud800", "a\udfff", None, 1, b"a", ["a"]]
)
def test_text_that_a_profile_cannot_hold_is_not_clean(value: object) -> None:
    """Customer Profiles refuses empty and long values, and nothing can store half a character."""
    assert not is_clean(value)


@pytest.mark.parametrize(("value", "tidied"), [("  a \t b\r\n", "a b"), ("", ""), (" \n ", ""), ("30% Off", "30% Off")])
def test_white_space_is_folded(value: str, tidied: str) -> None:
    """The same offer typed with another line break is the same offer."""
    assert tidy(value) == tidied


@pytest.mark.parametrize("value", [{}, {"a": [1, 2.5, None, True, "é😀"]}, [], "text", 1])
def test_json_stays_what_it_is(value: Any) -> None:
    """The endpoint is kept as the event described it."""
    assert json_safe(value) == value


def test_half_characters_are_replaced_wherever_they_are() -> None:
    """A lone surrogate cannot be encoded: it would fail the whole batch when it is sent."""
    safe = json_safe({"k\ud800": ["v\udc00", {"\udfff": "\ud83d\ude00"}]})

    assert safe["k\ufffd"][0] == "v\ufffd"
    assert json.dumps(safe, ensure_ascii=False).encode()


@pytest.mark.parametrize("number", [math.inf, -math.inf, math.nan])
def test_numbers_that_json_cannot_write_are_refused(number: float) -> None:
    """Python reads 1e999 as infinite, and would write what no other parser reads."""
    with pytest.raises(ValueError, match="JSON"):
        json_safe({"a": number})


def nested(levels: int) -> Any:
    """Return maps in lists in maps, ``levels`` deep, the innermost empty."""
    value: Any = {}
    for level in range(levels - 1):
        value = [value] if level % 2 else {"a": value}
    return value


def test_json_may_be_nested_to_a_fixed_depth() -> None:
    """What is taken here must be read by the writer, whatever the stack of either allows."""
    assert json_safe(nested(MAX_DEPTH)) == nested(MAX_DEPTH)


@pytest.mark.parametrize("levels", [MAX_DEPTH + 1, 5_000])
def test_json_that_is_nested_deeper_is_refused(levels: int) -> None:
    """Without a limit of our own, the interpreter's would decide, and differently at each place."""
    with pytest.raises(ValueError, match="nested"):
        json_safe(nested(levels))
