"""`ops trace`: what is said of a record whose customer is known, and of one whose customer is not."""

from typing import Any

import pytest

from engagement.record import Customer
from ops import application
from ops.errors import UsageError
from ops.exits import Exit
from tests.fakes.deployment import FakeContext
from tests.fakes.shown_profiles import FakeShownProfiles
from tests.fakes.terminal import FakeScreen
from tests.samples import engagement_record
from tests.unit.ops.dlq.parked import park

RECORD = engagement_record(customer=Customer(user_id="user-1", email="mary@example.com"))
WRITTEN = {"message": "record written", "service": "writer", "record_id": RECORD.record_id}


def _place() -> FakeContext:
    return FakeContext(profiles=FakeShownProfiles(), screen=FakeScreen(as_json=True))


def _trace(workplace: FakeContext, *given: str) -> Exit:
    place: Any = workplace
    return application.parse(["trace", *given]).run(place)


@pytest.mark.parametrize("whose", [("--user", "user-1"), ("--email", "MARY@example.com")])
def test_a_record_of_a_named_customer_is_found_on_their_profile(whose: tuple[str, str]) -> None:
    """By any of their keys."""
    place = _place()
    place.profiles.write(RECORD)
    place.profiles.objects["user:user-1"][0]["email"] = whose[1]

    assert _trace(place, RECORD.record_id, *whose) == Exit.FINE
    [found] = place.screen.json["records"]
    assert (found["outcome"], found["profilesNotAsked"]) == ("on profile", None)


def test_without_the_customer_no_profile_is_said_to_lack_the_record() -> None:
    """The logs hold nothing personal: they show that it was written, and not on which profile."""
    place = _place()
    place.profiles.write(RECORD)
    place.resources.lines["WriterLogGroup"] = [WRITTEN]

    assert _trace(place, RECORD.record_id) == Exit.PROBLEMS
    [found] = place.screen.json["records"]
    assert found["outcome"] == "written"
    assert "--user" in found["profilesNotAsked"]


def test_a_parked_message_says_whose_record_it_is() -> None:
    """It was parked, sent again and written, and one copy is still parked: the profile counts."""
    place = _place()
    park(place.queues, record=RECORD)
    place.profiles.write(RECORD)

    assert _trace(place, RECORD.record_id) == Exit.FINE
    assert place.screen.json["records"][0]["outcome"] == "on profile"


def test_a_parked_message_that_cannot_be_read_names_nobody() -> None:
    """Its id is in the attributes; whose it is cannot be known."""
    place = _place()
    park(place.queues, "no record", record_id=RECORD.record_id)

    assert _trace(place, RECORD.record_id) == Exit.PROBLEMS
    [found] = place.screen.json["records"]
    assert (found["outcome"], bool(found["profilesNotAsked"])) == ("parked", True)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["f" * 32], "no profile was asked: only the customer's own keys find it"),
        (["f" * 32, "--user", "user-1"], "nor on the customer's profiles"),
        ([], "give a record id, or whose records"),
        (["--email", "mary"], "'mary' is no e-mail address"),
        (["--phone", "mary"], "'mary' is no phone number"),
        (["--profile-id", ""], "a profile id has 1 to 255 characters"),
    ],
)
def test_what_cannot_be_looked_for_is_said(given: list[str], said: str) -> None:
    """What was not asked is never said to be absent."""
    with pytest.raises(UsageError, match=said):
        _trace(_place(), *given)


def test_every_record_of_a_customer_is_told_without_a_record_id() -> None:
    """What is parked, and what is on the profile."""
    place = _place()
    place.profiles.write(RECORD)
    park(place.queues, record=engagement_record(customer=RECORD.customer, offer_name="another"))

    assert _trace(place, "--email", "mary@example.com") == Exit.PROBLEMS
    assert [found["outcome"] for found in place.screen.json["records"]] == ["parked", "on profile"]
