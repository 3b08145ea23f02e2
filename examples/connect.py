"""The sample campaign as Amazon Connect outbound campaigns would send it: a Custom action block on each branch."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from examples.people import PLACES, Dice, Person, batches, digest, names, uuid

PROFILES = 60
PROFILES_AN_EVENT = 20


def events() -> Iterator[tuple[str, Any]]:
    """Yield the events of one campaign."""
    everybody = [
        Person(number, *names(Dice(f"connect {number}")), PLACES[0], has_user=True)
        for number in range(301, 301 + PROFILES)
    ]
    split = PROFILES // 3
    for viewed, segment in ((True, everybody[:split]), (False, everybody[split:])):
        folder, action = ("viewed", "Opened the e-mail") if viewed else ("not-viewed", "Did not open the e-mail")
        for number, batch in enumerate(batches(segment, PROFILES_AN_EVENT), start=1):
            yield f"connect-campaign/{folder}/autumn-{number:02}.json", _event(action, batch)


def profile_id(person: Person) -> str:
    """Return the id that Customer Profiles would have given; in a domain of one's own it is another."""
    return digest("profile", person.number)[:32]


def _event(action: str, batch: Iterable[Person]) -> dict[str, Any]:
    """Return one invocation of a Custom action block."""
    campaign_id = uuid("connect campaign")
    return {
        "InvocationMetadata": {
            "CampaignContext": {
                "CampaignId": campaign_id,
                "RunId": f"{campaign_id}#2026-11-09T10-04-00Z",
                "ActionId": action,
                "CampaignName": "Autumn renewal",
            }
        },
        "Items": {
            "CustomerProfiles": [
                {
                    "ProfileId": profile_id(person),
                    "CustomerData": customer_data(person),
                    "IdempotencyToken": digest("token", action, person.number),
                }
                for person in batch
            ]
        },
    }


def customer_data(person: Person) -> str:
    """Return the JSON string that travels with a profile; one in five holds only its id and attributes."""
    data: dict[str, Any] = {"profileId": profile_id(person), "attributes": {"appUserId": f"app-{person.number}"}}
    if person.number % 5:
        data |= {
            "firstName": person.given,
            "lastName": person.family,
            "emailAddress": person.email,
            "accountNumber": person.user_id,
        }
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))
