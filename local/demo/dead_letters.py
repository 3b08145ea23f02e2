"""Parked messages, and whose they are: each is claimed by one customer at most."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from local.demo.invoking import CustomerAnswer, Status, customers
from ops.dlq.message import DlqMessage

INGEST, WRITER = "ingest", "writer"
"""The stages that park: see the attribute `stage`."""

Name = tuple[str | None, ...]
STAGES = {Status.QUEUED: WRITER, Status.PARKED: INGEST}
"""Who can have parked a customer, by what the channel function answered."""


@dataclass(frozen=True, slots=True)
class Parked:
    """A message of the dead-letter queue.

    Attributes:
        message_id: SQS's id.
        reason: Why it was parked.
        record_id: The record's id, if there is one.
        customer: The endpoint's or profile's id, if the body still has it.
        stage: Who parked it, `INGEST` or `WRITER`; None if the message does not say.
        fingerprint: The same for every copy of a body; None if the message does not say.
    """

    message_id: str
    reason: str
    record_id: str | None = None
    customer: str | None = None
    stage: str | None = None
    fingerprint: str | None = None


@dataclass(frozen=True, slots=True)
class Claims:
    """Whose the parked messages are.

    Attributes:
        by_position: The message of each customer who has one, by the customer's position among the answers.
        copies: Messages with the very body of one that is claimed: a queue may deliver a record twice.
        unclaimed: Messages of no customer of the run.
    """

    by_position: Mapping[int, Parked]
    copies: Sequence[Parked]
    unclaimed: Sequence[Parked]


def parked(message: DlqMessage) -> Parked:
    """Return what a message of the dead-letter queue says of itself: by its own words, for the account."""
    body = _members(message.body)
    found = message.attributes.get("recordId") or body.get("recordId")
    return Parked(
        message_id=message.message_id,
        reason=message.reason,
        record_id=found if isinstance(found, str) else None,
        customer=_customer(body),
        stage=message.attributes.get("stage"),
        fingerprint=message.fingerprint,
    )


def _customer(body: Mapping[str, Any]) -> str | None:
    """Return a record's customer, or the one of an event that ingest parked; of one too large, the placeholder's."""
    omitted = body.get("omitted")
    found = omitted.get("customer") if isinstance(omitted, dict) else body.get("endpointId")
    if isinstance(omitted, dict) or "endpointId" in body:
        return found if isinstance(found, str) else None
    return next(iter(customers(body)), None)


def _members(text: str) -> Mapping[str, Any]:
    try:
        body = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return body if isinstance(body, dict) else {}


def claim(answers: Sequence[CustomerAnswer], parked: Sequence[Parked]) -> Claims:
    """Give each customer the message that names it best: by record and customer, by record, by customer.

    Several endpoints of one user share a record, so that the record's id alone may be the id of a neighbour's message.
    """
    claimed: dict[int, Parked] = {}
    taken: set[int] = set()
    for name_of_message, name_of_customer in _namings(answers):
        named: dict[Name, list[int]] = {}
        for number, message in enumerate(parked):
            if number not in taken and (name := name_of_message(message)) is not None:
                named.setdefault(name, []).append(number)
        for position, answer in enumerate(answers):
            if position in claimed or answer.status not in STAGES or (name := name_of_customer(answer)) is None:
                continue
            stages = {None, STAGES[answer.status]}
            found = next((one for one in named.get(name, []) if parked[one].stage in stages), None)
            if found is not None:
                claimed[position] = parked[found]
                named[name].remove(found)
                taken.add(found)
    left = [message for number, message in enumerate(parked) if number not in taken]
    bodies = {message.fingerprint for message in claimed.values()} - {None}
    return Claims(
        by_position=claimed,
        copies=[message for message in left if message.fingerprint in bodies],
        unclaimed=[message for message in left if message.fingerprint not in bodies],
    )


def _namings(
    answers: Sequence[CustomerAnswer],
) -> Iterator[tuple[Callable[[Parked], Name | None], Callable[[CustomerAnswer], Name | None]]]:
    """Yield how messages and customers can be named alike, the surest way first."""
    known = {(answer.record_id, answer.customer) for answer in answers}

    def whole(message: Parked) -> Name | None:
        return None if message.record_id is None else (message.record_id, message.customer)

    def record(message: Parked) -> Name | None:
        # one that names a customer of the run is that customer's or, being a copy, nobody's
        return None if message.record_id is None or whole(message) in known else (message.record_id,)

    def customer(message: Parked) -> Name | None:
        return (message.customer,) if message.record_id is None else None

    yield whole, lambda answer: None if answer.record_id is None else (answer.record_id, answer.customer)
    yield record, lambda answer: None if answer.record_id is None else (answer.record_id,)
    # ingest names the record where it got as far as making one
    yield customer, lambda answer: (answer.customer,) if answer.status is Status.PARKED else None
