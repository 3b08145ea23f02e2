"""Every message ends in exactly one outcome, whatever the batch and whatever the services do."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from engagement.errors import InvalidEventError, InvalidRecordError
from engagement.record import Customer, EngagementRecord
from engagement.wire import decode, encode
from tests.fakes.clock import FakeClock
from tests.fakes.profiles import DOMAIN, FAULTS, OBJECT_TYPE, FakeCustomerProfiles
from tests.fakes.writer import FakeWriter
from tests.samples import NOW, engagement_record
from tests.sqs_events import sqs_message
from writer.delivery import Returned, Written, deliver
from writer.message import Message, read_event
from writer.profile_object import profile_object
from writer.profiles import CustomerProfiles

OFFERS = ("first", "second", "third")
CUSTOMERS = (
    Customer(user_id="user-1"),
    Customer(email="Mary@example.com"),
    Customer(email="mary@example.com"),
    Customer(profile_id="f" * 32, phone="+15551234567"),
)
RECORDS = st.builds(
    engagement_record,
    customer=st.sampled_from(CUSTOMERS),
    offer_name=st.sampled_from(OFFERS),
    endpoint=st.sampled_from([{}, {"Version": "1"}, {"Version": "2"}]),
    accepted_at=st.sampled_from([NOW, NOW + timedelta(minutes=1)]),
)
TOO_LARGE = encode(engagement_record(endpoint={"Data": "x" * 256_000}))
RECORD_IDS = [
    engagement_record(customer=customer, offer_name=offer).record_id for customer in CUSTOMERS for offer in OFFERS
]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=10,
)
BODY = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30)


@st.composite
def mutilated(draw: st.DrawFn) -> str:
    """A record's body with one member changed or gone, or cut off somewhere."""
    body = encode(draw(RECORDS))
    members = json.loads(body)
    name = draw(st.sampled_from(sorted(members)))
    if draw(st.booleans()):
        del members[name]
    else:
        members[name] = draw(JSON)
    return draw(st.just(json.dumps(members)) | st.integers(0, len(body) - 1).map(lambda end: body[:end]))


BODIES = RECORDS.map(encode) | mutilated() | BODY | JSON.map(json.dumps) | st.just(TOO_LARGE)
ATTRIBUTES = st.dictionaries(
    st.sampled_from(["reason", "redrives", "firstSeen", "offerViewed", "stage", "unknown"]), BODY, max_size=4
)


