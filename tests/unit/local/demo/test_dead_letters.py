"""Whose a parked message is."""

from local.demo.dead_letters import INGEST, WRITER, Claims, Parked, claim
from local.demo.invoking import CustomerAnswer, Status

A = CustomerAnswer("e", "a", Status.QUEUED, "r")
B = CustomerAnswer("e", "b", Status.QUEUED, "r")


def letter(number: int, customer: str | None, body: str = "x", stage: str | None = WRITER) -> Parked:
    """Return a parked message of the record that both customers share."""
    return Parked(f"m{number}", "object_too_large", "r", customer, stage, body)


def test_the_endpoint_that_was_parked_claims_the_message_and_not_its_neighbour() -> None:
    """Endpoints of one user share the record's id."""
    assert claim([A, B], [letter(1, "b")]) == Claims({1: letter(1, "b")}, [], [])


def test_a_message_that_tells_no_customer_is_claimed_by_its_record() -> None:
    """A body that is no record any more still has its id in an attribute."""
    assert claim([A, B], [letter(1, None)]).by_position == {0: letter(1, None)}


def test_a_second_copy_of_a_message_is_not_claimed_by_a_neighbour() -> None:
    """SQS may deliver a record twice, and then it is parked twice; the other endpoint was written."""
    assert claim([A, B], [letter(1, "a"), letter(2, "a")]) == Claims({0: letter(1, "a")}, [letter(2, "a")], [])


def test_what_nobody_claims_is_named() -> None:
    """A message whose customer the run does not know was lost on the way, or is a stranger's."""
    stranger = Parked("m", "not_json", stage=WRITER)
    assert claim([A], [stranger]).unclaimed == [stranger]


def test_a_queued_customer_claims_no_message_of_ingest_and_a_parked_one_none_of_the_writer() -> None:
    """The function's answer says where the customer went."""
    parked = CustomerAnswer("e", "a", Status.PARKED, "r")
    assert claim([A], [letter(1, "a", stage=INGEST)]).by_position == {}
    assert claim([parked], [letter(1, "a", stage=WRITER)]).by_position == {}
    assert claim([parked], [letter(1, "a", stage=None)]).by_position == {0: letter(1, "a", stage=None)}
