import json
from dataclasses import replace
from typing import cast

import pytest

from engagement.reasons import Reason
from engagement.record import Customer
from engagement.wire import encode
from tests.fakes.clock import FakeClock
from tests.fakes.profiles import DOMAIN, OBJECT_TYPE, FakeCustomerProfiles
from tests.samples import engagement_record
from tests.sqs_events import sqs_event, sqs_message
from tests.unit.writer.deliveries import THREADS, ids, names, records, serve
from writer.delivery import Returned, ToPark, Written, deliver
from writer.message import read_event
from writer.profiles import CustomerProfiles

GOOD = engagement_record(customer=Customer(user_id="good"))


def body_with(**changes: object) -> str:
    """Return a record's body with these members changed; None removes one."""
    members = {**json.loads(encode(GOOD)), **changes}
    return json.dumps({name: value for name, value in members.items() if value is not None})


def nested(levels: int) -> str:
    """Return a body whose endpoint is this deep, written without recursion."""
    return body_with(endpoint="DEEP").replace('"DEEP"', '{"a":' * levels + "1" + "}" * levels)


def test_every_record_of_a_batch_is_written() -> None:
    """The usual case: outcomes come in the order of the messages, whichever thread was first."""
    batch = [engagement_record(customer=Customer(user_id=f"user-{number}")) for number in range(50)]
    client = FakeCustomerProfiles()

    outcomes = serve(client, batch)

    assert names(outcomes) == ["written"] * 50
    assert [outcome.message.message_id for outcome in outcomes] == [f"message-{number}" for number in range(50)]
    assert [outcome.record_id for outcome in outcomes] == ids(batch)
    keys = [outcome.unique_key for outcome in outcomes if isinstance(outcome, Written)]
    assert keys == [f"key-of-{record_id}" for record_id in ids(batch)]
    assert set(client.objects) == set(ids(batch))


def test_no_message_is_no_outcome() -> None:
    """A test event from the console may be an empty batch."""
    assert serve(FakeCustomerProfiles(), []) == []


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("", Reason.NOT_JSON),
        ("   ", Reason.NOT_JSON),
        ("hello", Reason.NOT_JSON),
        (encode(GOOD)[:-1], Reason.NOT_JSON),
        (encode(GOOD)[: len(encode(GOOD)) // 2], Reason.NOT_JSON),
        ('{"version": 1, "offerName": "\ud800"', Reason.NOT_JSON),
        ('{"version": NaN}', Reason.NOT_JSON),
        ('{"version": ' + "9" * 5_000 + "}", Reason.NOT_JSON),
        ("[" * 100_000, Reason.NOT_JSON),
        ("null", Reason.NOT_A_RECORD),
        ("[]", Reason.NOT_A_RECORD),
        ("{}", Reason.NOT_A_RECORD),
        ('{"Endpoints": {}}', Reason.NOT_A_RECORD),
        ('{"Type": "Notification", "Message": "{}"}', Reason.NOT_A_RECORD),
        (body_with(version=2), Reason.UNKNOWN_VERSION),
        (body_with(version="1"), Reason.UNKNOWN_VERSION),
        (body_with(version=True), Reason.UNKNOWN_VERSION),
        (body_with(recordId=None), Reason.INVALID_RECORD),
        (body_with(recordId="f" * 31), Reason.INVALID_RECORD),
        (body_with(offerName=""), Reason.INVALID_RECORD),
        (body_with(offerName="x" * 256), Reason.INVALID_RECORD),
        (body_with(offerName="half a \ud83d"), Reason.INVALID_RECORD),
        (body_with(offerViewed="true"), Reason.INVALID_RECORD),
        (body_with(engagedAt="yesterday"), Reason.INVALID_RECORD),
        (body_with(offerIdentifies="no"), Reason.INVALID_RECORD),
        (body_with(journey={"source": "pinpoint", "kind": "journey", "day": "2026-02-30"}), Reason.INVALID_RECORD),
        (body_with(engagedAt="2026-02-30T09:00:00.000Z"), Reason.INVALID_RECORD),
        (body_with(journey=None), Reason.INVALID_RECORD),
        (body_with(journey={"source": "pinpoint", "kind": "walk"}), Reason.INVALID_RECORD),
        (body_with(customer=[]), Reason.INVALID_RECORD),
        (body_with(customer={"userId": 7}), Reason.INVALID_RECORD),
        (body_with(customer={}), Reason.NO_IDENTITY),
        (body_with(endpoint="none"), Reason.INVALID_RECORD),
        (body_with(endpoint=None), Reason.INVALID_RECORD),
        (body_with(endpoint={"Data": "x" * 256_000}), Reason.OBJECT_TOO_LARGE),
        (body_with(endpoint={"Data": "é" * 128_000}), Reason.OBJECT_TOO_LARGE),
        (body_with(endpoint="HUGE").replace('"HUGE"', '{"Metrics": 1e999}'), Reason.INVALID_RECORD),
        (nested(500), Reason.INVALID_RECORD),
        (nested(900), Reason.INVALID_RECORD),
    ],
)
def test_a_poison_message_is_parked_with_its_reason_and_costs_its_neighbours_nothing(body: str, reason: Reason) -> None:
    """It can never be written; what stands around it can."""
    client = FakeCustomerProfiles()
    others = records(2, "other")

    good = engagement_record(offer_name="good")
    outcomes = serve(client, [others[0], body, good, body, others[1]])

    assert names(outcomes) == ["written", "parked", "written", "parked", "written"]
    parked = [outcome for outcome in outcomes if isinstance(outcome, ToPark)]
    assert [outcome.reason for outcome in parked] == [reason, reason]
    assert all(outcome.detail for outcome in parked)
    assert set(client.objects) == set(ids([*others, good]))