@st.composite
def batches(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Messages of one batch, with ids of their own; bodies come more than once."""
    pool = draw(st.lists(BODIES, min_size=1, max_size=6))
    bodies = draw(st.lists(st.sampled_from(pool) | RECORDS.map(encode), max_size=12))
    return [
        sqs_message(body, f"message-{number}", draw(st.integers(1, 300)), draw(ATTRIBUTES))
        for number, body in enumerate(bodies)
    ]


SERVICE_FAULTS = st.sampled_from(FAULTS) | st.builds(ZeroDivisionError)
SCRIPTS = st.lists(
    st.tuples(st.none() | st.sampled_from(RECORD_IDS), st.lists(SERVICE_FAULTS, min_size=1, max_size=8)), max_size=5
)
OUTAGES = st.none() | st.none() | st.sampled_from(FAULTS)


def play(client: FakeCustomerProfiles, script: Sequence[tuple[str | None, Sequence[str | Exception]]]) -> None:
    """Let the service meet these faults, by record id or for whichever record comes next."""
    for record_id, faults in script:
        client.fail(*faults, record_id=record_id)


def object_of(body: str) -> dict[str, Any] | None:
    """Return the object that is to be written for a body; None for a body that is to be parked."""
    try:
        written: dict[str, Any] = json.loads(profile_object(decode(body)))
    except InvalidRecordError:
        return None
    return written


def id_of(body: str) -> str | None:
    """Return the id of the record that a body holds, whether it can be written or not; None where it holds none."""
    try:
        return decode(body).record_id
    except InvalidRecordError:
        return None


def versions(batch: Iterable[dict[str, Any]]) -> dict[tuple[str, str], list[list[EngagementRecord]]]:
    """Return each customer's records in their order, each with its versions, the one that was accepted last first."""
    found: dict[tuple[str, str], dict[str, list[tuple[datetime, int, EngagementRecord]]]] = {}
    for position, message in enumerate(batch):
        if id_of(message["body"]) is not None:
            record = decode(message["body"])
            same = found.setdefault(record.customer.key, {}).setdefault(record.record_id, [])
            same.append((record.accepted_at, position, record))
    newest_first = {
        key: [sorted(same, key=lambda one: one[:2], reverse=True) for same in records.values()]
        for key, records in found.items()
    }
    return {
        key: [[one[2] for one in same] for same in sorted(records, key=lambda same: same[0][1])]
        for key, records in newest_first.items()
    }


def parked_body(message: Message) -> str:
    """Return the body under which a message is parked: SQS takes no empty one."""
    return message.body or " "


@given(
    batch=batches(),
    script=SCRIPTS,
    outage=OUTAGES,
    refused=st.sets(st.sampled_from("abc01{["), max_size=2),
    failed_calls=st.integers(0, 3),
    threads=st.integers(1, 4),
    seconds=st.sampled_from([0.0, 5.0, 12.0, 13.0, 13.1, 14.0, 30.0, 30.0, 30.0]),
)
def test_every_message_ends_in_exactly_one_outcome(  # noqa: PLR0917 - each is one thing that can go wrong
    batch: list[dict[str, Any]],
    script: list[tuple[str | None, list[str | Exception]]],
    outage: str | None,
    refused: set[str],
    failed_calls: int,
    threads: int,
    seconds: float,
) -> None:
    """The promise of the project: written, parked or returned; nothing lost, nothing made up."""
    function = FakeWriter(threads)
    play(function.profiles, script)
    if outage is not None:
        function.profiles.fail_always(outage)
    function.dead_letters.refuse(lambda body: body[:1] in refused, "InternalError", sender_fault=False)
    function.dead_letters.fail("ServiceUnavailable", failed_calls)
    messages = read_event({"Records": batch})

    returned = function.invoke({"Records": batch}, seconds)

    accepted, parked = function.profiles.accepted, Counter(function.dead_letters.bodies)
    assert Counter(returned) <= Counter(message.message_id for message in messages)
    done = [message for message in messages if message.message_id not in returned]
    # an older version of a record is settled by the newer one that is written
    ids = {written["recordId"] for written in accepted}
    not_parked = [message for message in done if id_of(message.body) in ids]
    must_be_parked = Counter(parked_body(message) for message in done if id_of(message.body) not in ids)
    assert must_be_parked <= parked, "what is not returned is written or parked"
    may_be_parked = must_be_parked + Counter(map(parked_body, not_parked))
    assert parked <= may_be_parked, "what is parked is not returned as well"
    sent = [object_of(message.body) for message in messages]
    assert all(written in sent for written in accepted), "nothing is written that was not sent"
    line, *systemic = function.lines
    assert [each["message"] for each in systemic] in ([], ["systemic failure: not the records' own"])
    assert line["returned"] == len(returned)
    assert line["parked"] == parked.total()
    assert line["received"] == len(batch) == line["written"] + line["parked"] + line["returned"]


@given(batch=batches(), script=SCRIPTS, threads=st.integers(1, 4))
def test_what_is_reported_as_written_was_accepted_and_no_customer_is_overtaken(
    batch: list[dict[str, Any]], script: list[tuple[str | None, list[str | Exception]]], threads: int
) -> None:
    """A message that is deleted unwritten is lost; an older offer that comes last is what the agent would see."""
    client = FakeCustomerProfiles()
    play(client, script)

    outcomes = deliver(
        read_event({"Records": batch}), CustomerProfiles(client, DOMAIN, OBJECT_TYPE).put, threads, FakeClock().now
    )

    assert [outcome.message.message_id for outcome in outcomes] == [message["messageId"] for message in batch]
    written = {id_of(outcome.message.body) for outcome in outcomes if isinstance(outcome, Written)}
    assert written <= {each["recordId"] for each in client.accepted}, "an answer may be lost after the write"
    returned = {id_of(outcome.message.body) for outcome in outcomes if isinstance(outcome, Returned)}
    assert not written & returned, "a record is settled or it is not"
    for records in versions(batch).values():
        ids = [same[0].record_id for same in records]
        first_returned = next((place for place, each in enumerate(ids) if each in returned), len(ids))
        assert not written & set(ids[first_returned:])


@given(batch=batches(), threads=st.integers(2, 8))
def test_without_faults_each_customers_objects_are_written_once_each_in_their_order(
    batch: list[dict[str, Any]], threads: int
) -> None:
    """Threads and duplicates change neither what is written nor in which order one customer's is."""
    client = FakeCustomerProfiles()

    deliver(read_event({"Records": batch}), CustomerProfiles(client, DOMAIN, OBJECT_TYPE).put, threads, FakeClock().now)

    total = 0
    for records in versions(batch).values():
        ids = {same[0].record_id for same in records}
        newest = (
            next((found for one in same if (found := object_of(encode(one))) is not None), None) for same in records
        )
        expected = [each for each in newest if each is not None]
        assert [written for written in client.accepted if written["recordId"] in ids] == expected
        total += len(expected)
    assert len(client.accepted) == total


@st.composite
def mangled(draw: st.DrawFn) -> dict[str, Any]:
    """A message of which some members, or members of those, are anything or gone."""
    message = sqs_message(draw(BODIES), attributes=draw(ATTRIBUTES))
    for holder in (message, message["attributes"], message["messageAttributes"]):
        for name in draw(st.sets(st.sampled_from(sorted(holder)), max_size=3)) if holder else ():
            if draw(st.booleans()):
                del holder[name]
            else:
                holder[name] = draw(JSON)
    return message


@given(event=st.fixed_dictionaries({"Records": st.lists(mangled() | JSON, max_size=8)}) | JSON)
def test_any_event_is_answered_or_refused_by_type(event: Any) -> None:
    """No message is so odd that it stops the others; an event that is no batch is refused as a whole."""
    function = FakeWriter()

    try:
        returned = function.invoke(event)
    except InvalidEventError:
        assert not function.profiles.calls
        assert not function.dead_letters.calls
        return

    [line] = function.lines
    assert line["received"] == len(event["Records"]) == line["written"] + line["parked"] + line["returned"]
    # Only a body that SQS itself could never have carried comes back: no dead-letter queue takes it either.
    assert line["causes"] == ({"NotParked: InvalidMessageContents": len(returned)} if returned else {})
