"""The values of keys that count as equal."""

from typing import Any

import pytest

from customer_profiles_emulator.object_types import KeyValue, index_value, key_values, parse_object_type
from tests.customer_profiles_samples import TYPE, definition

SAMPLE = parse_object_type(TYPE, definition())


def keys_of(**source: Any) -> list[KeyValue]:
    """The keys of an object of the sample type."""
    return key_values(SAMPLE.keys, source)


@pytest.mark.parametrize(
    ("left", "right", "content_type", "equal"),
    [
        ("Mary@Example.com", "mary@example.COM", "EMAIL_ADDRESS", True),
        ("gruesse@x.de", "grüße@x.de", "EMAIL_ADDRESS", False),
        ("mary@example.com", "mary@example.com ", "EMAIL_ADDRESS", False),
        ("+15551234567", "(555)-123-4567", "PHONE_NUMBER", True),
        ("+4915112345678", "+49 151 12345678", "PHONE_NUMBER", True),
        ("+15551234567", "+15551234568", "PHONE_NUMBER", False),
        ("unknown", "withheld", "PHONE_NUMBER", False),
        ("Mary Major", "MARY MAJOR", "NAME", True),
        ("User1", "user1", "STRING", False),
        ("1", "1.0", "NUMBER", False),
    ],
)
def test_the_content_type_decides_what_is_equal(left: str, right: str, content_type: str, equal: bool) -> None:  # noqa: FBT001
    """The guide: e-mail in any case, phone numbers in any format; the rest exactly."""
    assert (index_value([left], [content_type]) == index_value([right], [content_type])) == equal


def test_values_of_several_fields_do_not_run_together() -> None:
    """("ab", "c") and ("a", "bc") are two customers."""
    types = ["STRING", "STRING"]

    assert index_value(["ab", "c"], types) != index_value(["a", "bc"], types)


def test_empty_keys_are_left_out() -> None:
    """An absent phone number must not match every other absent one."""
    assert [key.key.name for key in keys_of(recordId="r", UserId="u", email="", phone=None)] == [
        "journeyOfferRecordId",
        "_account",
    ]
