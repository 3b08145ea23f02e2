"""Which source's value a profile's field keeps."""

import pytest

from customer_profiles_emulator.object_types import LOWEST_PRIORITY, ObjectType, parse_object_type
from customer_profiles_emulator.precedence import BY_HAND, merged
from tests.customer_profiles_samples import TYPE, definition


def writer(priority: int | None) -> ObjectType:
    """The sample type with a source priority."""
    return parse_object_type(TYPE, definition(**({} if priority is None else {"SourcePriority": priority})))


@pytest.mark.parametrize(
    ("ours", "theirs", "wins"),
    [(1, 2, True), (2, 1, False), (2, 2, True), (None, 9, False), (9, None, True), (None, None, True)],
)
def test_the_higher_priority_keeps_a_field(ours: int | None, theirs: int | None, *, wins: bool) -> None:
    """1 is the highest; among equals the last one wins."""
    holder = LOWEST_PRIORITY if theirs is None else float(theirs)

    fields = merged({"FirstName": ("old", "Other")}, {"FirstName": "new"}, writer(ours), lambda _: holder)

    assert fields == {"FirstName": ("new", TYPE) if wins else ("old", "Other")}


def test_fields_that_nobody_wrote_and_own_fields_are_written() -> None:
    """Priority decides between sources only."""
    before = {"FirstName": ("old", TYPE), "LastName": ("kept", "Other")}

    fields = merged(before, {"FirstName": "new", "BirthDate": "1990"}, writer(None), lambda _: 1.0)

    assert fields == {"FirstName": ("new", TYPE), "LastName": ("kept", "Other"), "BirthDate": ("1990", TYPE)}


@pytest.mark.parametrize(("priority", "value"), [(None, "by hand"), (7, "ingested")])
def test_a_manual_value_yields_only_to_a_type_with_a_priority(priority: int | None, value: str) -> None:
    """The guide's example: an agent's "John" stays unless SourcePriority ranks the type above manual updates."""
    fields = merged({"FirstName": ("by hand", BY_HAND)}, {"FirstName": "ingested"}, writer(priority), lambda _: 1.0)

    assert fields["FirstName"][0] == value
