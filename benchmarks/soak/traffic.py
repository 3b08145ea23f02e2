"""What a soak sends, and what must become of each customer: written as one object, or parked for one reason.

The expectations are derived from the events alone, by the contracts, and never by the functions' own code: a mistake
in the functions must not be a mistake in what they are held against.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from local.demo.events import Event

APPLICATION = "71b0f21869ac444eb0185d43539b97ea"
DEFAULT_OFFER = "30% Off Renewal"
BEGIN = datetime(2026, 11, 1, 9, tzinfo=UTC)
NAMES = ("Mary Major", "Zoë Müller", "渡辺 直美", "Łukasz Żak", "O'Brien, Sinéad")
OFFERS: tuple[tuple[object, str], ...] = (
    (None, DEFAULT_OFFER),
    ('{"offerName": "Spring: two for one"}', "Spring: two for one"),
    ("  Früh\tbucher  ", "Früh bucher"),
    ('{"segment": "north"}', DEFAULT_OFFER),
)
"""What the marketer typed into the activity, and the offer that it names."""
PAST_OBJECT = 260_000
"""Characters of an attribute with which the record fits a message, but the object not the service's 256,000."""
PAST_MESSAGE = 1_100_000
"""Characters of an attribute with which the record does not fit a message of 1,048,576 bytes."""
PARKED_WHOLE = 1_048_576 - 4_096
"""Bytes of an event of one customer that is parked as it came; a longer one is named by its size and digest."""


@dataclass(frozen=True, slots=True)
class Customer:
    """One customer of one event, and where they must end.

    Attributes:
        key: The endpoint's or profile's id.
        written: The members of the object that must be written, but for those that only the functions know.
        parked: Otherwise the reason for which they must be parked.
        parked_body: What ingest must park, as JSON with sorted members; None if the writer parks the record.
        profile_id: The profile that the object must be attached to, if the event names one.
    """

    key: str
    written: Mapping[str, Any] | None = None
    parked: str | None = None
    parked_body: str | None = None
    profile_id: str | None = None


@dataclass(frozen=True, slots=True)
class Sending:
    """One event, with what must become of its customers.

    Attributes:
        event: As it is sent.
        customers: In the event's order.
        times: How often the journey sends it.
    """

    event: Event
    customers: Sequence[Customer]
    times: int = 1


@dataclass(frozen=True, slots=True)
class Poison:
    """A message that another program put into the queue, and the reason for which it must be parked."""

    body: str
    reason: str


@dataclass(frozen=True, slots=True)
class Traffic:
    """All that is sent while one fault profile is in force."""

    sendings: Sequence[Sending]
    poison: Sequence[Poison]

    @property
    def customers(self) -> int:
        """How many customers are sent, repeats of their events not counted."""
        return sum(len(sending.customers) for sending in self.sendings)


@dataclass(frozen=True, slots=True)
class _Occasion:
    """One event's number, its place in time, and which branch of the journey it is."""

    name: str
    number: int
    viewed: bool

    @property
    def at(self) -> str:
        return (BEGIN + timedelta(seconds=self.number)).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def large_event(name: str, records: int) -> Traffic:
    """Return one event of a Pinpoint journey with all the customers, which the journey sends once."""
    occasion = _Occasion(name, 1, viewed=True)
    sending = _pinpoint(occasion, records, ())
    return Traffic([replace(sending, times=1)], [])


def traffic(name: str, records: int, profile_ids: Sequence[str]) -> Traffic:
    """Return events with ``records`` customers in all, and a few foreign messages.

    Args:
        name: Of the fault profile; it makes ids of customers and journeys unlike those of other profiles.
        records: At least 10.
        profile_ids: Profiles that exist, which campaigns of Connect may name.
    """
    sendings = [_with_a_broken_offer(name)]
    left = records - len(sendings[0].customers)
    number = 0
    while left > 0:
        occasion = _Occasion(name, number, viewed=number % 2 == 0)
        make, most = (_connect, 25) if number % 5 == 3 else (_pinpoint, 50)  # noqa: PLR2004 - every fifth, from the fourth
        sendings.append(make(occasion, min(most, left), profile_ids))
        left -= len(sendings[-1].customers)
        number += 1
    return Traffic(sendings, _poison(name))


def canonical(document: object) -> str:
    """Return JSON that is the same for equal documents."""
    return json.dumps(document, sort_keys=True, separators=(",", ":"))


def _sending(occasion: _Occasion, members: Mapping[str, Any], customers: Sequence[Customer]) -> Sending:
    name = f"{occasion.name}/{occasion.number}"
    event = Event(name, json.dumps(members), members, viewed=occasion.viewed)
    return Sending(event, customers, times=2 if occasion.number % 10 == 1 else 1)


