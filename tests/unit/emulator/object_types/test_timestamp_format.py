"""SimpleDateFormat, as far as a mapping's timestamp needs it."""

import pytest

from customer_profiles_emulator.object_types.timestamp_format import compile_format


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("EpochMilli", "1764079200000"),
        ("yyyy-MM-dd'T'HH:mm:ss'Z'", "2026-11-25T14:00:00Z"),
        ("yyyy-MM-dd'T'HH:mm:ss", "2026-1-5T4:0:0"),
        ("yyyy-MM-dd'T'HH:mm:ss.SSSXXX", "2026-11-25T14:00:00.123+01:00"),
        ("yyyy-MM-dd'T'HH:mm:ssX", "2026-11-25T14:00:00Z"),
        ("yyyyMMddHHmmss", "20261125140000"),
        ("EEE, d MMM yyyy HH:mm:ss Z", "Wed, 25 Nov 2026 14:00:00 +0100"),
        ("MMMM d, yyyy h:mm a", "November 25, 2026 2:00 PM"),
        ("hh 'o''clock' a, zzzz", "12 o'clock PM, Pacific Daylight Time"),
        ("''yyyy", "'2026"),
    ],
)
def test_a_value_follows_its_format(text: str, value: str) -> None:
    """Java's own examples, and those of the guide; a number may be shorter than its letters."""
    follows = compile_format(text)

    assert follows is not None
    assert follows(value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("EpochMilli", "2026-11-25"),
        ("yyyy-MM-dd", "25.11.2026"),
        ("yyyyMMddHHmmss", "202611"),
        ("MMM d", "11 25"),
        ("yyyy-MM-dd'T'HH", "2026-11-25 14"),
    ],
)
def test_another_value_does_not(text: str, value: str) -> None:
    """The service could not read it."""
    follows = compile_format(text)

    assert follows is not None
    assert not follows(value)


@pytest.mark.parametrize("text", ["epochmilli", "yyyy-MM-ddTHH:mm", "yyyy'T", "XXXX", "b", ""])
def test_a_pattern_that_java_would_refuse_is_none(text: str) -> None:
    """An unknown letter, an open quote, too many letters of a zone."""
    assert compile_format(text) is None
