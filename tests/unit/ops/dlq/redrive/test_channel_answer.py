"""A channel function's answer counts only if it is the contract's, about that very customer."""

import json
from collections.abc import Mapping
from io import BytesIO
from typing import Any

import pytest
from urllib3.exceptions import DecodeError

from engagement.sqs_batch import Entry
from ingest.sources import connect, pinpoint
from ops.dlq.redrive.channel_answer import EventCustomer, customer_of
from ops.dlq.redrive.send import Dispatch, SendRequest, SendResult, SendStatus
from tests.fakes.clock import FakeClock
from tests.fakes.queues import ENGAGEMENT
from tests.samples import pinpoint_event
from tests.unit.ops.dlq.redrive.answers import Answers, said

RECORD = "0" * 32


CONNECT_EVENT = {
    "InvocationMetadata": {"CampaignContext": {"CampaignId": "campaign-1", "RunId": "run-1", "ActionId": "action-1"}},
    "Items": {"CustomerProfiles": [{"ProfileId": "a" * 32, "CustomerData": "{}"}]},
}


PINPOINT, CONNECT = EventCustomer(pinpoint, "endpoint-1"), EventCustomer(connect, "a" * 32)


def _pinpoint(key: str = "endpoint-1", status: object = "parked", **more: object) -> dict[str, Any]:
    return {key: {"EventAttributes": {"EngagementStatus": status, "EngagementReason": "no_identity", **more}}}


def _connect(*ids: str, status: object = "parked") -> dict[str, Any]:
    data = {"status": status, "reason": "no_identity"}
    return {"Items": {"CustomerProfiles": [{"Id": one, "ResultData": data} for one in ids]}}


NO_CONTRACT: Mapping[str, object] = {
    "a page": b"<!doctype html><title>Sign in</title>",
    "nothing": b"",
    "blanks": b" \n",
    "half of an answer": json.dumps(_pinpoint()).encode()[:-9],
    "bytes": b"\xff\xfe\x00",
    "too deep": b"[" * 200_000,
    "null": None,
    "true": True,
    "a number": 7,
    "a text": "parked",
    "a list": [],
    "a list of what it should be": [_pinpoint()],
    "a map of nothing": {},
    "an answer of API Gateway": {"statusCode": 200, "body": json.dumps(_pinpoint())},
    "an error without FunctionError": {"errorType": "InvalidEventError", "errorMessage": "parked"},
    "another customer": _pinpoint("endpoint-2"),
    "the customer and another": _pinpoint() | _pinpoint("endpoint-2"),
    "the customer and more": _pinpoint() | {"message": "parked"},
    "no attributes": {"endpoint-1": {}},
    "attributes that are none": {"endpoint-1": {"EventAttributes": "parked"}},
    "the customer as a text": {"endpoint-1": "parked"},
    "the status elsewhere": {"endpoint-1": {"EngagementStatus": "parked"}},
    "no status": {"endpoint-1": {"EventAttributes": {"EngagementReason": "no_identity"}}},
    "an unknown status": _pinpoint(status="dropped"),
    "a status in capitals": _pinpoint(status="PARKED"),
    "a status that is no text": _pinpoint(status=["parked"]),
    "a status that is null": _pinpoint(status=None),
    "queued without a record": _pinpoint(status="queued"),
    "queued with a record that is none": _pinpoint(status="queued", EngagementRecordId="none"),
    "a reason that is no text": _pinpoint(EngagementReason=7),
    "Connect's contract for Pinpoint's customer": _connect("endpoint-1"),
}


NO_CONTRACT_OF_CONNECT: Mapping[str, object] = {
    "nobody": _connect(),
    "another customer": _connect("b" * 32),
    "the customer twice": _connect("a" * 32, "a" * 32),
    "the customer and another": _connect("a" * 32, "b" * 32),
    "an unknown status": _connect("a" * 32, status="done"),
    "no data": {"Items": {"CustomerProfiles": [{"Id": "a" * 32}]}},
    "profiles that are none": {"Items": {"CustomerProfiles": ["a" * 32]}},
    "items that are none": {"Items": []},
    "more than items": _connect("a" * 32) | {"message": "parked"},
    "Pinpoint's contract for Connect's customer": _pinpoint("a" * 32),
}


def _invoke(answer: Any, customer: EventCustomer | None = PINPOINT) -> SendResult:
    sqs: Any = Answers()
    functions: Any = Answers(answer)
    request = SendRequest("message-1", Entry("{}"), "viewed", customer)
    [sent] = Dispatch(sqs, ENGAGEMENT, functions, FakeClock()).send([request])
    return sent


