import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import cast

import pytest

from engagement.reasons import Reason
from engagement.record import Customer, EngagementRecord
from engagement.wire import encode
from tests.fakes.clock import FakeClock
from tests.fakes.profiles import DOMAIN, OBJECT_TYPE, REQUEST_ID, FakeCustomerProfiles
from tests.samples import NOW, engagement_record
from tests.sqs_events import sqs_event, sqs_message
from writer.delivery import Outcome, Returned, ToPark, Written, deliver
from writer.message import read_event
from writer.profiles import CustomerProfiles

THREADS = 8
GOOD = engagement_record(customer=Customer(user_id="good"))
OUTCOMES = {Written: "written", ToPark: "parked", Returned: "returned"}


def records(count: int, user: str = "user-1") -> list[EngagementRecord]:
    """Return this many records of one customer, each of another offer."""
    return [
        engagement_record(customer=Customer(user_id=user), offer_name=f"offer {number} of {user}")
        for number in range(count)
    ]


def ids(found: Iterable[EngagementRecord]) -> list[str]:
    """Return the records' ids."""
    return [record.record_id for record in found]


def serve(client: FakeCustomerProfiles, bodies: Iterable[object], threads: int = THREADS) -> list[Outcome]:
    """Deliver these bodies or records as one batch, without retries."""
    return deliver(
        read_event(sqs_event(bodies)), CustomerProfiles(client, DOMAIN, OBJECT_TYPE).put, threads, FakeClock().now
    )


def names(outcomes: Iterable[Outcome]) -> list[str]:
    """Return what became of each message in one word."""
    return [OUTCOMES[type(outcome)] for outcome in outcomes]


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
    assert set(client.objects) == set(ids(batch))


def test_no_message_is_no_outcome() -> None:
    """A test event from the console may be an empty batch."""
    assert serve(FakeCustomerProfiles(), []) == []


def test_customers_are_served_at_once() -> None:
    """Calls mostly wait: one after the other, a batch would not fit into its invocation."""
    client = FakeCustomerProfiles()
    client.meet(THREADS)

    serve(client, [engagement_record(customer=Customer(user_id=f"user-{number}")) for number in range(THREADS * 3)])

    assert client.most_at_once == THREADS


def test_one_customers_records_are_written_one_after_the_other() -> None:
    """The last object that is processed gives the profile its offer: it must be the last of the batch."""
    batch = records(20)
    client = FakeCustomerProfiles()

    serve(client, batch)

    assert client.calls == ids(batch)
    assert client.most_at_once == 1


def test_each_customers_order_holds_while_others_are_served() -> None:
    """Threads change the order between customers, never within one."""
    users = [records(5, f"user-{number}") for number in range(THREADS)]
    batch = [user[turn] for turn in range(5) for user in users]
    client = FakeCustomerProfiles()
    client.meet(THREADS)

    outcomes = serve(client, batch)

    assert names(outcomes) == ["written"] * len(batch)
    for user in users:
        assert [record_id for record_id in client.calls if record_id in ids(user)] == ids(user)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (Customer(email="Mary@Example.com"), Customer(email="mary@example.com")),
        (Customer(user_id="u", email="a@example.com"), Customer(user_id="u", phone="+15551234567")),
        (Customer(profile_id="p", user_id="u"), Customer(profile_id="p", email="a@example.com")),
        (Customer(phone="+15551234567"), Customer(phone="+15551234567")),
    ],
)
def test_a_customer_is_known_by_what_identifies_them(first: Customer, second: Customer) -> None:
    """The same address in another spelling, or another channel of the same user, is the same customer."""
    client = FakeCustomerProfiles()
    batch = [
        engagement_record(customer=customer, offer_name=f"offer {number}")
        for number, customer in enumerate([first, second] * 10)
    ]

    serve(client, batch)

    assert client.calls == ids(batch)
    assert client.most_at_once == 1


def test_after_a_returned_record_the_customers_later_ones_are_returned_untouched() -> None:
    """Written now, they would be overtaken by the returned one, and the profile would show the older offer."""
    batch = records(5)
    client = FakeCustomerProfiles()
    client.fail("throttle", record_id=batch[2].record_id)

    outcomes = serve(client, batch)

    assert names(outcomes) == ["written", "written", "returned", "returned", "returned"]
    assert {outcome.cause for outcome in outcomes if isinstance(outcome, Returned)} == {"ThrottlingException"}
    assert client.calls == ids(batch[:3])


@pytest.mark.parametrize(("fault", "systemic"), [("throttle", False), ("access_denied", True)])
def test_what_somebody_has_to_mend_is_told_of_all_that_it_returns(fault: str, *, systemic: bool) -> None:
    """The records behind it wait for the same mending, and so as long."""
    batch = records(3)
    client = FakeCustomerProfiles()
    client.fail(fault)

    outcomes = serve(client, batch)

    assert [outcome.systemic for outcome in outcomes if isinstance(outcome, Returned)] == [systemic] * 3
    assert [outcome.request_id for outcome in outcomes if isinstance(outcome, Returned)] == [REQUEST_ID, None, None]


def test_a_returned_record_costs_other_customers_nothing() -> None:
    """Order is a matter of one customer."""
    returned, others = records(3, "unlucky"), records(3, "lucky")
    client = FakeCustomerProfiles()
    client.fail("server_error", record_id=returned[0].record_id)

    outcomes = serve(client, [*returned, *others])

    assert names(outcomes) == ["returned"] * 3 + ["written"] * 3


