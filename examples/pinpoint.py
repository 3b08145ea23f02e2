"""The sample journeys as Amazon Pinpoint would send them: three journeys and a campaign."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from examples.people import PLACES, Dice, Person, batches, digest, names, uuid

ENDPOINTS_AN_EVENT = 50
"""What Pinpoint puts into one invocation."""
APPLICATION = "71b0f21869ac444eb0185d43539b97ea"
PEOPLE = 240
VIEWED = "viewed"
NOT_VIEWED = "not-viewed"


def people() -> list[Person]:
    """Return everybody of the sample. A few have endpoints that belong to no user."""
    everybody = []
    for number in range(1, PEOPLE + 1):
        dice = Dice(f"pinpoint {number}")
        everybody.append(Person(number, *names(dice), dice.pick(PLACES), has_user=not dice.chance(0.08)))
    return everybody


@dataclass(frozen=True, slots=True)
class Activity:
    """One step of a journey, or one run of a campaign: what all of its events have in common."""

    name: str
    folder: str
    members: Mapping[str, Any]

    def events(self, endpoints: Sequence[tuple[str, Any]]) -> Iterator[tuple[str, Any]]:
        """Yield the path and the event of each invocation."""
        for number, batch in enumerate(batches(endpoints, ENDPOINTS_AN_EVENT), start=1):
            path = f"pinpoint-journey/{self.folder}/{self.name}-{number:02}.json"
            yield path, {"Message": {}, **self.members, "ApplicationId": APPLICATION, "Endpoints": dict(batch)}


def journey(label: str, step: str, scheduled: str | None = None) -> dict[str, str]:
    """Return the members by which a journey's event names itself; none but JourneyId is seen in public handlers."""
    members = {"JourneyId": digest("journey", label)[:32], "JourneyActivityId": digest("step", label, step)[:10]}
    if scheduled is not None:
        members |= {"JourneyRunId": digest("run", label, scheduled)[:32], "ScheduledTime": scheduled}
    return members


def endpoint(person: Person, channel: str, address: str) -> tuple[str, dict[str, Any]]:
    """Return an endpoint's id and content."""
    dice = Dice(f"endpoint {person.number} {channel}")
    content: dict[str, Any] = {
        "ChannelType": channel,
        "Address": address,
        "EndpointStatus": "INACTIVE" if dice.chance(0.04) else "ACTIVE",
        "OptOut": "ALL" if dice.chance(0.06) else "NONE",
        "RequestId": uuid("request", person.number, channel),
        "Location": person.place,
        "Demographic": demographic(dice, channel),
        "EffectiveDate": f"2026-0{1 + person.number % 9}-{1 + person.number % 28:02}T08:15:00.000Z",
        "Attributes": {
            "Plan": [dice.pick(("basic", "plus", "family"))],
            "Interests": ["travel", "música", "映画"][: 1 + person.number % 3],
        },
        "Metrics": {"visits": float(person.number % 17), "basketValue": 19.5 + person.number},
        "CohortId": str(person.number % 100),
        "CreationDate": "2025-11-02T10:20:30.400Z",
    }
    if person.has_user:
        content["User"] = {
            "UserId": person.user_id,
            "UserAttributes": {"FirstName": [person.given], "LastName": [person.family]},
        }
    return digest("endpoint", person.number, channel)[:24], content


def demographic(dice: Dice, channel: str) -> dict[str, str]:
    """Return what is known of a device."""
    if channel in {"APNS", "GCM"}:
        make = "Apple" if channel == "APNS" else "Google"
        return {
            "Make": make,
            "Platform": "ios" if channel == "APNS" else "android",
            "AppVersion": "7.3.1",
            "Locale": "en_GB",
        }
    return {
        "Locale": dice.pick(("en_US", "de_DE", "cy_GB", "ja_JP", "pt_BR")),
        "Timezone": dice.pick(("Europe/Berlin", "America/Chicago")),
    }


def email(person: Person) -> tuple[str, Any]:
    """Return the person's e-mail endpoint, a few of them spelt carelessly."""
    spelt = person.email.title() if person.number % 29 == 0 else person.email
    return endpoint(person, "EMAIL", f" {spelt} " if person.number % 31 == 0 else spelt)


