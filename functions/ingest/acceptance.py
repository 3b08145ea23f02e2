"""Accepts an event's customers: each one is queued, or parked with its reason, or reported as failed."""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engagement.clock import Deadline
from engagement.errors import InvalidRecordError, UnsentError
from engagement.reasons import Reason
from engagement.record import EngagementRecord, Journey
from engagement.sqs_batch import MAX_BYTES, Entry
from engagement.sqs_sender import Sender, Unsent
from engagement.text import json_safe
from engagement.wire import encode
from ingest.parked_event import parked, restore
from ingest.sources.contract import (
    MAX_REASON,
    CustomerOutcome,
    CustomerStatus,
    EventWarning,
    InvocationContext,
    ParsedCustomer,
    Source,
)

MAX_WAITING = 16 * MAX_BYTES
"""Bytes of parked customers that are written before they are sent: two batches for each of the threads that send."""


@dataclass(frozen=True, slots=True)
class Queues:
    """Where customers can end."""

    engagement: Sender
    dead_letters: Sender


@dataclass(frozen=True, slots=True)
class Acceptance:
    """What became of an event.

    Attributes:
        customers: The event's customers, in its order.
        outcomes: What became of each, in the same order.
        answer: What the caller expects.
        failure: Why the invocation must fail instead; None if the answer tells the caller of every customer.
    """

    customers: Sequence[ParsedCustomer]
    outcomes: Sequence[CustomerOutcome]
    answer: dict[str, Any]
    failure: UnsentError | None = None

    @property
    def records(self) -> Sequence[EngagementRecord]:
        """The records of the customers who have one, queued or not."""
        return [customer.result for customer in self.customers if isinstance(customer.result, EngagementRecord)]

    @property
    def warnings(self) -> Mapping[EventWarning, int]:
        """The warnings about the event's records, each with how many records it is about."""
        with_record = (one for one in self.customers if isinstance(one.result, EngagementRecord))
        return Counter(warning for customer in with_record for warning in customer.warnings)


def accept(
    source: Source, event: Mapping[str, Any], invocation: InvocationContext, queues: Queues, deadline: Deadline
) -> Acceptance:
    """Queue a record for each customer of the event, and park the customers who can have none.

    Raises:
        InvalidEventError: the event as a whole breaks the source's format.
    """
    event, invocation = restore(event, invocation)
    customers = source.parse(event, invocation)
    entries, rejected = _encode(customers)
    unsent = _send(queues.engagement, entries, deadline)
    rejected |= {
        position: InvalidRecordError(Reason.REFUSED_BY_QUEUE, result.code)
        for position, result in unsent.items()
        if result.sender_fault
    }
    unparked = _park(customers, rejected, invocation, queues.dead_letters, deadline)
    # A rejected customer is accounted for by the dead-letter queue alone, all others by the engagement queue.
    missing = {position: result for position, result in unsent.items() if position not in rejected} | unparked
    outcomes = [
        _outcome(customer, rejected.get(position), missing.get(position)) for position, customer in enumerate(customers)
    ]
    # Lambda's runtime writes answers as UTF-8, which has no halves of characters, though ids in events can.
    return Acceptance(customers, outcomes, json_safe(source.answer(outcomes)), _failure(source, outcomes))


def _encode(customers: Sequence[ParsedCustomer]) -> tuple[dict[int, Entry], dict[int, InvalidRecordError]]:
    entries: dict[int, Entry] = {}
    rejected: dict[int, InvalidRecordError] = {}
    for position, customer in enumerate(customers):
        if isinstance(customer.result, InvalidRecordError):
            rejected[position] = customer.result
            continue
        entry = Entry(encode(customer.result), group=_group(customer.result.journey))
        if entry.size > MAX_BYTES:
            detail = f"{entry.size} bytes; a message holds {MAX_BYTES}"
            rejected[position] = InvalidRecordError(Reason.RECORD_TOO_LARGE, detail)
            continue
        entries[position] = entry
    return entries, rejected


def _group(journey: Journey) -> str:
    """Return the MessageGroupId: one journey's records are one group. A digest, as ids may hold any character."""
    identity = f"{journey.application_id}/{journey.kind}/{journey.id}"
    return f"{journey.source}-{hashlib.sha256(identity.encode()).hexdigest()[:32]}"


def _send(queue: Sender, entries: Mapping[int, Entry], deadline: Deadline) -> dict[int, Unsent]:
    if not entries:
        return {}
    results = queue.send(list(entries.values()), deadline)
    return {position: unsent for position, unsent in zip(entries, results, strict=True) if unsent is not None}


def _park(
    customers: Sequence[ParsedCustomer],
    rejected: Mapping[int, InvalidRecordError],
    invocation: InvocationContext,
    queue: Sender,
    deadline: Deadline,
) -> dict[int, Unsent]:
    """Park the rejected customers and return those that were not parked.

    They are written and sent in portions of `MAX_WAITING`, so that a large event's parked forms never fill the memory;
    after the deadline they are not even written.
    """
    unparked: dict[int, Unsent] = {}
    waiting: dict[int, Entry] = {}
    size = 0
    for position, error in rejected.items():
        if deadline.passed():
            unparked[position] = Unsent("DeadlinePassed")
            continue
        entry = waiting[position] = parked(customers[position], error, invocation).entry()
        size += entry.size
        if size >= MAX_WAITING:
            unparked |= _send(queue, waiting, deadline)
            waiting, size = {}, 0
    return unparked | _send(queue, waiting, deadline)


def _outcome(customer: ParsedCustomer, rejected: InvalidRecordError | None, missing: Unsent | None) -> CustomerOutcome:
    record_id = None if isinstance(customer.result, InvalidRecordError) else customer.result.record_id
    if missing is not None:
        return CustomerOutcome(customer.key, CustomerStatus.FAILED, record_id, missing.code[:MAX_REASON])
    if rejected is not None:
        return CustomerOutcome(customer.key, CustomerStatus.PARKED, record_id, str(rejected.reason))
    return CustomerOutcome(customer.key, CustomerStatus.QUEUED, record_id)


def _failure(source: Source, outcomes: Sequence[CustomerOutcome]) -> UnsentError | None:
    failed = [outcome for outcome in outcomes if outcome.status is CustomerStatus.FAILED]
    # A customer without an id has no place in any answer.
    if any(outcome.key is None or not source.ANSWERS_FAILURES for outcome in failed):
        return UnsentError(len(failed), len(outcomes), str(failed[0].reason))
    return None
