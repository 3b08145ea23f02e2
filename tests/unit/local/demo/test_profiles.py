"""What a profile, and an offer on it, say to a person; and by what they are found."""

import json
from typing import Any

import pytest

from engagement.record import Customer
from local.demo.events import Event
from local.demo.profiles import RATE, Offer, customer, identities, offer, paced, read_profiles
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


def test_another_program_s_object_is_shown_with_what_it_has() -> None:
    """The object type is open to any program of the account."""
    assert offer({"recordId": "r", "offerViewed": True}) == Offer("r", "", "", "", "")


def test_a_journey_is_called_by_its_name_if_it_has_one() -> None:
    """Connect campaigns send a name; some events send not even an id."""
    nameless = {name: value for name, value in WRITTEN.items() if name != "journeyId"}
    assert (offer(WRITTEN | {"journeyName": "Autumn"}).journey, offer(nameless).journey) == (
        "journey Autumn",
        "journey",
    )


def event(members: dict[str, Any]) -> Event:
    """Return an event as it is read from a file."""
    return Event("e", json.dumps(members), members, viewed=True)


PINPOINT = event(
    {
        "ApplicationId": "a",
        "CampaignId": "c",
        "Endpoints": {
            "known": {"ChannelType": "EMAIL", "Address": "a@example.com", "User": {"UserId": "u1"}},
            "unknown": {"ChannelType": "EMAIL", "Address": "b@example.com"},
            "nobody": {"ChannelType": "EMAIL"},
        },
    }
)
CONNECT = event({"InvocationMetadata": {}, "Items": {"CustomerProfiles": [{"ProfileId": "p1"}]}})


def test_customers_are_known_as_the_functions_know_them() -> None:
    """Without a record, or with an event that no function takes, there is no profile to look for either."""
    found = [customer.key for customer in identities([PINPOINT, CONNECT, event({"some": "thing"})])]
    assert found == [("user", "u1"), ("email", "b@example.com"), ("profile", "p1")]


class SearchedProfiles:
    """Answers searches with pages of one profile a key; keeps the requests."""

    def __init__(self) -> None:
        self.requests: list[dict[str, Any]] = []

    def search_profiles(self, **request: Any) -> dict[str, Any]:
        """Answer with two pages."""
        self.requests.append(request)
        if "NextToken" in request:
            return {"Items": [{"ProfileId": "second"}]}
        return {"Items": [{"ProfileId": "first"}], "NextToken": "more"}

    def delete_profile_object(self, **_request: Any) -> dict[str, Any]:
        """Nothing is deleted here."""
        raise NotImplementedError

    def list_profile_objects(self, **request: Any) -> dict[str, Any]:
        """Answer with one offer."""
        written = {"recordId": request["ProfileId"]}
        return {"Items": [{"ProfileObjectUniqueKey": "k", "Object": json.dumps(written)}]}


def test_profiles_are_found_by_the_customers_own_keys_on_every_page_and_within_the_quota() -> None:
    """No document says that a UNIQUE key can be searched by; and a page holds twenty unless more is asked for."""
    client, clock = SearchedProfiles(), FakeClock()
    objects = paced(client, "D", "T", clock)  # type: ignore[arg-type] # a fake
    customers = [Customer(user_id="u1", email="a@example.com"), Customer(user_id="u1"), Customer(phone="+12065550100")]
    profiles = list(read_profiles(objects, customers))
    assert [(profile.profile_id, profile.offers[0].record_id) for profile in profiles] == [
        ("first", "first"),
        ("second", "second"),
    ]
    keys = [(request["KeyName"], request["Values"], request.get("NextToken")) for request in client.requests]
    assert keys == [
        ("_account", ["u1"], None),
        ("_account", ["u1"], "more"),
        ("_phone", ["+12065550100"], None),
        ("_phone", ["+12065550100"], "more"),
    ]
    assert clock.elapsed == pytest.approx(3 / RATE)
