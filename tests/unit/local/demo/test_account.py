"""The account: every customer is in exactly one place; and whether the writer's own log agrees."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.demo.account import Account, Waiting, disagreements, settle
from local.demo.dead_letters import INGEST, WRITER, Parked
from local.demo.invoking import CustomerAnswer, Status
from local.demo.writer_log import WriterCounts


def queued(record_id: str, customer: str = "c") -> CustomerAnswer:
    """Return a customer whose record went to the queue."""
    return CustomerAnswer("e", customer, Status.QUEUED, record_id)


def parked(customer: str | None) -> CustomerAnswer:
    """Return a customer whom the function parked."""
    return CustomerAnswer("e", customer, Status.PARKED)


def test_every_customer_is_found_in_its_place() -> None:
    """The sum is of customers, not of messages, offers or profiles."""
    answers = [
        queued("r1"),
        queued("r1", "second endpoint"),
        queued("r2"),
        parked("p"),
        CustomerAnswer("e", "f", Status.FAILED, reason="X"),
    ]
    letters = [
        Parked("m1", "object_too_large", record_id="r2", customer="c"),
        Parked("m2", "no_identity", customer="p"),
    ]
    account = settle(answers, {"r1"}, letters, Waiting())
    assert account == Account(
        received=5,
        written=2,
        parked=Counter({"object_too_large": 1, "no_identity": 1}),
        returned=0,
        failed=Counter({"X": 1}),
        missing=0,
        unaccounted=("f of e",),
        records=1,
        queued=3,
        parked_by_writer=1,
    )
    assert list(account.problems()) == ["1 not accepted: X"]


def test_one_endpoint_of_a_user_is_written_and_the_other_parked() -> None:
    """They share the record's id: that its object is stored says nothing of the endpoint that was parked."""
    answers = [queued("r1"), queued("r2", "small"), queued("r2", "large")]
    letters = [Parked("m1", "object_too_large", "r2", "large", WRITER)]
    account = settle(answers, {"r1", "r2"}, letters, Waiting())
    assert (account.written, account.parked) == (2, Counter({"object_too_large": 1}))


def test_what_an_earlier_run_stored_does_not_count_as_written() -> None:
    """The same events give the same records; these are still in the queue."""
    account = settle([queued("r1"), queued("r2")], set(), [], Waiting(0, 2))
    assert (account.written, account.returned, account.earlier) == (0, 2, 0)


def test_what_waited_before_the_run_is_counted_apart() -> None:
    """It is no customer's of this run, and no fault of it."""
    account = settle([queued("r1"), queued("r2")], {"r1"}, [], Waiting(5, 6))
    assert (account.written, account.returned, account.earlier, account.missing) == (1, 1, 5, 0)


def test_an_endpoint_that_waits_behind_a_written_one_of_the_same_user_waits() -> None:
    """The record's object is there, but the queue holds a message more than the others explain."""
    account = settle([queued("r1"), queued("r1", "second"), queued("r2")], {"r1", "r2"}, [], Waiting(0, 1))
    assert (account.written, account.returned, account.earlier) == (2, 1, 0)
    assert account.unaccounted == ("second of e, record r1",)


def test_a_parked_message_that_nobody_claims_is_reported() -> None:
    """It may be the only trace of a customer."""
    account = settle([queued("r1")], {"r1"}, [Parked("m", "not_json", stage=WRITER)], Waiting())
    assert (account.written, account.unclaimed, account.parked_by_writer) == (1, Counter({"not_json": 1}), 1)


def test_a_record_that_is_nowhere_is_missing_by_name() -> None:
    """An answer that said queued proves nothing."""
    account = settle([queued("r1")], set(), [], Waiting())
    assert (account.missing, account.unaccounted) == (1, ("c of e, record r1",))
    assert list(account.problems()) == ["1 neither in a profile, nor parked, nor in the queue"]


def test_what_the_queue_still_holds_is_returned_not_missing() -> None:
    """The queue tells how many messages it holds, not which."""
    account = settle([queued("r1"), queued("r2")], set(), [], Waiting(0, 1))
    assert (account.returned, account.missing) == (1, 1)


def test_a_parked_customer_counts_only_with_a_message_of_its_own() -> None:
    """Two customers cannot both be in one message."""
    account = settle(
        [parked("p"), parked("p"), parked(None)], set(), [Parked("m", "no_identity", customer="p")], Waiting()
    )
    assert (account.parked.total(), account.missing) == (1, 2)


