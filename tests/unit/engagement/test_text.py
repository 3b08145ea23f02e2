import json
import math
import sys
import unicodedata
from typing import Any

import pytest

from engagement.text import fitting, half_width, is_clean, json_safe, plain, tidy

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466"
SCOTLAND = "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"
PERSIAN = "\u062a\u062e\u0641\u06cc\u0641\u200c\u0647\u0627\u06cc \u0648\u06cc\u0698\u0647"
FORMAT_CHARACTERS = [chr(code) for code in range(sys.maxunicode + 1) if unicodedata.category(chr(code)) == "Cf"]


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


@pytest.mark.parametrize(
    ("value", "tidied"),
    [
        ("2 for 1\u200b", "2 for 1"),
        ("\ufeff2 for 1", "2 for 1"),
        ("\u202a2 for 1 \u202c ", "2 for 1"),
        ("\u200b \u200b", ""),
        ("\u200d\u200c2 for 1\u200d", "2 for 1"),
        ("Cafe\u0301", "Caf\u00e9"),
        (f"{FAMILY} ticket", f"{FAMILY} ticket"),
        (f"Ticket {FAMILY}", f"Ticket {FAMILY}"),
        (PERSIAN, PERSIAN),
        (f"Rugby {SCOTLAND}", f"Rugby {SCOTLAND}"),
        (f"Rugby {SCOTLAND}\u200b ", f"Rugby {SCOTLAND}"),
        (f"{SCOTLAND} rugby", f"{SCOTLAND} rugby"),
        ("Rugby \U000e0067\U000e007f", "Rugby"),
        ("Rugby \U0001f3f4\U000e0067", "Rugby \U0001f3f4"),
        ("\U000e0067Rugby", "Rugby"),
        ("Coffee \u2615\ufe0f", "Coffee \u2615\ufe0f"),
    ],
)
def test_a_name_keeps_what_is_invisible_inside_and_loses_it_at_its_ends(value: str, tidied: str) -> None:
    """Joiners shape emoji and Persian words; at an end they only make another offer that looks the same."""
    assert tidy(value) == tidied
    assert tidy(tidied) == tidied


@pytest.mark.parametrize("character", FORMAT_CHARACTERS, ids=lambda character: f"U+{ord(character):04X}")
def test_every_format_character_leaves_ids_and_the_ends_of_names(character: str) -> None:
    """Unicode's category Cf; the list is written out, and must be whole."""
    assert plain(f"{character}a{character}b{character}") == "ab"
    assert tidy(f"{character}a{character}") == "a"


@pytest.mark.parametrize("blank", ["\u3164", "\uffa0", "\ufe0f", "\u034f", "\u2800", "\U000e0100", "\u115f", "\u00a0"])
def test_what_else_shows_nothing_leaves_ids(blank: str) -> None:
    """Fillers and variation selectors are not in Cf, and are as invisible."""
    assert plain(f"{blank}a{blank}") == "a"


def test_an_id_is_in_nfc() -> None:
    """The same letter has two spellings that look alike."""
    assert plain("zoe\u0308") == plain("zo\u00eb") == "zo\u00eb"


def test_full_width_forms_become_ascii() -> None:
    """East Asian keyboards type them; other letters are none of them."""
    assert half_width("\uff21\uff20\uff11\uff0e\uff0b \u00e9\u4f60") == "A@1.+ \u00e9\u4f60"


def test_an_id_that_fits_stays_and_a_longer_one_is_its_digest() -> None:
    """The digest never changes: it is the id under which the customer's profile is found."""
    assert fitting("x" * 255) == "x" * 255
    assert fitting("x" * 256) == "sha256:85e62acd750c4eb56b7b6a1d66dca5bfaac5f062608a1a893410d0288936c09a"


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
    """What ingest accepts must be read by the writer, whatever the stack of either allows."""
    assert json_safe(nested(64)) == nested(64)


@pytest.mark.parametrize("levels", [65, 5_000])
def test_json_that_is_nested_deeper_is_refused(levels: int) -> None:
    """Without a limit of our own, the interpreter's would decide, and differently at each place."""
    with pytest.raises(ValueError, match="nested"):
        json_safe(nested(levels))