@pytest.mark.parametrize("payload", NO_CONTRACT.values(), ids=NO_CONTRACT)
def test_an_answer_that_is_not_the_contracts_leaves_the_customer_in_doubt(payload: object) -> None:
    """Nobody knows what became of them, so nothing may be deleted."""
    assert _invoke(said(payload)).status is SendStatus.IN_DOUBT


@pytest.mark.parametrize("payload", NO_CONTRACT_OF_CONNECT.values(), ids=NO_CONTRACT_OF_CONNECT)
def test_the_same_holds_for_connects_contract(payload: object) -> None:
    """Its answer names the profile in a list."""
    assert _invoke(said(payload), CONNECT).status is SendStatus.IN_DOUBT


@pytest.mark.parametrize(
    ("customer", "payload", "fate"),
    [
        (PINPOINT, _pinpoint(), SendStatus.PARKED_AGAIN),
        (PINPOINT, _pinpoint(EngagementRecordId=RECORD), SendStatus.PARKED_AGAIN),
        (PINPOINT, _pinpoint(status="queued", EngagementRecordId=RECORD), SendStatus.SENT),
        (CONNECT, _connect("a" * 32), SendStatus.PARKED_AGAIN),
        (CONNECT, _connect("a" * 32, status="failed"), SendStatus.REJECTED),
    ],
)
def test_the_contracts_own_word_of_that_very_customer_counts(
    customer: EventCustomer, payload: Mapping[str, Any], fate: SendStatus
) -> None:
    """Each status is what it says."""
    assert _invoke(said(payload), customer).status is fate


@pytest.mark.parametrize(
    "answer",
    [
        None,
        {},
        [],
        {"StatusCode": 200},
        {"StatusCode": 200, "Payload": None},
        {"StatusCode": 202, "Payload": BytesIO(json.dumps(_pinpoint()).encode())},
        {"StatusCode": 204, "Payload": BytesIO(b"")},
        {"StatusCode": None, "Payload": BytesIO(json.dumps(_pinpoint()).encode())},
        {"StatusCode": 200, "FunctionError": "Unhandled", "Payload": BytesIO(json.dumps(_pinpoint()).encode())},
        {"StatusCode": 200, "FunctionError": "Unhandled", "Payload": BytesIO(b"<html>")},
        {"StatusCode": 200, "FunctionError": "Unhandled", "Payload": BytesIO(b'{"errorType": "Sandbox.Timedout"}')},
        {"Payload": BytesIO(json.dumps(_pinpoint()).encode()), "LogResult": "parked"},
    ],
)
def test_what_lambda_itself_says_counts_as_well(answer: object) -> None:
    """A call that Lambda only queued, a function that failed, an answer without a status: all leave the doubt."""
    assert _invoke(answer).status is SendStatus.IN_DOUBT


def test_an_answer_without_an_order_of_one_customer_says_nothing() -> None:
    """There is nobody of whom it could."""
    assert _invoke(said(_pinpoint()), None).status is SendStatus.IN_DOUBT


def test_a_body_that_cannot_be_read_leaves_the_doubt() -> None:
    """Cut, or packed by something in between: the function may have been called."""

    class Broken(BytesIO):
        def read(self, *_: Any) -> bytes:
            raise DecodeError("incorrect header check")

    sent = _invoke({"StatusCode": 200, "Payload": Broken()})
    assert (sent.status, sent.call_failed) == (SendStatus.IN_DOUBT, True)


@pytest.mark.parametrize(
    ("event", "customer"),
    [
        (pinpoint_event({"endpoint-1": {}}), PINPOINT),
        (CONNECT_EVENT, CONNECT),
        (pinpoint_event({}), None),
        (pinpoint_event({"endpoint-1": {}, "endpoint-2": {}}), None),
        ({"Endpoints": None}, None),
        ({"Items": {"CustomerProfiles": []}}, None),
        ({"Items": {"CustomerProfiles": [{"ProfileId": "a"}, {"ProfileId": "a"}]}}, None),
        ({"Items": {"CustomerProfiles": [{}]}}, None),
        ({"Items": {}, "Endpoints": {"endpoint-1": {}}}, None),
        ({"omitted": {"customer": "endpoint-1"}}, None),
        ({}, None),
        ([], None),
        ("endpoint-1", None),
    ],
)
def test_an_event_has_exactly_one_customer_whom_an_answer_can_name(
    event: object, customer: EventCustomer | None
) -> None:
    """Of no other could it be said afterwards what became of whom."""
    assert customer_of(json.dumps(event)) == customer
