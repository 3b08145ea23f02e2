"""Pure: every customer by id, in exactly one place, with exactly what was sent; and nothing else anywhere."""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from benchmarks.soak.proxy import digest
from benchmarks.soak.service import Stored
from benchmarks.soak.traffic import Customer, Poison, Sending, canonical, expectations
from local.demo.invoking import CustomerAnswer, Status
from ops.dlq.message import DlqMessage

ATTRIBUTES = frozenset({"reason", "detail", "stage", "firstSeen", "receives", "redrives"})
"""What every parked message says of itself."""
MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z")


@dataclass(frozen=True, slots=True)
class Found:
    """What was found when all was at rest.

    Attributes:
        answers: For each event's name, what each successful invocation with it said of its customers.
        objects: What is stored.
        dead_letters: What is parked.
        bodies: For each record's id, the digests of all bodies that were sent of it.
        queued: Messages that the queue still holds.
    """

    answers: Mapping[str, Sequence[Sequence[CustomerAnswer]]]
    objects: Sequence[Stored]
    dead_letters: Sequence[DlqMessage]
    bodies: Mapping[str, set[str]]
    queued: int = 0


@dataclass(slots=True)
class Account:
    """Where the customers of one fault profile ended.

    Attributes:
        sent: Customers in the events.
        accepted: Of these, those whom a function accepted.
        written: Customers whose one object is as it should be.
        parked: Customers parked as they should be, by reason; foreign messages, too.
        missing: Customers who are nowhere, by name.
        wrong: A sentence for each thing that is not as it should be.
    """

    sent: int = 0
    accepted: int = 0
    written: int = 0
    parked: Counter[str] = field(default_factory=Counter)
    missing: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


class Verification:
    """Looks for each customer where they should be; `account` takes from what was found, `rest` yields what is left."""

    def __init__(self, found: Found) -> None:
        self._found = found
        self._objects: dict[str, list[Stored]] = defaultdict(list)
        for stored in found.objects:
            self._objects[str(stored.members.get("recordId"))].append(stored)
        self._by_record: dict[str, list[DlqMessage]] = defaultdict(list)
        self._by_body: dict[str, list[DlqMessage]] = defaultdict(list)
        accepted = {one.record_id for answers in found.answers.values() for answer in answers for one in answer}
        for message in found.dead_letters:
            # a foreign message may name a record that no function accepted: it is known by its body
            record_id = message.attributes.get("recordId")
            is_ours = record_id is not None and record_id in accepted
            (self._by_record[str(record_id)] if is_ours else self._by_body[_key(message.body)]).append(message)
        self._owners: dict[str, str] = {}

    def account(self, sendings: Sequence[Sending], poison: Iterable[Poison]) -> Account:
        """Return the account of one profile's traffic."""
        account = Account()
        for event, customer in expectations(sendings):
            account.sent += 1
            self._settle(event, customer, account)
        for foreign in poison:
            parked = self._by_body.pop(_key(foreign.body), [])
            if not parked:
                account.missing.append(f"the foreign message {foreign.body!r}, to be parked as {foreign.reason}")
            account.parked.update([foreign.reason] * bool(parked))
            account.wrong += _parked_faults("a foreign message", parked, foreign.reason)
            account.wrong += [f"{foreign.body!r} was altered" for one in parked if one.body != foreign.body]
        return account

    def rest(self) -> Iterator[str]:
        """Yield a sentence for each thing that was found and that no event explains."""
        for record_id in sorted(self._objects):
            yield f"the object of record {record_id} was written, but no event has it"
        for record_id in sorted(self._by_record):
            yield f"a message of record {record_id} is parked, but no event has it"
        for parked in self._by_body.values():
            reason = parked[0].attributes.get("reason")
            yield f"{len(parked)} parked messages with the reason {reason} belong to no event"

    def _settle(self, event: str, customer: Customer, account: Account) -> None:
        name = f"{customer.key} of {event}"
        said = [one for answer in self._found.answers.get(event, ()) for one in answer if one.customer == customer.key]
        if not said:
            account.wrong.append(f"{name} was not accepted")
            return
        account.accepted += 1
        status, record_id = said[0].status, said[0].record_id
        if len({(one.status, one.record_id) for one in said}) > 1:
            account.wrong.append(f"{name}: a repeat of the event was answered otherwise")
        if record_id is not None and self._owners.setdefault(record_id, name) != name:
            account.wrong.append(f"{name} has the record id of {self._owners[record_id]}, {record_id}")
        objects = self._objects.pop(record_id or "", [])
        parked = self._parked(customer, record_id)
        if customer.written is not None:
            self._must_be_written(name, customer, account, (status, record_id, objects, parked))
        else:
            self._must_be_parked(name, customer, account, (status, record_id, objects, parked))

    def _parked(self, customer: Customer, record_id: str | None) -> list[DlqMessage]:
        parked = self._by_record.pop(record_id or "", [])
        return parked + (self._by_body.pop(customer.parked_body, []) if customer.parked_body is not None else [])

    def _must_be_written(self, name: str, customer: Customer, account: Account, found: "_Places") -> None:
        status, record_id, objects, parked = found
        if status is not Status.QUEUED:
            account.wrong.append(f"{name} should have been queued, and was {status}")
        account.wrong += [f"{name} is parked: {message.attributes.get('reason')}" for message in parked]
        if len(objects) > 1:
            account.wrong.append(f"{name} has {len(objects)} objects")
        if objects:
            faults = list(_object_faults(name, customer, objects[0]))
            account.wrong += faults
            account.written += not faults
        elif not parked:
            account.missing.append(f"{name}, record {record_id}")

    def _must_be_parked(self, name: str, customer: Customer, account: Account, found: "_Places") -> None:
        _, record_id, objects, parked = found
        if objects:
            account.wrong.append(f"{name} should be parked, and was written")
        if not parked:
            account.missing.append(f"{name}, record {record_id}, to be parked as {customer.parked}")
            return
        faults = list(_parked_faults(name, parked, str(customer.parked)))
        if customer.parked_body is None:
            sent = self._found.bodies.get(record_id or "", set())
            faults += [f"{name} was parked with another body" for one in parked if digest(one.body) not in sent]
        account.wrong += faults
        account.parked.update([str(customer.parked)] * (not faults))


_Places = tuple[Status, str | None, Sequence[Stored], Sequence[DlqMessage]]


def _key(body: str) -> str:
    """Return what finds a parked body again: its canonical JSON without what ingest adds to it, else itself."""
    try:
        parsed = json.loads(body)
    except ValueError:
        return body
    if isinstance(parsed, dict):
        parsed.pop("parked", None)
    return canonical(parsed)


def _parked_faults(name: str, parked: Iterable[DlqMessage], reason: str) -> Iterator[str]:
    for message in parked:
        if lacking := ATTRIBUTES - message.attributes.keys():
            yield f"{name} was parked without {', '.join(sorted(lacking))}"
        elif message.attributes["reason"] != reason:
            yield f"{name} was parked as {message.attributes['reason']}, not {reason}"


def _object_faults(name: str, customer: Customer, stored: Stored) -> Iterator[str]:
    expected = customer.written or {}
    found = {member: value for member, value in stored.members.items() if member != "recordId"}
    if "engagedAt" not in expected and MOMENT.fullmatch(str(found.pop("engagedAt", ""))) is None:
        yield f"{name}: engagedAt is no moment"
    for member in sorted(expected.keys() | found.keys()):
        if expected.get(member) != found.get(member):
            yield f"{name}: {member} is not as it was sent"
    if customer.profile_id is not None and stored.profile_id != customer.profile_id:
        yield f"{name} is attached to another profile"