@pytest.mark.parametrize("levels", [*range(1, 1_000, 37), 5_000, 50_000])
def test_no_depth_of_nesting_stops_the_others(levels: int) -> None:
    """Whatever one stage can still read, the next must be able to compare and to write."""
    outcomes = serve(FakeCustomerProfiles(), [nested(levels), GOOD, nested(levels)])

    assert names(outcomes)[1] == "written"
    assert names(outcomes)[0] == names(outcomes)[2] != "returned"


def test_a_message_without_an_id_is_parked() -> None:
    """Nothing could name it in the batch response; its whole text is kept instead."""
    foreign = {"kinesis": {"data": "eA=="}}
    messages = read_event({"Records": [foreign, sqs_message(encode(GOOD))]})

    outcomes = deliver(
        messages, CustomerProfiles(FakeCustomerProfiles(), DOMAIN, OBJECT_TYPE).put, THREADS, FakeClock().now
    )

    assert names(outcomes) == ["parked", "written"]
    assert json.loads(outcomes[0].message.body) == foreign


def test_a_refusal_of_the_service_parks_with_its_code_and_request() -> None:
    """An operator finds the request in CloudTrail by its id."""
    client = FakeCustomerProfiles()
    client.fail("bad_request", record_id=GOOD.record_id)

    outcome, *_ = serve(client, [GOOD, *records(3, "other")])

    assert isinstance(outcome, ToPark)
    assert outcome.reason is Reason.REJECTED_BY_SERVICE
    assert outcome.detail.startswith("BadRequestException (request ")
    assert outcome.record_id == GOOD.record_id


@pytest.mark.parametrize(
    "fault", ["throttle", "server_error", "concurrent_update", "access_denied", "drop_after_write"]
)
def test_a_fault_that_is_not_the_records_own_returns_it(fault: str) -> None:
    """Parking it would make an operator's work of an outage."""
    client = FakeCustomerProfiles()
    client.fail_always(fault)

    outcomes = serve(client, [*records(2, "one"), *records(2, "two")])

    assert names(outcomes) == ["returned"] * 4
    assert [outcome.record_id for outcome in outcomes] == ids([*records(2, "one"), *records(2, "two")])


@pytest.mark.parametrize("error", [ZeroDivisionError("mary@example.com"), MemoryError(), RecursionError()])
def test_an_unforeseen_error_costs_only_its_own_record(error: Exception) -> None:
    """A defect is named by its place, not by its text, which may quote the customer."""
    client = FakeCustomerProfiles()
    client.fail(error, record_id=GOOD.record_id)
    others = records(3, "other")

    outcomes = serve(client, [others[0], GOOD, *others[1:]])

    assert names(outcomes) == ["written", "returned", "written", "written"]
    [returned] = [outcome for outcome in outcomes if isinstance(outcome, Returned)]
    assert returned.cause.startswith(f"{type(error).__name__} at profiles.py:")
    assert "mary" not in returned.cause
    assert returned.record_id == GOOD.record_id


def test_details_and_causes_quote_nothing_of_the_customer() -> None:
    """They are logged and travel in message attributes."""
    bodies = [
        '{"userId": "mary@example.com"',
        '{"email": "mary@example.com"}',
        body_with(version="mary@example.com"),
        body_with(offerName="mary@example.com\x00"),
        body_with(engagedAt="mary@example.com"),
        body_with(journey={"source": "s", "kind": "mary@example.com"}),
        body_with(endpoint={"Address": "mary@example.com" * 100_000}),
    ]

    outcomes = serve(FakeCustomerProfiles(), [*bodies, *records(20)])

    assert names(outcomes) == ["parked"] * len(bodies) + ["written"] * 20
    assert not [outcome for outcome in outcomes if isinstance(outcome, ToPark) and "mary" in outcome.detail]


@pytest.mark.parametrize("threads", [1, 2, 64])
def test_the_number_of_threads_changes_nothing_but_the_speed(threads: int) -> None:
    """It is a setting."""
    one, two = records(4, "one"), records(3, "two")
    client = FakeCustomerProfiles()
    client.fail("throttle", record_id=one[1].record_id)

    outcomes = serve(client, [*one[:3], "poison", *two, one[3]], threads)

    assert names(outcomes) == ["written", "returned", "returned", "parked", "written", "written", "written", "returned"]
    assert client.most_at_once <= threads


def test_poison_makes_no_call() -> None:
    """A call is quota: 100 a second for the whole account."""
    client = FakeCustomerProfiles()
    others = records(6)

    assert names(serve(client, ["", "{}", "x", *others])) == ["parked"] * 3 + ["written"] * 6
    assert client.calls == ids(others)


def test_a_defect_of_ours_in_reading_costs_its_message_alone() -> None:
    """Nobody foresaw it; failing the whole batch would use up the neighbours' receives as well."""
    before, broken, after = read_event(sqs_event([GOOD, "body", engagement_record()]))
    unforeseen = replace(broken, body=cast("str", 5))  # what no reader of text expects

    client = FakeCustomerProfiles()
    put = CustomerProfiles(client, DOMAIN, OBJECT_TYPE).put
    outcomes = deliver([before, unforeseen, after], put, THREADS, FakeClock().now)

    assert names(outcomes) == ["written", "returned", "written"]
    assert isinstance(outcomes[1], Returned)
    assert outcomes[1].cause.startswith("TypeError at ")
    assert outcomes[1].message is unforeseen
