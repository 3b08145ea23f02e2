"""Whose message it is, in all forms that a body may have."""

import json

import pytest

from engagement.wire import encode
from ops.trace.customer import is_of_user
from tests.samples import engagement_record, pinpoint_event


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
    assert is_of_user(body, "user-1")
    assert not is_of_user(body, "user-2")


@pytest.mark.parametrize("body", ["", "user-1", "[]", '"user-1"', "[" * 100_000, '{"note": "user-1"}'])
def test_a_body_that_cannot_be_read_is_nobody_s(body: str) -> None:
    """Anything may be in a dead-letter queue."""
    assert not is_of_user(body, "user-1")