def _pinpoint(occasion: _Occasion, size: int, _profile_ids: Sequence[str]) -> Sending:
    data, offer = OFFERS[occasion.number % len(OFFERS)]
    envelope, journey = (_campaign if occasion.number % 3 == 2 else _journey)(occasion)  # noqa: PLR2004 - every third
    if data is not None:
        envelope["Data"] = data
    expected = {**journey, "offerName": offer, "offerViewed": _flag(occasion), "engagedAt": occasion.at}
    endpoints: dict[str, Any] = {}
    customers: list[Customer] = []
    for position in range(size):
        key = f"{occasion.name}-{occasion.number}-{position}"
        endpoint, identity = _endpoint(occasion, position)
        endpoints[key] = endpoint
        reduced = {**envelope, "Endpoints": {key: endpoint}}
        customers.append(_expected(key, reduced, endpoint, identity, expected))
    return _sending(occasion, {**envelope, "Endpoints": endpoints}, customers)


def _journey(occasion: _Occasion) -> tuple[dict[str, Any], dict[str, str]]:
    named = {"ApplicationId": APPLICATION, "JourneyId": f"{occasion.name}-journey-{occasion.number}"}
    run, step = f"run-{occasion.number}", "viewed" if occasion.viewed else "not-viewed"
    envelope = {**named, "JourneyRunId": run, "JourneyActivityId": step, "ScheduledTime": occasion.at, "Message": {}}
    expected = {"journeyKind": "journey", "journeyId": named["JourneyId"], "journeyRunId": run, "journeyStepId": step}
    return envelope, {**expected, "source": "pinpoint", "applicationId": APPLICATION}


def _campaign(occasion: _Occasion) -> tuple[dict[str, Any], dict[str, str]]:
    campaign, activity = f"{occasion.name}-campaign-{occasion.number}", f"activity-{occasion.number}"
    named = {"ApplicationId": APPLICATION, "CampaignId": campaign, "ActivityId": activity, "TreatmentId": "0"}
    expected = {"journeyKind": "campaign", "journeyId": campaign, "journeyRunId": activity}
    return {**named, "ScheduledTime": occasion.at}, {**expected, "source": "pinpoint", "applicationId": APPLICATION}


def _endpoint(occasion: _Occasion, position: int) -> tuple[Any, dict[str, str] | str]:
    """Return an endpoint, and what identifies its customer, or the reason for which they must be parked."""
    if (fault := _bad_endpoint(occasion, position)) is not None:
        return fault
    # two events in a row have the same customers: an agent sees both offers on each
    person = f"{occasion.name}-{occasion.number // 2}-{position}"
    user, email = f"user-{person}", f"{person}@example.com"
    phone = f"+4479{occasion.number // 2 % 100_000:05d}{position:03d}"
    extra = {"Attributes": {"Name": [NAMES[position % len(NAMES)]]}, "OptOut": "NONE", "Metrics": {"visits": 3.5}}
    kinds: tuple[tuple[dict[str, Any], dict[str, str]], ...] = (
        ({"ChannelType": "EMAIL", "Address": email, "User": {"UserId": user}}, {"UserId": user, "email": email}),
        ({"ChannelType": "SMS", "Address": phone}, {"phone": phone}),
        ({"ChannelType": "VOICE", "Address": phone, "User": {"UserId": user}}, {"UserId": user, "phone": phone}),
        ({"ChannelType": "EMAIL", "Address": email}, {"email": email}),
        ({"ChannelType": "GCM", "Address": "token", "User": {"UserId": user}}, {"UserId": user}),
        ({"ChannelType": "CUSTOM", "Address": phone, "User": {"UserId": user}}, {"UserId": user, "phone": phone}),
    )
    endpoint, identity = kinds[position % len(kinds)]
    size = {2: PAST_OBJECT, 3: PAST_MESSAGE}.get(position, 0) if occasion.number % 20 == 0 else 0
    if size == 0:
        return {**endpoint, **extra}, identity
    reason = "object_too_large" if size == PAST_OBJECT else "record_too_large"
    return {**endpoint, "Attributes": {"Blob": ["x" * size]}}, reason


def _bad_endpoint(occasion: _Occasion, position: int) -> tuple[Any, str] | None:
    bad: dict[int, tuple[Any, str]] = {
        7: ({"ChannelType": "GCM", "Address": "token-of-nobody"}, "no_identity"),
        17: ({"ChannelType": "EMAIL", "Address": "no address"}, "unreadable_identity"),
        23: (["not", "a", "map", occasion.number], "malformed_customer"),
        37: ({"ChannelType": "SMS", "User": {"UserId": [occasion.number]}}, "malformed_customer"),
    }
    return bad.get(position) if occasion.number % 2 == 0 else None


