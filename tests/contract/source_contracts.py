"""What each source is held to by `tests/contract/test_sources.py`: events of its own, and the limits of its answer."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ingest.sources import connect, pinpoint
from ingest.sources.contract import Source
from tests.samples import connect_event, endpoint, pinpoint_event, profile

SECRETS = ("mary", "major", "5550100")
"""Parts of every personal value in the events below, long enough not to turn up in a digest or a time by chance."""


@dataclass(frozen=True)
class Contract:
    """One source with events of its own.

    Attributes:
        source: The source.
        event: Makes an event of these customers; the key of each is ``customer-N``, N its position.
        good: Makes the customer of a position.
        bad: Customers for whom there can be no record, each with a personal value in it.
        customers: Counts the customers of an event that the source can read.
        statuses: Reads key and status of each answered customer.
        check_limits: Fails where an answer breaks a limit of the caller.
    """

    source: Source
    event: Callable[[Sequence[Any]], dict[str, Any]]
    good: Callable[[int], dict[str, Any]]
    bad: Sequence[Any]
    customers: Callable[[Mapping[str, Any]], int]
    statuses: Callable[[Mapping[str, Any]], list[tuple[str, str]]]
    check_limits: Callable[[Mapping[str, Any]], None]


def pinpoint_statuses(answer: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the endpoints' statuses."""
    return [(key, answered["EventAttributes"]["EngagementStatus"]) for key, answered in answer.items()]


def check_pinpoint_limits(answer: Mapping[str, Any]) -> None:
    """At most five attributes an endpoint, each name and value a text of at most 128 characters."""
    for answered in answer.values():
        attributes = answered["EventAttributes"]
        assert len(attributes) <= 5
        assert all(0 < len(text) <= 128 for pair in attributes.items() for text in pair)


def connect_event_of(customers: Sequence[Any]) -> dict[str, Any]:
    """Return a campaign's event in which each profile that is a map is named by its position."""
    named = [
        {"ProfileId": f"customer-{position}", **customer} if isinstance(customer, dict) else customer
        for position, customer in enumerate(customers)
    ]
    return connect_event(named)


def connect_profile(number: int) -> dict[str, Any]:
    """Return a profile that is named by its position in the event."""
    made = profile(number)
    del made["ProfileId"]
    return made


def connect_statuses(answer: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the profiles' statuses."""
    return [(answered["Id"], answered["ResultData"]["status"]) for answered in answer["Items"]["CustomerProfiles"]]


def check_connect_limits(answer: Mapping[str, Any]) -> None:
    """At most 32 KB of result a profile."""
    for answered in answer["Items"]["CustomerProfiles"]:
        assert len(json.dumps(answered["ResultData"]).encode()) <= 32 * 1024


CONTRACTS = [
    Contract(
        source=pinpoint,
        event=lambda customers: pinpoint_event({f"customer-{n}": customer for n, customer in enumerate(customers)}),
        good=endpoint,
        bad=[
            None,
            "mary.major@example.com",
            ["+15550100"],
            {"Address": "mary.major@@example.com", "ChannelType": "EMAIL"},
            {"Address": ["mary.major@example.com"]},
            {"Address": "+15550100", "ChannelType": {"mary": 1}},
            {"User": {"UserId": ["mary"]}},
            {"User": {"UserId": "mary\x00major"}},
            {"User": "mary"},
            {"User": {"UserId": "mary"}, "Metrics": {"mary": float("inf")}},
            {"User": {"UserId": "mary"}, "Attributes": {"mary": ["major" * 250_000]}},
        ],
        customers=lambda event: len(event["Endpoints"]),
        statuses=pinpoint_statuses,
        check_limits=check_pinpoint_limits,
    ),
    Contract(
        source=connect,
        event=connect_event_of,
        good=connect_profile,
        bad=[
            # The id alone identifies: what costs a customer the record is a record that no message holds. The second
            # is in the dead-letter queue as it came, where it is not escaped to ASCII.
            {"CustomerData": json.dumps({"mary": "major" * 250_000})},
            {"CustomerData": json.dumps({"mary": "major" + "é" * 200_000}, ensure_ascii=False)},
            {"CustomerData": json.dumps({"mary.major@example.com": ["+15550100" * 150_000]})},
        ],
        customers=lambda event: len(event["Items"]["CustomerProfiles"]),
        statuses=connect_statuses,
        check_limits=check_connect_limits,
    ),
]
