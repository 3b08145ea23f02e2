"""The parts of an HTTP request become an operation's input, and the model's constraints are checked."""

import re
import string
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from customer_profiles_emulator.service_model import operations
from customer_profiles_emulator.transport.errors import BadRequestError
from customer_profiles_emulator.transport.messages import Request
from customer_profiles_emulator.wire.inputs import bind, check, json_object, violations
from customer_profiles_emulator.wire.model import Route, Shape

SEARCH = Route(operations()["SearchProfiles"], {"DomainName": "D"})
GET = Route(operations()["GetDomain"], {"DomainName": "D"})
PUT = operations()["PutProfileObject"].input
TYPE = operations()["PutProfileObjectType"].input
BATCH = operations()["BatchPutProfileObject"].input
VALID = {"DomainName": "D", "ObjectTypeName": "T", "Object": "{}"}


def bound(route: Route, query: Mapping[str, Sequence[str]], body: bytes) -> dict[str, Any]:
    """The input that a request of the route gives."""
    return bind(route, Request("POST", "/", query, {}, body))


def test_label_query_and_body_meet_in_one_input() -> None:
    """SearchProfiles uses all three."""
    found = bound(SEARCH, {"max-results": ["5"], "next-token": ["t"]}, b'{"KeyName": "_email", "Values": ["a"]}')

    assert found == {"DomainName": "D", "MaxResults": 5, "NextToken": "t", "KeyName": "_email", "Values": ["a"]}


def test_the_body_cannot_overrule_a_label() -> None:
    """A DomainName in the body is not the one that the signature covers in the path."""
    assert bound(SEARCH, {}, b'{"DomainName": "other"}') == {"DomainName": "D"}


def test_nulls_count_as_absent() -> None:
    """The required check then names them as missing."""
    assert bound(SEARCH, {}, b'{"KeyName": null}') == {"DomainName": "D"}


def test_an_operation_without_a_body_ignores_one() -> None:
    """Some clients send an empty object with a GET."""
    assert bound(GET, {}, b"not json") == {"DomainName": "D"}


def test_the_query_has_booleans_and_lists() -> None:
    """Operations that the emulator may learn yet need them."""
    integrations = Route(operations()["ListIntegrations"], {"DomainName": "D"})
    untag = Route(operations()["UntagResource"], {"resourceArn": "arn"})

    assert bound(integrations, {"include-hidden": ["true"]}, b"")["IncludeHidden"] is True
    assert bound(untag, {"tagKeys": ["a", "b"]}, b"")["tagKeys"] == ["a", "b"]
    with pytest.raises(BadRequestError, match="not a boolean"):
        bound(integrations, {"include-hidden": ["yes"]}, b"")


def test_a_query_value_must_have_its_members_type() -> None:
    """MaxResults=many is the caller's error, not a defect."""
    with pytest.raises(BadRequestError, match="not an integer"):
        bound(SEARCH, {"max-results": ["many"]}, b"")


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


def failures(shape: Shape, value: object) -> list[str]:
    """Every constraint that the value fails."""
    return list(violations(shape, value))


def test_a_valid_request_passes() -> None:
    """The check must not be stricter than the model."""
    check(PUT, VALID)


@pytest.mark.parametrize("name", ["DomainName", "ObjectTypeName", "Object"])
def test_a_required_member_may_not_be_absent(name: str) -> None:
    """Any client may leave a member out; not all check it themselves."""
    without = {member: value for member, value in VALID.items() if member != name}

    assert failures(PUT, without) == [
        f"Value at '{name[0].lower()}{name[1:]}' failed to satisfy constraint: Member must not be null"
    ]


@pytest.mark.parametrize(
    ("name", "value", "constraint"),
    [
        ("Object", "", "length greater than or equal to 1"),
        ("Object", "x" * 256_001, "length less than or equal to 256000"),
        ("Object", 5, "be a string"),
        ("Object", "\ud800", "lone surrogate"),
        ("DomainName", "a b", "regular expression pattern"),
        ("DomainName", "a\n", "regular expression pattern"),
        ("DomainName", "x" * 65, "length less than or equal to 64"),
        ("ObjectTypeName", "1x", "regular expression pattern"),
        ("ObjectTypeName", "x" * 256, "length less than or equal to 255"),
    ],
)
def test_a_string_out_of_bounds_is_named_with_its_constraint(name: str, value: object, constraint: str) -> None:
    """These are the limits that the pipeline must meet in tests before it meets them in AWS."""
    (failure,) = failures(PUT, {**VALID, name: value})

    assert constraint in failure


