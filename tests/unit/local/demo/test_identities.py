"""By what the demo finds the customers of its events."""

import json
from typing import Any

from engagement.record import Customer
from local.demo.events import Event
from local.demo.identities import identities
from local.demo.queues import Time
from local.demo.reading import ProfileReader
from tests.fakes.clock import FakeClock


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
    """Whoever has no record, and an event that no function takes, has no profile to look for either."""
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

    def list_profile_objects(self, **request: Any) -> dict[str, Any]:
        """Answer with one offer."""
        return {"Items": [{"Object": json.dumps({"recordId": request["ProfileId"]})}]}


def test_profiles_are_found_by_the_customers_own_keys_on_every_page() -> None:
    """No document says that a UNIQUE key can be searched by; and a page holds twenty unless more is asked for."""
    client, clock = SearchedProfiles(), FakeClock()
    reader = ProfileReader(client, "D", "T", Time(clock.monotonic, clock.sleep))  # type: ignore[arg-type] # a fake
    customers = [Customer(user_id="u1", email="a@example.com"), Customer(user_id="u1"), Customer(phone="+12065550100")]
    profiles = list(reader.profiles(customers))
    assert [(profile.profile_id, profile.offers[0].record_id) for profile in profiles] == [
        ("first", "first"),
        ("second", "second"),
    ]
    first, second = client.requests
    assert (first["KeyName"], first["Values"], first["LogicalOperator"]) == ("_account", ["u1"], "OR")
    assert first["AdditionalSearchKeys"] == [{"KeyName": "_phone", "Values": ["+12065550100"]}]
    assert second["NextToken"] == "more"
