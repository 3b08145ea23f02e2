"""Fields are read from objects and written to profiles."""

import pytest

from customer_profiles_emulator.object_types import parse_object_type, profile_updates
from customer_profiles_emulator.object_types.sources import parse_source
from customer_profiles_emulator.object_types.targets import standard_targets
from customer_profiles_emulator.transport.errors import BadRequestError
from tests.customer_profiles_samples import TYPE, definition

FIELDS = parse_object_type(TYPE, definition()).fields


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("_source.name", "Müller"),
        ("_source.nested.city", "Seattle"),
        ("_source.nested.nothing", None),
        ("_source.name.city", None),
        ("_source.null", None),
        ("_source.yes", "true"),
        ("_source.number", "1234"),
        ("_source.decimal", "1.5"),
        ("{{_source.name}} ({{_source.number}})", "Müller (1234)"),
        ("{{_source.nothing}} {{_source.null}}", None),
    ],
)
def test_a_source_reads_scalars_as_text(source: str, value: str | None) -> None:
    """Profiles hold strings only; what is absent stays absent."""
    read = parse_source(source, "f")
    sample = {
        "name": "Müller",
        "nested": {"city": "Seattle"},
        "null": None,
        "yes": True,
        "number": 1234,
        "decimal": 1.5,
    }

    assert read(sample, "f") == value


@pytest.mark.parametrize("value", [{}, ["a"], "\ud800", float("inf")])
def test_a_source_refuses_what_is_no_text(value: object) -> None:
    """A map on a profile or a broken character in its index would fail much later."""
    with pytest.raises(BadRequestError, match="Field f"):
        parse_source("_source.x", "f")({"x": value}, "f")


def test_only_fields_with_a_target_and_a_value_reach_the_profile() -> None:
    """The endpoint belongs to the object alone."""
    source = {"UserId": "u", "offerName": "30% Off", "endpoint": {"a": 1}}

    assert profile_updates(FIELDS, source) == {"AccountNumber": "u", "Attributes.offerName": "30% Off"}


@pytest.mark.parametrize("value", ["x", "x" * 255])
def test_a_profiles_strings_have_at_most_255_characters(value: str) -> None:
    """The model's limit for attributes and for most fields."""
    assert profile_updates(FIELDS, {"offerName": value}) == {"Attributes.offerName": value}
    with pytest.raises(BadRequestError, match="at most 255"):
        profile_updates(FIELDS, {"offerName": "x" * 256})


def test_an_empty_value_is_absent() -> None:
    """The guide's troubleshooting page: it does not blank out what the profile has, nor refuse the object."""
    assert profile_updates(FIELDS, {"offerName": "", "UserId": "u"}) == {"AccountNumber": "u"}


def test_targets_have_the_models_own_limits() -> None:
    """AdditionalInformation holds a thousand characters, nested address lines 255."""
    assert standard_targets()["AdditionalInformation"] == 1000
    assert standard_targets()["Address.Address1"] == 255
    assert "ProfileId" not in standard_targets()
