"""The account: every customer is in exactly one place."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from local.demo.account import Account, Parked, WriterCounts, settle, writer_problems
from local.demo.handovers import Handover, Status


def queued(record_id: str, customer: str = "c") -> Handover:
    """Return a customer whose record went to the queue."""
    return Handover("e", customer, Status.QUEUED, record_id)


def parked(customer: str | None) -> Handover:
    """Return a customer whom the function parked."""
    return Handover("e", customer, Status.PARKED)


def test_every_customer_is_found_in_its_place() -> None:
    """The sum is of customers, not of messages, offers or profiles."""
    handovers = [
        queued("r1"),
        queued("r1", "second endpoint"),
        queued("r2"),
        parked("p"),
        Handover("e", "f", Status.FAILED, reason="X"),
    ]
    letters = [
        Parked("m1", "object_too_large", record_id="r2", customer="c"),
        Parked("m2", "no_identity", customer="p"),
    ]
    account = settle(handovers, {"r1"}, letters, waiting=0)
    assert account == Account(
        received=5,
        written=2,
        parked=Counter({"object_too_large": 1, "no_identity": 1}),
        returned=0,
        failed=Counter({"X": 1}),
        missing=0,
        unaccounted=("f of e",),
        records=1,
    )
    assert list(account.problems()) == ["1 not taken over: X"]


def test_a_record_that_is_nowhere_is_missing_by_name() -> None:
    """An answer that said queued proves nothing."""
    account = settle([queued("r1")], set(), [], waiting=0)
    assert (account.missing, account.unaccounted) == (1, ("c of e, record r1",))
    assert list(account.problems()) == ["1 neither in a profile, nor parked, nor in the queue"]


def test_what_the_queue_still_holds_is_returned_not_missing() -> None:
    """The queue tells how many messages it holds, not which."""
    account = settle([queued("r1"), queued("r2")], set(), [], waiting=1)
    assert (account.returned, account.missing) == (1, 1)


def test_a_parked_customer_counts_only_with_a_message_of_its_own() -> None:
    """Two customers cannot both be in one message."""
    account = settle([parked("p"), parked("p"), parked(None)], set(), [Parked("m", "no_identity", customer="p")], 0)
    assert (account.parked.total(), account.missing) == (1, 2)


def test_a_customer_whom_ingest_parked_is_found_by_its_record_or_by_its_id() -> None:
    """A record that is too large for the queue has an id; a customer without identity has no record."""
    handovers = [Handover("e", "a", Status.PARKED, "r1"), Handover("e", "b", Status.PARKED, "r2")]
    letters = [Parked("m1", "x", record_id="r1", customer="a"), Parked("m2", "x", customer="b")]
    assert settle(handovers, set(), letters, 0).parked == Counter({"x": 2})


def test_a_parked_customer_without_an_id_is_found_too() -> None:
    """Its message has no id either."""
    assert settle([parked(None)], set(), [Parked("m", "malformed_customer")], 0).missing == 0


HANDOVERS = st.builds(
    Handover, st.just("e"), st.sampled_from([None, "a", "b"]), st.sampled_from(Status), st.sampled_from("xyz")
)
LETTERS = st.builds(
    Parked, st.just("m"), st.just("reason"), st.sampled_from([None, *"xyz"]), st.sampled_from([None, "a", "b"])
)


@given(st.lists(HANDOVERS), st.sets(st.sampled_from("xyz")), st.lists(LETTERS), st.integers(0, 5))
def test_the_places_always_add_up_to_what_was_received(
    handovers: list[Handover], stored: set[str], letters: list[Parked], waiting: int
) -> None:
    """Whatever went wrong, nobody is counted twice or dropped."""
    account = settle(handovers, stored, letters, waiting)
    counted = account.written + account.parked.total() + account.returned + account.failed.total() + account.missing
    assert counted == account.received == len(handovers)
    assert bool(list(account.problems())) == bool(account.unaccounted)


def test_the_writer_s_log_must_account_for_what_left_the_queue() -> None:
    """Fewer means that an invocation ended without a word; more is a message that was delivered twice."""
    counts = WriterCounts(invocations=2, received=9, written=7, parked=1, returned=1)
    assert [list(writer_problems(queued, 2, counts)) == [] for queued in (9, 10, 11)] == [True, True, False]


def test_what_was_counted_before_the_run_is_not_counted_again() -> None:
    """The stack may have been up for days."""
    assert WriterCounts(3, 30, 20, 5, 6, 4).since(WriterCounts(1, 10, 5, 1, 2, 3)) == WriterCounts(2, 20, 15, 4, 4, 1)
