import json
from datetime import timedelta
from typing import Any

import pytest

from engagement.record import Customer, EngagementRecord
from ingest.shared_user_ids import SharedUserIdMonitor, shared_user_ids
from tests.fakes.channel import FakeChannel
from tests.samples import NOW, endpoint, engagement_record, pinpoint_event

SHARED = {"UserId": "customer-of-the-month"}
ALLOWED = 5
TOO_MANY = 6
"""Addresses of one user id, as the README promises it."""
LINE = "user id shared by too many addresses"


def mailed(count: int, user: Any = SHARED) -> dict[str, Any]:
    """Return the e-mail endpoints of so many people with one user id."""
    return {f"e-{number}": endpoint(number, User=user) for number in range(count)}


def logged(function: FakeChannel) -> list[tuple[int, int]]:
    """Return what was logged of shared user ids: how many were set aside, how many were used."""
    return [(line["set_aside"], line["used"]) for line in function.lines if line["message"] == LINE]


@pytest.mark.parametrize("kind", ["email", "phone"])
def test_more_addresses_than_a_person_has_share_a_user_id(kind: str) -> None:
    """No list of placeholders is complete; strangers differ in their addresses."""
    few, many = ([Customer(user_id="u", **{kind: str(n)}) for n in range(count)] for count in (ALLOWED, TOO_MANY))

    assert shared_user_ids(few) == frozenset()
    assert shared_user_ids(many) == {"u"}


def test_the_devices_of_one_person_share_nothing() -> None:
    """Ten endpoints of one user with the same address, in any case, or with none, are one customer."""
    mails = [Customer(user_id="u", email=email) for email in ("Mary@x.example", "mary@x.example") * 10]
    rest = [Customer(user_id="u")] * 20 + [Customer(email=f"{n}@x.example") for n in range(20)]

    assert shared_user_ids([*mails, *rest, *(Customer(user_id="u", phone=f"+{n}") for n in range(5))]) == frozenset()


def test_strangers_of_one_event_each_keep_their_offer() -> None:
    """Taken for one customer, all but one would lose it, and an agent would see a stranger's."""
    function = FakeChannel()

    function.invoke(pinpoint_event({**mailed(TOO_MANY), "known": endpoint(99)}))

    assert len({record["recordId"] for record in function.queued}) == TOO_MANY + 1
    assert [record["customer"].get("userId") for record in function.queued] == [None] * TOO_MANY + ["user-99"]
    assert logged(function) == [(TOO_MANY, 0)]
    assert function.log.getvalue().count("customer-of-the-month") == 0


def test_who_has_nothing_but_the_shared_id_is_parked() -> None:
    """Nobody can tell who it is."""
    function = FakeChannel()

    function.invoke(pinpoint_event({**mailed(TOO_MANY), "push": endpoint(User=SHARED, ChannelType="GCM")}))

    assert function.reasons == ["no_identity"]
    assert "shared" in function.dead_letters.messages[0].attributes["detail"]
    assert json.loads(function.dead_letters.bodies[0])["Endpoints"]["push"]["User"] == {
        "UserId": None,
        "SharedUserId": SHARED["UserId"],
    }
    assert logged(function) == [(TOO_MANY + 1, 0)]


def test_who_was_parked_beside_strangers_is_the_same_when_sent_alone() -> None:
    """Alone, nothing tells that the user id is shared: it must not be used then either."""
    first, again = FakeChannel(), FakeChannel()
    first.queue.refuse(lambda _: True, "InvalidMessageContents", sender_fault=True)

    answer = first.invoke(pinpoint_event(mailed(TOO_MANY)))
    again.invoke(json.loads(first.dead_letters.bodies[0]))

    assert again.queued[0]["recordId"] == answer["e-0"]["EventAttributes"]["EngagementRecordId"]
    assert again.queued[0]["customer"] == {"email": "customer0@example.com"}


def test_a_repeated_event_is_read_alike_by_every_environment() -> None:
    """What one of them happens to remember must not make another record of the same customer."""
    one, other = FakeChannel(), FakeChannel()
    for number in range(20):
        one.invoke(pinpoint_event({"e": endpoint(number, User=SHARED)}))
    other.invoke(pinpoint_event({"e": endpoint(19, User=SHARED)}))

    assert one.queued[-1]["recordId"] == other.queued[-1]["recordId"]


def test_strangers_of_several_events_are_logged_once() -> None:
    """They are one customer already, and only an operator can undo it: sooner rather than later."""
    function = FakeChannel()
    for number in range(20):
        function.invoke(pinpoint_event({"e": endpoint(number, User=SHARED)}))

    assert logged(function) == [(0, 1)]
    [line] = [line for line in function.lines if line["message"] == LINE]
    assert line["used_record_ids"] == [function.queued[ALLOWED]["recordId"]]


def record(user_id: str, email: str) -> EngagementRecord:
    """Return the record of one customer."""
    return engagement_record(customer=Customer(user_id=user_id, email=email))


@pytest.mark.parametrize(("minutes", "reported"), [(60, 1), (61, 0)])
def test_addresses_are_forgotten_after_an_hour(minutes: int, reported: int) -> None:
    """Over years a person has many."""
    monitor = SharedUserIdMonitor()
    monitor.note([record("u", f"{n}@x.example") for n in range(ALLOWED)], NOW)

    found = monitor.note([record("u", "one-more@x.example")], NOW + timedelta(minutes=minutes))

    assert len(found) == reported


@pytest.mark.parametrize(("others", "reported"), [(9_999, 1), (10_000, 0)])
def test_the_last_ten_thousand_user_ids_are_remembered(others: int, reported: int) -> None:
    """An environment lives for hours and sees millions of customers."""
    monitor = SharedUserIdMonitor()
    monitor.note([record("u", f"{n}@x.example") for n in range(ALLOWED)], NOW)
    monitor.note([record(f"user-{n}", "a@x.example") for n in range(others)], NOW)

    assert len(monitor.note([record("u", "one-more@x.example")], NOW + timedelta(seconds=1))) == reported


def test_a_user_id_that_is_seen_again_is_not_forgotten_before_others() -> None:
    """The one that many customers share is the one that comes most often."""
    monitor = SharedUserIdMonitor()
    monitor.note([record("u", f"{n}@x.example") for n in range(ALLOWED - 1)], NOW)
    for start in (0, 9_000):
        monitor.note([record(f"user-{start + n}", "a@x.example") for n in range(9_000)], NOW)
        monitor.note([record("u", f"{ALLOWED - 1}@x.example")], NOW)

    assert len(monitor.note([record("u", "one-more@x.example")], NOW)) == 1


def test_nobody_is_noted_without_user_id_or_address() -> None:
    """There is nothing to compare."""
    customers = [Customer(user_id="u")] * 20 + [Customer(email=f"{n}@x.example") for n in range(20)]
    records = [engagement_record(customer=customer) for customer in customers]

    assert SharedUserIdMonitor().note(records, NOW) == []
