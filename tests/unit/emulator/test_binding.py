"""The parts of an HTTP request become an operation's input."""

import pytest

from customer_profiles_emulator.binding import bind, json_object
from customer_profiles_emulator.errors import BadRequestError
from customer_profiles_emulator.model import operations
from customer_profiles_emulator.routing import Route

SEARCH = Route(operations()["SearchProfiles"], {"DomainName": "D"})
GET = Route(operations()["GetDomain"], {"DomainName": "D"})


def test_label_query_and_body_meet_in_one_input() -> None:
    """SearchProfiles uses all three."""
    bound = bind(SEARCH, {"max-results": ["5"], "next-token": ["t"]}, {}, b'{"KeyName": "_email", "Values": ["a"]}')

    assert bound == {"DomainName": "D", "MaxResults": 5, "NextToken": "t", "KeyName": "_email", "Values": ["a"]}


def test_the_body_cannot_overrule_a_label() -> None:
    """A DomainName in the body is not the one that the signature covers in the path."""
    assert bind(SEARCH, {}, {}, b'{"DomainName": "other"}') == {"DomainName": "D"}


def test_nulls_count_as_absent() -> None:
    """The required check then names them as missing."""
    assert bind(SEARCH, {}, {}, b'{"KeyName": null}') == {"DomainName": "D"}


def test_an_operation_without_a_body_ignores_one() -> None:
    """Some clients send an empty object with a GET."""
    assert bind(GET, {}, {}, b"not json") == {"DomainName": "D"}


def test_the_query_has_booleans_and_lists() -> None:
    """Operations that the emulator may learn yet need them."""
    integrations = Route(operations()["ListIntegrations"], {"DomainName": "D"})
    untag = Route(operations()["UntagResource"], {"resourceArn": "arn"})

    assert bind(integrations, {"include-hidden": ["true"]}, {}, b"")["IncludeHidden"] is True
    assert bind(untag, {"tagKeys": ["a", "b"]}, {}, b"")["tagKeys"] == ["a", "b"]
    with pytest.raises(BadRequestError, match="not a boolean"):
        bind(integrations, {"include-hidden": ["yes"]}, {}, b"")


def test_a_query_value_must_have_its_members_type() -> None:
    """MaxResults=many is the caller's error, not a defect."""
    with pytest.raises(BadRequestError, match="not an integer"):
        bind(SEARCH, {"max-results": ["many"]}, {}, b"")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"1",
        b'"x"',
        b"\xff",
        b'{"a": NaN}',
        b'{"a": -Infinity}',
        b'{"a": 1e999}',
        b'{"a": [-1e999]}',
        b"[" * 100_000,
        b'{"a":' + b"9" * 9999,
    ],
)
def test_anything_but_a_json_object_is_refused(content: bytes) -> None:
    """Each of these has broken a parser somewhere."""
    with pytest.raises(BadRequestError):
        json_object(content)
