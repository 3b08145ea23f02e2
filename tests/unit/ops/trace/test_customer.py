"""Whose message it is, in all forms that a body may have."""

import json

import pytest

from engagement.record import Customer
from engagement.text import fitting
from engagement.wire import encode
from ops.trace.customer import is_of_customer
from tests.samples import endpoint, engagement_record, pinpoint_event


@pytest.mark.parametrize(
    "body",
    [
        encode(engagement_record()),
        json.dumps(pinpoint_event()),
        json.dumps({"Items": {"CustomerProfiles": [{"CustomerData": json.dumps({"accountNumber": "user-1"})}]}}),
        json.dumps({"errorMessage": "no", "object": json.dumps({"UserId": "user-1"})}),
    ],
)
def test_a_customer_s_messages_are_found_in_every_form(body: str) -> None:
    """Records, both sources' events, and what the domain could not attach."""
    assert is_of_customer(body, Customer(user_id="user-1"))
    assert not is_of_customer(body, Customer(user_id="user-2"))


@pytest.mark.parametrize(
    ("body", "customer"),
    [
        (encode(engagement_record(customer=Customer(email="Mary@example.com"))), Customer(email="mary@EXAMPLE.com")),
        (json.dumps(pinpoint_event({"one": endpoint(Address="mary@example.com")})), Customer(email="mary@example.com")),
        (encode(engagement_record(customer=Customer(phone="+12065550100"))), Customer(phone="+12065550100")),
        (json.dumps({"Endpoints": {"one": {"Address": "+1 (206) 555-0100"}}}), Customer(phone="+12065550100")),
        (encode(engagement_record(customer=Customer(profile_id="a" * 32))), Customer(profile_id="a" * 32)),
        (json.dumps({"Items": {"CustomerProfiles": [{"ProfileId": "a" * 32}]}}), Customer(profile_id="a" * 32)),
        (
            json.dumps(pinpoint_event({"one": {"Address": "mary@b\u00fccher.example."}})),
            Customer(email="mary@xn--bcher-kva.example"),
        ),
        (json.dumps(pinpoint_event({"one": {"Address": "tel:+1-206-555-0100"}})), Customer(phone="+12065550100")),
        (json.dumps({"object": json.dumps({"email": "mary@example.com"})}), Customer(email="mary@example.com")),
    ],
)
def test_a_customer_s_messages_are_found_by_each_of_their_keys(body: str, customer: Customer) -> None:
    """Not everybody has a user id; and one key is never taken for another."""
    assert is_of_customer(body, customer)
    assert not is_of_customer(body, Customer(user_id=customer.key[1]))
    assert not is_of_customer(body, Customer(email="ann@example.com", phone="+12065550199", profile_id="b" * 32))


@pytest.mark.parametrize(
    ("written", "user_id"), [(" user-1\u200b", "user-1"), (1759, "1759"), ("x" * 300, fitting("x" * 300))]
)
def test_a_user_id_is_found_as_it_came(written: object, user_id: str) -> None:
    """The parked event has it as the journey wrote it, a record as it was read."""
    assert is_of_customer(json.dumps({"User": {"UserId": written}}), Customer(user_id=user_id))


def test_a_national_number_is_found_by_the_default_region() -> None:
    """The operator types it as the profile has it."""
    body = json.dumps({"Endpoints": {"one": {"Address": "(206) 555-0100"}}})

    assert is_of_customer(body, Customer(phone="+12065550100"), "US")
    assert not is_of_customer(body, Customer(phone="+12065550100"))


@pytest.mark.parametrize(
    "body",
    [
        "",
        "user-1",
        "[]",
        '"user-1"',
        "[" * 100_000,
        '{"note": "user-1"}',
        '{"email": "user-1"}',
        '{"Address": "a@b@c"}',
    ],
)
def test_a_body_that_cannot_be_read_is_nobody_s(body: str) -> None:
    """Anything may be in a dead-letter queue."""
    assert not is_of_customer(body, Customer(user_id="user-1"))
