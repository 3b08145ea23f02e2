"""Which profiles a campaign takes for granted, and its events with the domain's own ids."""

import json
from typing import Any

from local.demo.events import Event
from local.demo.seeding import customers, renamed


def event(*profiles: object) -> Event:
    """Return a Connect event with these profiles."""
    members: dict[str, Any] = {"Items": {"CustomerProfiles": list(profiles)}}
    return Event("e", json.dumps(members), members, viewed=True)


def profile(profile_id: object, data: object = None) -> dict[str, Any]:
    """Return one profile of an event, its data a JSON string as Connect sends it."""
    return {"ProfileId": profile_id, "CustomerData": json.dumps(data)}


def test_a_profile_is_known_by_what_travels_with_it() -> None:
    """Only what a profile can hold is taken: a stranger's data must not end the demo."""
    data = {"firstName": "Zoë", "lastName": "", "phoneNumber": 7, "emailAddress": "x" * 256, "attributes": {}}
    assert customers(event(profile("p", data), profile("q"))) == {"p": {"firstName": "Zoë"}, "q": {}}


def test_what_names_no_profile_is_left_alone() -> None:
    """The function will park it, with its reason."""
    strange = event(profile(None), profile(""), None, {"ProfileId": "p", "CustomerData": "{"})
    assert customers(strange) == {"p": {}}
    assert customers(Event("e", "{}", {"Items": []}, viewed=True)) == {}
    assert renamed(strange, {}) is strange


def test_an_event_is_sent_with_the_domain_s_ids() -> None:
    """A sample's ids exist in no domain; nothing else of the event changes."""
    before = event(profile("p", {"profileId": "p", "firstName": "Zoë"}), profile("q", {"profileId": "other"}), None)
    after = renamed(before, {"p": "P", "q": "Q"})
    assert (
        after.members
        == json.loads(after.text)
        == {
            "Items": {
                "CustomerProfiles": [
                    profile("P", {"profileId": "P", "firstName": "Zoë"}),
                    profile("Q", {"profileId": "other"}),
                    None,
                ]
            }
        }
    )
