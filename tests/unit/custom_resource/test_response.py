import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custom_resource.request import RequestEnvelope
from custom_resource.response import Response, Status, encode

ENVELOPE = RequestEnvelope("https://host/answer", "stack", "request", "ProfileObjectType", None)


def test_an_answer_has_what_cloudformation_requires() -> None:
    """A missing member fails the operation with a message that does not help."""
    answer = Response(Status.SUCCESS, "Domain/Offers", "Registered", {"DomainName": "Domain"})
    assert json.loads(encode(answer, ENVELOPE)) == {
        "Status": "SUCCESS",
        "PhysicalResourceId": "Domain/Offers",
        "StackId": "stack",
        "RequestId": "request",
        "LogicalResourceId": "ProfileObjectType",
        "Data": {"DomainName": "Domain"},
        "Reason": "Registered",
    }


def test_a_reason_that_fits_exactly_is_whole() -> None:
    """Not one byte of advice is given away."""
    room = 4096 - len(encode(Response(Status.FAILED, "id", ""), ENVELOPE))
    body = encode(Response(Status.FAILED, "id", "r" * room), ENVELOPE)
    assert len(body) == 4096
    assert json.loads(body)["Reason"] == "r" * room


@given(reason=st.text(st.characters(), max_size=300).map(lambda text: text * 40))
def test_any_reason_keeps_to_the_limit(reason: str) -> None:
    """CloudFormation refuses a longer answer; what is clipped shows that it is, and begins as the reason did."""
    body = encode(Response(Status.FAILED, "id", reason), ENVELOPE)
    written = json.loads(body)["Reason"]
    assert len(body) <= 4096
    if written != json.loads(json.dumps(reason)):
        assert written.endswith(" ...")
        assert len(body) > 4096 - 12


@pytest.mark.parametrize("length", [3_900, 4_000, 10_000])
def test_a_request_with_endless_ids_is_answered_too(length: int) -> None:
    """There is no room for a reason then; its loss must not cost the answer."""
    envelope = RequestEnvelope("https://host/answer", "s" * length, "request", "ProfileObjectType", None)
    answer = json.loads(encode(Response(Status.FAILED, "id", "a long reason " * 40), envelope))
    assert answer["StackId"] == "s" * length
    assert answer["Reason"].endswith(" ...")


@pytest.mark.parametrize("unit", ["p", "\u00e9", '"', "\ud800"])
@pytest.mark.parametrize("status", list(Status))
def test_an_endless_physical_id_is_clipped(unit: str, status: Status) -> None:
    """CloudFormation has none beyond 1 KB, and an answer beyond its limit is none: the stack would wait for an hour."""
    body = encode(Response(status, unit * 10_000, "a reason"), ENVELOPE)
    written = json.loads(body)
    assert len(body) < 4096
    assert written["PhysicalResourceId"].startswith(unit)
    assert len(json.dumps(written["PhysicalResourceId"])) <= 1024 + 2
    assert written["Reason"] == "a reason"


def test_a_physical_id_that_fits_is_whole() -> None:
    """Another id than before would tell CloudFormation that the resource was replaced."""
    longest = "p" * 1024
    assert json.loads(encode(Response(Status.SUCCESS, longest, ""), ENVELOPE))["PhysicalResourceId"] == longest
