import math
from typing import Any

import pytest

from ingest.fields.journey import MAX_CONTEXT, MAX_CONTEXT_TEXT, context_of, journey_id, journey_name


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
    scalars = {"text": '{\n\t"offerName": "30\u00a0%"}', "number": -5, "yes": True, "long": "x" * MAX_CONTEXT_TEXT}

    assert context_of(scalars) == scalars


@pytest.mark.parametrize(
    "members",
    [
        {"map": {}},
        {"list": []},
        {"none": None},
        {"float": 1.5},
        {"huge": 10**400},
        {"long": "x" * (MAX_CONTEXT_TEXT + 1)},
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

    assert len(context_of(members)) == MAX_CONTEXT // 100