def test_a_parked_record_does_not_hold_up_the_customers_later_ones() -> None:
    """It will never be written, so nothing can be overtaken."""
    batch = records(3)
    client = FakeCustomerProfiles()
    client.fail("bad_request", record_id=batch[1].record_id)

    assert names(serve(client, batch)) == ["written", "parked", "written"]


def test_a_record_that_the_batch_holds_twice_is_written_once() -> None:
    """SQS delivers at least once; accepted at another time is still the same record."""
    record = engagement_record()
    again = replace(record, accepted_at=NOW + timedelta(minutes=1))
    client = FakeCustomerProfiles()

    outcomes = serve(client, [record, again, record])

    assert names(outcomes) == ["written"] * 3
    assert [outcome.duplicate for outcome in outcomes if isinstance(outcome, Written)] == [True, False, True]
    assert client.calls == [record.record_id]


def test_a_duplicate_of_a_refused_record_is_no_duplicate() -> None:
    """Only what was written may stand for another message: a refusal parks each of them."""
    record = engagement_record()
    client = FakeCustomerProfiles()
    client.fail("bad_request", "bad_request", record_id=record.record_id)

    assert names(serve(client, [record, record, *records(3, "other")])) == ["parked"] * 2 + ["written"] * 3


def test_a_duplicate_of_a_returned_record_is_returned() -> None:
    """Deleting either message before the record is written would be a bet on the other."""
    record = engagement_record()
    client = FakeCustomerProfiles()
    client.fail("throttle")

    assert names(serve(client, [record, record])) == ["returned", "returned"]


def versions_of_one_id(*minutes: int) -> list[EngagementRecord]:
    """Return versions of one record, each accepted this long after the first and named by its place."""
    return [
        engagement_record(endpoint={"Version": str(place)}, accepted_at=NOW + timedelta(minutes=minute))
        for place, minute in enumerate(minutes)
    ]


@pytest.mark.parametrize(
    ("accepted", "newest"),
    [
        ((0, 1, 2, 3), "3"),
        ((3, 2, 1, 0), "0"),
        ((0, 5, 2), "1"),
        ((0, 0, 0), "2"),
        ((5, 1, 5, 1), "2"),
    ],
)
def test_of_versions_of_one_record_the_one_accepted_last_is_written(accepted: tuple[int, ...], newest: str) -> None:
    """A queue hands messages out in any order: what came last to it may be the older call's."""
    client = FakeCustomerProfiles()

    outcomes = serve(client, versions_of_one_id(*accepted))

    assert names(outcomes) == ["written"] * len(accepted)
    assert [written["endpoint"]["Version"] for written in client.accepted] == [newest]
    [place] = [
        place for place, outcome in enumerate(outcomes) if isinstance(outcome, Written) and not outcome.duplicate
    ]
    assert str(place) == newest


def test_content_that_comes_back_later_is_written_again() -> None:
    """A, then B, then A: the last call's content is A, though the batch holds it already."""
    first, second = versions_of_one_id(0, 1)
    again = replace(first, accepted_at=NOW + timedelta(minutes=2))
    client = FakeCustomerProfiles()

    serve(client, [first, second, again])

    assert [written["endpoint"]["Version"] for written in client.accepted] == ["0"]


def test_an_older_version_is_written_where_the_newest_never_can_be() -> None:
    """One too large an attribute must not cost the customer what was right before."""
    small, large = versions_of_one_id(0, 1)
    large = replace(large, endpoint={"Notes": "x" * 256_000})
    client = FakeCustomerProfiles()

    assert names(serve(client, [small, large, *records(3, "other")])) == ["written", "parked", *["written"] * 3]
    assert client.objects[small.record_id]["endpoint"] == small.endpoint


def test_older_versions_are_returned_with_the_newest() -> None:
    """Deleted before it is written, they would leave nothing of the record if it came to be parked."""
    client = FakeCustomerProfiles()
    client.fail("throttle")

    outcomes = serve(client, versions_of_one_id(1, 0, 2))

    assert names(outcomes) == ["returned"] * 3
    assert {outcome.cause for outcome in outcomes if isinstance(outcome, Returned)} == {"ThrottlingException"}
    assert len(client.calls) == 1


def test_a_version_waits_for_the_customers_other_record_that_came_before_the_newest() -> None:
    """The profile shows what was written last: a record takes the place of its last acceptance."""
    old, new = versions_of_one_id(0, 1)
    between = engagement_record(offer_name="between")
    client = FakeCustomerProfiles()

    serve(client, [old, between, new])

    assert client.calls == ids([between, new])


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
def test_an_error_that_nobody_foresaw_costs_only_its_own_record(error: Exception) -> None:
    """A defect of ours is told by its place, not by its text, which may quote the customer."""
    client = FakeCustomerProfiles()
    client.fail(error, record_id=GOOD.record_id)
    others = records(3, "other")

    outcomes = serve(client, [others[0], GOOD, *others[1:]])

    assert names(outcomes) == ["written", "returned", "written", "written"]
    [returned] = [outcome for outcome in outcomes if isinstance(outcome, Returned)]
    assert returned.cause.startswith(f"{type(error).__name__} at profiles.py:")
    assert "mary" not in returned.cause


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
