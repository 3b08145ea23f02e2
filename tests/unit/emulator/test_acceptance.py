"""What is checked before a 200."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from customer_profiles_emulator.acceptance import accept
from customer_profiles_emulator.object_types import parse_object_type
from customer_profiles_emulator.transport.errors import BadRequestError
from tests.customer_profiles_samples import TYPE, definition, stringified

SAMPLE = parse_object_type(TYPE, definition())


def test_an_accepted_object_keeps_its_own_text() -> None:
    """ListProfileObjects gives back what was put, byte for byte."""
    text = '{"recordId":  "r", "UserId": "\\u00fc"}'

    assert accept(SAMPLE, text).text == text


def test_the_same_unique_values_give_the_same_key() -> None:
    """Redelivery must replace, whatever else changed."""
    first = accept(SAMPLE, stringified(recordId="r", UserId="u"))
    second = accept(SAMPLE, stringified(recordId="r", UserId="v", offerName="x"))

    assert first.unique_key == second.unique_key
    assert 1 <= len(first.unique_key) <= 255


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[]", "not a JSON object"),
        ("null", "not a JSON object"),
        ("{", "not valid JSON"),
        (stringified(UserId="u"), "UNIQUE key is empty"),
        (stringified(recordId="", UserId="u"), "UNIQUE key is empty"),
        (stringified(recordId="r"), "PROFILE key is empty"),
        (stringified(recordId="r", UserId="", email=None), "PROFILE key is empty"),
        (stringified(recordId={"a": 1}, UserId="u"), "Field recordId"),
        (stringified(recordId="r", UserId="u" * 256), "Field UserId"),
        ('{"recordId": "r", "UserId": "\\ud800"}', "lone surrogate"),
    ],
)
def test_an_object_that_could_not_be_kept_is_refused_at_once(text: str, reason: str) -> None:
    """The caller can still park it with a reason; later, only the domain's dead-letter queue learns of it."""
    with pytest.raises(BadRequestError, match=reason):
        accept(SAMPLE, text)


@settings(deadline=None)
@given(st.text(max_size=40))
def test_any_text_is_accepted_or_refused(text: str) -> None:
    """Nothing that arrives as an object may become a defect of the emulator."""
    with pytest.raises(BadRequestError):
        accept(SAMPLE, text)
