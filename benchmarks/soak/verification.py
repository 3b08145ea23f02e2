"""Pure: every customer by id, in exactly one place, with exactly what was sent; and nothing else anywhere."""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from benchmarks.soak.dead_letters import DeadLetter
from benchmarks.soak.proxy import digest
from benchmarks.soak.service import Stored
from benchmarks.soak.traffic import Customer, Poison, Sending, canonical, expectations
from local.demo.handovers import Handover, Status

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

    answers: Mapping[str, Sequence[Sequence[Handover]]]
    objects: Sequence[Stored]
    dead_letters: Sequence[DeadLetter]
    bodies: Mapping[str, set[str]]
    queued: int = 0


@dataclass(slots=True)
class Account:
    """Where the customers of one fault profile ended.

    Attributes:
        sent: Customers in the events.
        handed: Of these, those whom a function said that it took over.
        written: Customers whose one object is as it should be.
        parked: Customers parked as they should be, by reason; foreign messages, too.
        missing: Customers who are nowhere, by name.
        wrong: A sentence for each thing that is not as it should be.
    """

    sent: int = 0
    handed: int = 0
    written: int = 0
    parked: Counter[str] = field(default_factory=Counter)
    missing: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


class Verification:
    """Looks for each customer where they should be; `account` takes from what was found, `rest` tells what is left."""

    def __init__(self, found: Found) -> None:
        self._found = found
        self._objects: dict[str, list[Stored]] = defaultdict(list)
        for stored in found.objects:
            self._objects[str(stored.members.get("recordId"))].append(stored)
        self._by_record: dict[str, list[DeadLetter]] = defaultdict(list)
        self._by_body: dict[str, list[DeadLetter]] = defaultdict(list)
        handed = {one.record_id for answers in found.answers.values() for answer in answers for one in answer}
        for letter in found.dead_letters:
            # a foreign message may name a record that nobody handed over: it is known by its body
            record_id = letter.attributes.get("recordId")
            is_ours = record_id is not None and record_id in handed
            (self._by_record[str(record_id)] if is_ours else self._by_body[_key(letter.body)]).append(letter)
        self._owners: dict[str, str] = {}

    def account(self, sendings: Sequence[Sending], poison: Iterable[Poison]) -> Account:
        """Return the account of one profile's traffic."""
        account = Account()
        for event, customer in expectations(sendings):
            account.sent += 1
            self._settle(event, customer, account)
        for message in poison:
            letters = self._by_body.pop(_key(message.body), [])
            if not letters:
                account.missing.append(f"the foreign message {message.body!r}, to be parked as {message.reason}")
            account.parked.update([message.reason] * bool(letters))
            account.wrong += _letter_faults("a foreign message", letters, message.reason)
            account.wrong += [f"{message.body!r} was altered" for one in letters if one.body != message.body]
        return account

    def rest(self) -> Iterator[str]:
        """Yield a sentence for each thing that was found and belongs to nobody."""
        for record_id in sorted(self._objects):
            yield f"the object of record {record_id} was written, but nobody sent it"
        for record_id in sorted(self._by_record):
            yield f"a message of record {record_id} is parked, but nobody sent it"
        for letters in self._by_body.values():
            yield f"{len(letters)} parked messages with the reason {letters[0].attributes.get('reason')} are nobody's"

    def _settle(self, event: str, customer: Customer, account: Account) -> None:
        name = f"{customer.key} of {event}"
        said = [one for answer in self._found.answers.get(event, ()) for one in answer if one.customer == customer.key]
        if not said:
            account.wrong.append(f"{name} was not handed over")
            return
        account.handed += 1
        status, record_id = said[0].status, said[0].record_id
        if len({(one.status, one.record_id) for one in said}) > 1:
            account.wrong.append(f"{name}: a repeat of the event was answered otherwise")
        if record_id is not None and self._owners.setdefault(record_id, name) != name:
            account.wrong.append(f"{name} has the record id of {self._owners[record_id]}, {record_id}")
        objects = self._objects.pop(record_id or "", [])
        letters = self._letters(customer, record_id)
        if customer.written is not None:
            self._must_be_written(name, customer, account, (status, record_id, objects, letters))
        else:
            self._must_be_parked(name, customer, account, (status, record_id, objects, letters))

    def _letters(self, customer: Customer, record_id: str | None) -> list[DeadLetter]:
        letters = self._by_record.pop(record_id or "", [])
        return letters + (self._by_body.pop(customer.parked_body, []) if customer.parked_body is not None else [])

    def _must_be_written(self, name: str, customer: Customer, account: Account, found: "_Places") -> None:
        status, record_id, objects, letters = found
        if status is not Status.QUEUED:
            account.wrong.append(f"{name} should have been queued, and was {status}")
        account.wrong += [f"{name} is parked: {letter.attributes.get('reason')}" for letter in letters]
        if len(objects) > 1:
            account.wrong.append(f"{name} has {len(objects)} objects")
        if objects:
            faults = list(_object_faults(name, customer, objects[0]))
            account.wrong += faults
            account.written += not faults
        elif not letters:
            account.missing.append(f"{name}, record {record_id}")

    def _must_be_parked(self, name: str, customer: Customer, account: Account, found: "_Places") -> None:
        _, record_id, objects, letters = found
        if objects:
            account.wrong.append(f"{name} should be parked, and was written")
        if not letters:
            account.missing.append(f"{name}, record {record_id}, to be parked as {customer.parked}")
            return
        faults = list(_letter_faults(name, letters, str(customer.parked)))
        if customer.parked_body is None:
            sent = self._found.bodies.get(record_id or "", set())
            faults += [f"{name} was parked with another body" for one in letters if digest(one.body) not in sent]
        account.wrong += faults
        account.parked.update([str(customer.parked)] * (not faults))


_Places = tuple[Status, str | None, Sequence[Stored], Sequence[DeadLetter]]


def _key(body: str) -> str:
    """Return what finds a parked body again: its canonical JSON without what ingest adds to it, else itself."""
    try:
        parsed = json.loads(body)
    except ValueError:
        return body
    if isinstance(parsed, dict):
        parsed.pop("parked", None)
    return canonical(parsed)


def _letter_faults(name: str, letters: Iterable[DeadLetter], reason: str) -> Iterator[str]:
    for letter in letters:
        if lacking := ATTRIBUTES - letter.attributes.keys():
            yield f"{name} was parked without {', '.join(sorted(lacking))}"
        elif letter.attributes["reason"] != reason:
            yield f"{name} was parked as {letter.attributes['reason']}, not {reason}"


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