def test_the_longest_object_passes() -> None:
    """A limit that is off by one would park good records."""
    check(PUT, {**VALID, "Object": "ü" * 256_000})


@pytest.mark.parametrize(
    ("members", "constraint"),
    [
        ({"ExpirationDays": 1099}, "value less than or equal to 1098"),
        ({"ExpirationDays": 0}, "value greater than or equal to 1"),
        ({"ExpirationDays": True}, "be an integer"),
        ({"ExpirationDays": 1.5}, "be an integer"),
        ({"AllowProfileCreation": "true"}, "be a boolean"),
        ({"Fields": []}, "be a map"),
        ({"Fields": {"a b": {}}}, "a key of the map"),
        ({"Fields": {"a": {"ContentType": "EMAIL"}}}, "enum value set"),
        ({"Keys": {"k": {}}}, "be a list"),
        ({"Keys": {"k": [None]}}, "not be null"),
        ({"Keys": {"k": [{"StandardIdentifiers": ["PRIMARY"]}]}}, "enum value set"),
    ],
)
def test_every_kind_of_member_is_checked(members: dict[str, Any], constraint: str) -> None:
    """An object type is the deepest request of the service."""
    request = {"DomainName": "D", "ObjectTypeName": "T", "Description": "d", **members}

    assert any(constraint in failure for failure in failures(TYPE, request))


@pytest.mark.parametrize(("count", "passes"), [(0, False), (1, True), (10, True), (11, False)])
def test_a_batch_has_one_to_ten_items(count: int, passes: bool) -> None:  # noqa: FBT001 - a parameter of the case
    """The batched writer splits at this limit."""
    request = {
        "DomainName": "D",
        "ObjectTypeName": "T",
        "Items": [{"Id": str(i), "Object": "{}"} for i in range(count)],
    }

    assert (failures(BATCH, request) == []) == passes


def test_unknown_members_are_ignored() -> None:
    """A newer client may send what this model does not know yet."""
    check(PUT, {**VALID, "Added": 1})


def test_a_null_member_counts_as_absent() -> None:
    """Some SDKs send nulls for what the caller left out."""
    check(TYPE, {"DomainName": "D", "ObjectTypeName": "T", "Description": "d", "ExpirationDays": None})


def test_a_structure_must_be_an_object() -> None:
    """A batch's item that is a string, as a mistaken caller sends it."""
    (failure,) = failures(BATCH, {"DomainName": "D", "ObjectTypeName": "T", "Items": ["{}"]})

    assert failure == "Value at 'items.1.member' failed to satisfy constraint: Member must be an object"


def test_an_answer_names_ten_failures_at_most() -> None:
    """A thousand bad fields must not make a message of a megabyte."""
    fields = {f"f{number}": {"Source": ""} for number in range(1_000)}

    with pytest.raises(BadRequestError, match="10 validation errors detected") as caught:
        check(TYPE, {"DomainName": "D", "ObjectTypeName": "T", "Description": "d", "Fields": fields})

    assert len(caught.value.message) < 2_000


def test_messages_never_repeat_the_value() -> None:
    """A log of the answer must not hold a customer's data."""
    with pytest.raises(BadRequestError) as caught:
        check(PUT, {**VALID, "DomainName": "mary@example.com"})

    assert "mary" not in caught.value.message


@settings(deadline=None)
@given(st.text(alphabet=string.printable + "äß€\ud800", max_size=70))
def test_a_name_passes_exactly_when_the_models_own_words_allow_it(name: str) -> None:
    """The compiled constraints are the model's: pattern and length, nothing else."""
    allowed = re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", name) is not None

    assert (failures(PUT, {**VALID, "DomainName": name}) == []) == allowed


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda children: st.lists(children, max_size=3) | st.dictionaries(st.text(max_size=5), children, max_size=3),
    max_leaves=10,
)


@settings(deadline=None)
@given(
    st.sampled_from(sorted(operations())),
    st.dictionaries(st.sampled_from(["DomainName", "Keys", "Fields", "Items", "Values", "Matching"]), json_values),
)
def test_no_json_value_breaks_the_check(name: str, request: dict[str, Any]) -> None:
    """Whatever a client sends, the answer is a list of failures, never a defect."""
    assert all(isinstance(failure, str) for failure in failures(operations()[name].input, request))
