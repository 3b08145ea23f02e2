"""What a profile, and an offer on it, say to a person; and how calls are spread in time."""

import pytest

from local.demo.queues import Time
from local.demo.reading import Offer, Pace, customer, offer
from tests.fakes.clock import FakeClock

WRITTEN = {
    "recordId": "r",
    "offerName": "Coffee",
    "offerViewed": "false",
    "engagedAt": "2026-10-05T09:00:00.000Z",
    "journeyKind": "journey",
    "journeyId": "0123456789abcdef",
}


@pytest.mark.parametrize(
    ("profile", "shown"),
    [
        ({"FirstName": "Zoë", "LastName": "Müller", "AccountNumber": "1"}, "Zoë Müller"),
        ({"LastName": "Müller"}, "Müller"),
        ({"AccountNumber": "1", "EmailAddress": "a@example.com"}, "1"),
        ({"EmailAddress": "a@example.com", "PhoneNumber": "+12065550100"}, "a@example.com"),
        ({"PhoneNumber": "+12065550100"}, "+12065550100"),
        ({}, "profile 01234567"),
    ],
)
def test_a_profile_is_called_by_the_best_that_is_known(profile: dict[str, str], shown: str) -> None:
    """A customer may have written from an address alone."""
    assert customer({"ProfileId": "0123456789", **profile}) == shown


def test_an_offer_is_read_as_it_was_written() -> None:
    """Nothing is shown that is not in the object."""
    assert offer(WRITTEN) == Offer("r", "Coffee", "false", "2026-10-05T09:00:00.000Z", "journey 01234567")


def test_somebody_else_s_object_is_shown_with_what_it_has() -> None:
    """The object type is open to any program of the account."""
    assert offer({"recordId": "r", "offerViewed": True}) == Offer("r", "", "", "", "")


def test_a_journey_is_called_by_its_name_where_it_has_one() -> None:
    """Connect campaigns send a name; some events send not even an id."""
    nameless = {name: value for name, value in WRITTEN.items() if name != "journeyId"}
    assert (offer(WRITTEN | {"journeyName": "Autumn"}).journey, offer(nameless).journey) == (
        "journey Autumn",
        "journey",
    )


def test_calls_keep_their_rate() -> None:
    """The quota is shared with everything else in the account."""
    clock = FakeClock()
    pace = Pace(Time(clock.monotonic, clock.sleep), rate=10)
    for _ in range(21):
        pace.wait()
    assert clock.elapsed == pytest.approx(2.0)
    clock.advance(60)
    pace.wait()
    assert clock.elapsed == pytest.approx(62.0)