def _expected(
    key: str,
    reduced: Mapping[str, Any],
    endpoint: object,
    identity: Mapping[str, str] | str,
    expected: Mapping[str, str],
) -> Customer:
    if isinstance(identity, str):
        by_writer = identity == "object_too_large"
        return Customer(key, parked=identity, parked_body=None if by_writer else _parked_body(key, reduced))
    return Customer(key, written={**expected, **identity, "endpoint": endpoint, "endpointId": key})


def _parked_body(key: str, reduced: Mapping[str, Any]) -> str:
    written = json.dumps(reduced, separators=(",", ":")).encode()
    if len(written) <= PARKED_WHOLE:
        return canonical(reduced)
    omitted = {"customer": key, "bytes": len(written), "sha256": hashlib.sha256(written).hexdigest()}
    return canonical({"omitted": omitted})


def _connect(occasion: _Occasion, size: int, profile_ids: Sequence[str]) -> Sending:
    context = {
        "CampaignId": f"{occasion.name}-outbound-{occasion.number}",
        "RunId": f"run-{occasion.number}",
        "ActionId": "Write back",
        "CampaignName": f"Offer no. {occasion.number}",
    }
    metadata = {"CampaignContext": context}
    expected = {
        "source": "connect",
        "journeyKind": "campaign",
        "journeyId": context["CampaignId"],
        "journeyRunId": context["RunId"],
        "journeyStepId": context["ActionId"],
        "journeyName": context["CampaignName"],
        "offerName": context["CampaignName"],
        "offerViewed": _flag(occasion),
    }
    # no profile twice in an event: it would be one record
    chosen = [profile_ids[(occasion.number * 7 + n) % len(profile_ids)] for n in range(min(size, len(profile_ids)))]
    profiles = [_profile(occasion, position, profile_id) for position, profile_id in enumerate(chosen)]
    customers = []
    for profile_id, (_, data) in zip(chosen, profiles, strict=True):
        written = {**expected, "profileId": profile_id, "endpointId": profile_id, "endpoint": data}
        customers.append(Customer(profile_id, written=written, profile_id=profile_id))
    members = {"InvocationMetadata": metadata, "Items": {"CustomerProfiles": [profile for profile, _ in profiles]}}
    return _sending(occasion, members, customers)


def _profile(occasion: _Occasion, position: int, profile_id: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return a profile, and what a record keeps of its data: nothing if that cannot be read."""
    token = f"token-{occasion.name}-{occasion.number}-{position}"
    if position == 5:  # noqa: PLR2004 - one in each campaign
        return {"ProfileId": profile_id, "CustomerData": "{broken", "IdempotencyToken": token}, {}
    data = {"profileId": profile_id, "firstName": NAMES[position % len(NAMES)], "attributes": {"tier": "gold"}}
    return {"ProfileId": profile_id, "CustomerData": json.dumps(data), "IdempotencyToken": token}, data


def _with_a_broken_offer(name: str) -> Sending:
    envelope = {"ApplicationId": APPLICATION, "JourneyId": f"{name}-broken", "Data": '{"offerName": "cut off'}
    endpoints = {f"{name}-broken-{n}": {"ChannelType": "EMAIL", "Address": f"{n}@example.com"} for n in range(3)}
    customers = [
        Customer(key, parked="invalid_offer", parked_body=_parked_body(key, {**envelope, "Endpoints": {key: endpoint}}))
        for key, endpoint in endpoints.items()
    ]
    members = {**envelope, "Endpoints": endpoints}
    return Sending(Event(f"{name}/broken", json.dumps(members), members, viewed=True), customers)


def _poison(name: str) -> list[Poison]:
    record = {"version": 1, "recordId": "0" * 32, "offerName": name}
    return [
        Poison(f'{{"soak": "{name}", "cut": ', "not_json"),
        Poison(json.dumps({"soak": name}), "not_a_record"),
        Poison(json.dumps({**record, "version": 99}), "unknown_version"),
        Poison(json.dumps(record), "invalid_record"),
    ]


def _flag(occasion: _Occasion) -> str:
    return "true" if occasion.viewed else "false"


def expectations(sendings: Sequence[Sending]) -> Iterator[tuple[str, Customer]]:
    """Yield every customer with the name of their event."""
    for sending in sendings:
        for customer in sending.customers:
            yield sending.event.name, customer
