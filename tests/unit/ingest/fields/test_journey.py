import math
from hashlib import sha256
from typing import Any

import pytest

from ingest.fields.journey import context_of, journey_id, journey_name


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (" a \n b ", "a b"),
        ("", None),
        (" ", None),
        (None, None),
        (5, "5"),
        (True, None),
        ("a\x00", None),
        ("x" * 256, None),
    ],
)
def test_an_optional_member_is_text_or_absent(value: object, text: str | None) -> None:
    """No document promises it: a journey that sends another type must not lose its customers."""
    assert journey_name(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (" a \n b ", "a b"),
        ("x" * 255, "x" * 255),
        (0, "0"),
        (1759654800000, "1759654800000"),
        (5.0, "5"),
        (1.5, "1.5"),
        (-7, "-7"),
        ("", None),
        (" \t", None),
        (None, None),
        ([], None),
        ({}, None),
    ],
)
def test_an_id_is_text_or_absent(value: object, text: str | None) -> None:
    """A caller whose ids are numbers has runs like any other."""
    assert journey_id(value) == text


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("x" * 256, "x" * 257),
        ("a\x00", "b\x00"),
        ("\ud800", "\ud801"),
        (True, False),
        (["a"], ["b"]),
        ({"run": 1}, {"run": 2}),
        (10**200, 10**201),
        (1e300, 1e301),
        (math.inf, -math.inf),
    ],
)
def test_two_ids_that_no_record_can_hold_stay_two(one: object, other: object) -> None:
    """Taken for absent, two runs would be one, and the later offer would replace the earlier."""
    found = (journey_id(one), journey_id(other))

    assert None not in found
    assert found[0] != found[1]
    assert all(len(str(text)) <= 255 for text in found)
    assert found == (journey_id(one), journey_id(other))


@pytest.mark.parametrize("levels", [100_000])
def test_an_id_that_nothing_can_write_is_an_id_all_the_same(levels: int) -> None:
    """A few bytes of brackets must not fail the event."""
    value: Any = []
    for _ in range(levels):
        value = [value]

    assert journey_id(value) is not None
    assert journey_id(10**5_000) is not None


def test_the_members_of_an_id_have_no_order() -> None:
    """JSON's objects have none."""
    assert journey_id({"a": 1, "b": 2}) == journey_id({"b": 2, "a": 1})


def test_scalars_are_kept_as_context() -> None:
    """What Pinpoint sends beyond the documents may matter to the marketer."""
    scalars = {"text": '{\n\t"offerName": "30\u00a0%"}', "number": -5, "yes": True, "long": "x" * 5_120}

    assert context_of(scalars) == scalars


@pytest.mark.parametrize(
    "members",
    [
        {"map": {}},
        {"list": []},
        {"none": None},
        {"float": 1.5},
        {"huge": 10**400},
        {"long": "x" * 5_121},
        {"half": "\ud800"},
        {"na\x00me": "a"},
        {"": "a"},
    ],
)
def test_what_cannot_travel_is_no_context(members: dict[str, Any]) -> None:
    """The whole event is nowhere kept; each record carries its context."""
    assert context_of(members) == {}


def test_context_has_a_limit_as_a_whole() -> None:
    """It travels with every record: thousands of members on thousands of customers would exhaust the memory."""
    members = {f"name{number:04}": "x" * 92 for number in range(10_000)}

    assert len(context_of(members)) == 163, "of 100 characters each, in 16 KiB"


@pytest.mark.parametrize(("characters", "kept"), [(4_095, 4), (4_096, 3)])
def test_context_may_fill_its_limit_to_the_last_character(characters: int, kept: int) -> None:
    """16 KiB, the names included: four members of 4 KiB fit, and with one character more one of them does not."""
    members = dict.fromkeys("abcd", "x" * characters)

    assert len(context_of(members)) == kept


@pytest.mark.parametrize(("number", "kept"), [(2**64 - 1, True), (-(2**64 - 1), True), (2**64, False)])
def test_a_whole_number_of_64_bits_is_context(number: int, kept: bool) -> None:  # noqa: FBT001 - a column of the table
    """A longer one is no id or count, and other systems would change it."""
    assert bool(context_of({"number": number})) is kept


@pytest.mark.parametrize(
    ("value", "text"),
    [(2.0**53 - 1, "9007199254740991"), (2.0**53, "9007199254740992.0"), (2**512 - 1, str(2**512 - 1))],
)
def test_a_number_is_its_digits_as_far_as_they_are_known(value: float, text: str) -> None:
    """From 2^53 on a float may have lost digits: it stays a float, so that it is no other number's text."""
    assert journey_id(value) == text
    assert str(journey_id(2**512)).startswith("sha256:")


def test_an_id_of_other_types_is_the_digest_of_its_json() -> None:
    """The id must stay the same for ever: it is a part of the record's id."""
    assert journey_id({"b": [1], "a": None}) == "sha256:" + sha256(b'{"a": null, "b": [1]}').hexdigest()
    assert journey_id("x" * 256) == "sha256:" + sha256(b"x" * 256).hexdigest()