def text_message(person: Person) -> tuple[str, Any]:
    """Return the person's SMS endpoint, a few of them with separators."""
    spelt = f"{person.phone[:-4]} {person.phone[-4:]}" if person.number % 23 == 0 else person.phone
    return endpoint(person, "SMS", spelt)


def voice(person: Person) -> tuple[str, Any]:
    """Return the person's telephone."""
    return endpoint(person, "VOICE", person.phone)


def push(person: Person) -> tuple[str, Any]:
    """Return the person's mobile device."""
    return endpoint(person, "APNS" if person.number % 2 else "GCM", digest("device token", person.number))


def custom(person: Person) -> tuple[str, Any]:
    """Return the person's address in a channel of the company's own; some look like a phone number or an e-mail."""
    address = (person.phone, person.email, f"messenger:{person.number}")[person.number % 3]
    return endpoint(person, "CUSTOM", address)


def nameless() -> list[tuple[str, Any]]:
    """Return endpoints that identify no customer: they are parked."""
    nobody = [Person(900 + number, "", "", PLACES[5], has_user=False) for number in range(4)]
    address_lost = endpoint(nobody[0], "EMAIL", "not an address")
    no_address = endpoint(nobody[3], "SMS", "")
    del no_address[1]["Address"]
    no_address[1]["User"] = {}
    return [address_lost, push(nobody[1]), endpoint(nobody[2], "CUSTOM", "messenger:902"), no_address]


def malformed() -> tuple[str, Any]:
    """Return an endpoint whose address is of the wrong type: it is parked, its neighbours are not."""
    endpoint_id, content = email(Person(904, "", "", PLACES[5], has_user=False))
    return endpoint_id, content | {"Address": {"email": "customer.0904@example.com"}}


def events() -> Iterator[tuple[str, Any]]:
    """Yield the events of three journeys and a campaign, each offer named in another way."""
    everybody = people()
    renewal = {"Data": json.dumps({"offerName": "30% Off Renewal", "team": "retention"})}
    sent = "2026-10-05T09:00:00.000Z"
    openers = [person for person in everybody if Dice(f"open {person.number}").chance(0.42)]
    others = [person for person in everybody if person not in openers]
    yield from Activity("renewal", VIEWED, {**journey("renewal", "opened", sent), **renewal}).events(
        [email(person) for person in openers]
    )
    yield from Activity("renewal", NOT_VIEWED, {**journey("renewal", "not opened", sent), **renewal}).events(
        [email(person) for person in others] + nameless()[:2] + [malformed()]
    )

    # a reminder by other channels, to all of a customer's endpoints: several of one user are one customer
    reminded = others[:40]
    loyal = {**journey("loyalty", "reminder"), "Data": "Ein Kaffee aufs Haus ☕"}
    yield from Activity("loyalty", VIEWED, loyal).events(
        [text_message(person) for person in reminded[:22]] + [push(person) for person in reminded[:12]]
    )
    yield from Activity("loyalty", NOT_VIEWED, loyal).events(
        [voice(person) for person in reminded[22:]]
        + [push(person) for person in reminded[30:]]
        + [custom(person) for person in reminded[25:]]
        + nameless()[2:]
    )

    # the template's OfferName, since the custom data names none
    yield from Activity(
        "win-back",
        NOT_VIEWED,
        {**journey("win back", "no answer", "2026-10-12T16:30:00Z"), "Data": json.dumps({"team": "retention"})},
    ).events([text_message(person) for person in openers[:18]])

    # a campaign, whose custom data arrives as an object
    campaign = {
        "CampaignId": digest("campaign")[:32],
        "TreatmentId": "0",
        "ActivityId": digest("campaign activity")[:32],
        "ScheduledTime": "2026-10-19T07:45:12.345Z",
        "Data": {"offerName": "Autumn upgrade: 2 for 1"},
    }
    yield from Activity("autumn-campaign", VIEWED, campaign).events([email(person) for person in openers[10:30]])
