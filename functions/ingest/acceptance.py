"""Takes an event's customers over: each one is queued, or parked with its reason, or reported as failed."""

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
from ingest.memory import recalled
from ingest.rejection import parked
from ingest.remark import Remark
from ingest.source import MAX_REASON, Outcome, Reading, Source, Status, Step

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
        outcomes: One for each customer, in the event's order.
        answer: What the caller expects.
        readings: One for each customer, in the event's order.
    """

    outcomes: Sequence[Outcome]
    answer: dict[str, Any]
    readings: Sequence[Reading] = ()

    @property
    def remarks(self) -> Mapping[Remark, int]:
        """What is to be told of the event's records, and of how many."""
        records = (reading for reading in self.readings if isinstance(reading.result, EngagementRecord))
        return Counter(remark for reading in records for remark in reading.remarks)

    def raise_if_unsent(self, source: Source) -> None:
        """Fail the invocation where the source's contract has no other way to tell the caller.

        Raises:
            UnsentError: some customers were neither queued nor parked.
        """
        failed = [outcome for outcome in self.outcomes if outcome.status is Status.FAILED]
        # A customer without an id has no place in any answer.
        if any(outcome.key is None or not source.ANSWERS_FAILURES for outcome in failed):
            raise UnsentError(len(failed), len(self.outcomes), str(failed[0].reason))


def accept(source: Source, event: Mapping[str, Any], step: Step, queues: Queues, deadline: Deadline) -> Acceptance:
    """Queue a record for each customer of the event and park the customers for whom there can be none.

    Raises:
        InvalidEventError: the event as a whole breaks the source's contract.
    """
    event, step = recalled(event, step)
    readings = source.read(event, step)
    entries, rejected = _encode(readings)
    unsent = _send(queues.engagement, entries, deadline)
    rejected |= {
        position: InvalidRecordError(Reason.REFUSED_BY_QUEUE, outcome.code)
        for position, outcome in unsent.items()
        if outcome.sender_fault
    }
    unparked = _park(readings, rejected, step, queues.dead_letters, deadline)
    # A rejected customer is accounted for by the dead-letter queue alone, all others by the engagement queue.
    missing = {position: outcome for position, outcome in unsent.items() if position not in rejected} | unparked
    outcomes = [
        _outcome(reading, rejected.get(position), missing.get(position)) for position, reading in enumerate(readings)
    ]
    # Lambda's runtime writes answers as UTF-8, which has no halves of characters, though ids in events can.
    return Acceptance(outcomes, json_safe(source.answer(outcomes)), readings)


def _encode(readings: Sequence[Reading]) -> tuple[dict[int, Entry], dict[int, InvalidRecordError]]:
    entries: dict[int, Entry] = {}
    rejected: dict[int, InvalidRecordError] = {}
    for position, reading in enumerate(readings):
        try:
            entries[position] = _entry(reading.result)
        except InvalidRecordError as error:
            rejected[position] = error
    return entries, rejected


def _entry(result: EngagementRecord | InvalidRecordError) -> Entry:
    if isinstance(result, InvalidRecordError):
        raise result
    entry = Entry(encode(result), group=_group(result.journey))
    if entry.size > MAX_BYTES:
        raise InvalidRecordError(Reason.RECORD_TOO_LARGE, f"{entry.size} bytes; a message holds {MAX_BYTES}")
    return entry


def _group(journey: Journey) -> str:
    """Return the MessageGroupId: one journey's records are one group. A digest, as ids may hold any character."""
    identity = f"{journey.application_id}/{journey.kind}/{journey.id}"
    return f"{journey.source}-{hashlib.sha256(identity.encode()).hexdigest()[:32]}"


def _send(queue: Sender, entries: Mapping[int, Entry], deadline: Deadline) -> dict[int, Unsent]:
    if not entries:
        return {}
    outcomes = queue.send(list(entries.values()), deadline)
    return {position: unsent for position, unsent in zip(entries, outcomes, strict=True) if unsent is not None}


def _park(
    readings: Sequence[Reading],
    rejected: Mapping[int, InvalidRecordError],
    step: Step,
    queue: Sender,
    deadline: Deadline,
) -> dict[int, Unsent]:
    """Park the rejected customers and return those that were not: what time does not suffice for is not even written.

    They are written and sent by the `MAX_WAITING`, so that a large event's parked forms never fill the memory.
    """
    unparked: dict[int, Unsent] = {}
    waiting: dict[int, Entry] = {}
    size = 0
    for position, error in rejected.items():
        if deadline.passed():
            unparked[position] = Unsent("DeadlinePassed")
            continue
        entry = waiting[position] = parked(readings[position], error, step).entry()
        size += entry.size
        if size >= MAX_WAITING:
            unparked |= _send(queue, waiting, deadline)
            waiting, size = {}, 0
    return unparked | _send(queue, waiting, deadline)


def _outcome(reading: Reading, rejected: InvalidRecordError | None, missing: Unsent | None) -> Outcome:
    record_id = None if isinstance(reading.result, InvalidRecordError) else reading.result.record_id
    if missing is not None:
        return Outcome(reading.key, Status.FAILED, record_id, missing.code[:MAX_REASON])
    if rejected is not None:
        return Outcome(reading.key, Status.PARKED, record_id, str(rejected.reason))
    return Outcome(reading.key, Status.QUEUED, record_id)
