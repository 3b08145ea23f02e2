"""Customers are served at once; one customer's records, duplicates and versions are written in their order."""

from dataclasses import replace
from datetime import timedelta

import pytest

from engagement.record import Customer, EngagementRecord
from tests.fakes.profiles import REQUEST_ID, FakeCustomerProfiles
from tests.samples import NOW, engagement_record
from tests.unit.writer.deliveries import THREADS, ids, names, records, serve
from writer.delivery import Returned, Written


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
def test_all_that_a_systemic_fault_returns_is_marked_as_systemic(fault: str, *, systemic: bool) -> None:
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
