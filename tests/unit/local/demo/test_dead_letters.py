"""Whose a parked message is."""

import json

import pytest

from local.demo.dead_letters import INGEST, WRITER, Claims, Parked, claim, parked
from local.demo.invoking import CustomerAnswer, Status
from ops.dlq.message import DlqMessage, parse_message

A = CustomerAnswer("e", "a", Status.QUEUED, "r")
B = CustomerAnswer("e", "b", Status.QUEUED, "r")


def named(number: int, customer: str | None, body: str = "x", stage: str | None = WRITER) -> Parked:
    """Return a parked message of the record that both customers share."""
    return Parked(f"m{number}", "object_too_large", "r", customer, stage, body)


def test_the_endpoint_that_was_parked_claims_the_message_and_not_its_neighbour() -> None:
    """Endpoints of one user share the record's id."""
    assert claim([A, B], [named(1, "b")]) == Claims({1: named(1, "b")}, [], [])


def test_a_message_that_tells_no_customer_is_claimed_by_its_record() -> None:
    """A body that is no record any more still has its id in an attribute."""
    assert claim([A, B], [named(1, None)]).by_position == {0: named(1, None)}


def test_a_second_copy_of_a_message_is_not_claimed_by_a_neighbour() -> None:
    """SQS may deliver a record twice, and then it is parked twice; the other endpoint was written."""
    assert claim([A, B], [named(1, "a"), named(2, "a")]) == Claims({0: named(1, "a")}, [named(2, "a")], [])


def test_what_nobody_claims_is_named() -> None:
    """A message whose customer the run does not know was lost on the way, or is a stranger's."""
    stranger = Parked("m", "not_json", stage=WRITER)
    assert claim([A], [stranger]).unclaimed == [stranger]


def test_a_queued_customer_claims_no_message_of_ingest_and_a_parked_one_none_of_the_writer() -> None:
    """The function's answer says where the customer went."""
    parked = CustomerAnswer("e", "a", Status.PARKED, "r")
    assert claim([A], [named(1, "a", stage=INGEST)]).by_position == {}
    assert claim([parked], [named(1, "a", stage=WRITER)]).by_position == {}
    assert claim([parked], [named(1, "a", stage=None)]).by_position == {0: named(1, "a", stage=None)}


def message(body: object, **attributes: str) -> DlqMessage:
    """Return a message as SQS returns it."""
    return parse_message(
        {
            "MessageId": "m",
            "ReceiptHandle": "h",
            "Body": body if isinstance(body, str) else json.dumps(body),
            "MessageAttributes": {name: {"StringValue": value} for name, value in attributes.items()},
        }
    )


@pytest.mark.parametrize(
    ("body", "attributes", "expected"),
    [
        ({"Endpoints": {"a": {}}}, {"reason": "no_identity"}, Parked("m", "no_identity", customer="a")),
        ({"Items": {"CustomerProfiles": [{"ProfileId": "p"}]}}, {"reason": "x"}, Parked("m", "x", customer="p")),
        ({"Items": {"CustomerProfiles": [None]}}, {"reason": "x"}, Parked("m", "x")),
        ({"omitted": {"customer": "a", "bytes": 9}}, {"reason": "x"}, Parked("m", "x", customer="a")),
        ({"omitted": {"customer": None}}, {"reason": "x"}, Parked("m", "x")),
        ({"recordId": "r"}, {"reason": "x", "recordId": "r"}, Parked("m", "x", record_id="r")),
        (
            {"recordId": "r", "endpointId": "a"},
            {"reason": "x", "recordId": "r", "stage": "writer", "fingerprint": "f"},
            Parked("m", "x", "r", "a", "writer", "f"),
        ),
        ("not JSON", {"reason": "x", "recordId": "r"}, Parked("m", "x", record_id="r")),
        ({"recordId": "r", "endpointId": 1}, {}, Parked("m", "unlabelled", record_id="r")),
        ({"recordId": "r"}, {}, Parked("m", "unlabelled", record_id="r")),
        ("not JSON", {"reason": "not_json"}, Parked("m", "not_json")),
        ("[1]", {"reason": "not_a_record"}, Parked("m", "not_a_record")),
    ],
)
def test_a_parked_message_names_its_customer(body: object, attributes: dict[str, str], expected: Parked) -> None:
    """A customer that was parked is accounted for by name."""
    assert parked(message(body, **attributes)) == expected