def test_a_customer_whom_ingest_parked_is_found_by_its_record_or_by_its_id() -> None:
    """A record that is too large for the queue has an id; a customer without identity has no record."""
    answers = [CustomerAnswer("e", "a", Status.PARKED, "r1"), CustomerAnswer("e", "b", Status.PARKED, "r2")]
    letters = [Parked("m1", "x", record_id="r1", customer="a"), Parked("m2", "x", customer="b")]
    assert settle(answers, set(), letters, Waiting()).parked == Counter({"x": 2})


def test_a_parked_customer_without_an_id_is_found_too() -> None:
    """Its message has no id either."""
    assert settle([parked(None)], set(), [Parked("m", "malformed_customer")], Waiting()).missing == 0


HANDOVERS = st.builds(
    CustomerAnswer, st.just("e"), st.sampled_from([None, "a", "b"]), st.sampled_from(Status), st.sampled_from("xyz")
)
LETTERS = st.builds(
    Parked,
    st.just("m"),
    st.just("reason"),
    st.sampled_from([None, *"xyz"]),
    st.sampled_from([None, "a", "b"]),
    st.sampled_from([None, INGEST, WRITER]),
    st.sampled_from([None, "f", "g"]),
)
WAITING = st.builds(Waiting, st.integers(0, 5), st.integers(0, 5))


@given(st.lists(HANDOVERS), st.sets(st.sampled_from("xyz")), st.lists(LETTERS), WAITING)
def test_the_places_always_add_up_to_what_was_received(
    answers: list[CustomerAnswer], stored: set[str], letters: list[Parked], waiting: Waiting
) -> None:
    """Whatever went wrong, nobody is counted twice or dropped."""
    account = settle(answers, stored, letters, waiting)
    counted = account.written + account.parked.total() + account.returned + account.failed.total() + account.missing
    assert counted == account.received == len(answers)
    assert bool(list(account.problems())) == bool(account.unaccounted)


ACCOUNT = Account(4, 2, Counter({"too_large": 1}), 1, Counter(), 0, queued=4, parked_by_writer=1)
LEFT_ONE = Waiting(0, 1)
COUNTS = WriterCounts(invocations=2, received=4, written=2, parked=1, returned=1)


def said(account: Account = ACCOUNT, waiting: Waiting = LEFT_ONE, counts: WriterCounts = COUNTS) -> list[str]:
    """Return the disagreements."""
    return list(disagreements(account, waiting, counts))


def test_an_account_that_the_log_bears_out_is_not_questioned() -> None:
    """Written, parked and waiting are what was queued, for both."""
    assert said() == []


def test_a_backlog_of_earlier_runs_is_part_of_the_sum() -> None:
    """The writer does not know runs."""
    assert said(replace(ACCOUNT, earlier=3), Waiting(5, 4), replace(COUNTS, written=4)) == []


@pytest.mark.parametrize(
    ("account", "waiting", "counts", "problem"),
    [
        (ACCOUNT, LEFT_ONE, replace(COUNTS, written=1), "3 messages left the queue"),
        (ACCOUNT, LEFT_ONE, replace(COUNTS, written=3), "counts 4 written or parked, but 3"),
        (replace(ACCOUNT, written=3), LEFT_ONE, COUNTS, "3 customers look written, but the writer's log counts 2"),
        (
            replace(ACCOUNT, parked_by_writer=0),
            Waiting(0, 1),
            COUNTS,
            "but the dead-letter queue has 0",
        ),
        (replace(ACCOUNT, earlier=2), Waiting(1, 2), COUNTS, "1 in the queue that are neither"),
        (replace(ACCOUNT, unclaimed=Counter({"not_json": 1})), LEFT_ONE, COUNTS, "1 not_json parked in this run"),
    ],
)
def test_each_difference_is_named(account: Account, waiting: Waiting, counts: WriterCounts, problem: str) -> None:
    """A false account that ends well is worse than none."""
    assert any(problem in sentence for sentence in said(account, waiting, counts))


def test_an_earlier_run_s_records_may_be_parked_meanwhile() -> None:
    """They left the queue, where they had waited since then."""
    account = replace(ACCOUNT, unclaimed=Counter({"x": 1}), parked_by_writer=2)
    assert said(account, Waiting(1, 1), replace(COUNTS, parked=2)) == []
