"""Sending events to the functions, with a Lambda client that answers from memory; and what an answer says."""

import io
import json
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ClientError, ReadTimeoutError

from local.demo.events import Event
from local.demo.invoking import (
    CustomerAnswer,
    Functions,
    Invocation,
    Status,
    answered,
    customers,
    failed,
    invoke_all,
)

EVENT = Event("e", '{"Endpoints": {"a": {}}}', {"Endpoints": {"a": {}}}, viewed=True)


@dataclass
class FakeLambda:
    """Answers every call with one payload, or one error."""

    payload: bytes = b"{}"
    function_error: str | None = None
    error: Exception | None = None
    calls: list[tuple[str, bytes]] = field(default_factory=list)

    def invoke(self, *, FunctionName: str, Payload: bytes) -> Any:  # noqa: N803 - boto3's
        """Answer as Lambda does."""
        self.calls.append((FunctionName, Payload))
        if self.error is not None:
            raise self.error
        answer: dict[str, Any] = {"Payload": io.BytesIO(self.payload)}
        return answer if self.function_error is None else answer | {"FunctionError": self.function_error}


def failure(client: FakeLambda) -> str | None:
    """Return how one invocation failed."""
    (invocation,) = invoke_all(client, [(EVENT, "f")])
    assert [answer.status for answer in invocation.answers] == [Status.FAILED]
    return invocation.failure


def test_the_text_of_the_file_is_what_the_function_gets() -> None:
    """Reading and writing JSON again could hide what is wrong with a file."""
    client = FakeLambda(
        json.dumps({"a": {"EventAttributes": {"EngagementStatus": "queued", "EngagementRecordId": "r"}}}).encode()
    )
    assert list(invoke_all(client, [(EVENT, "f")])) == [
        Invocation("e", [CustomerAnswer("e", "a", Status.QUEUED, "r")]),
    ]
    assert client.calls == [("f", EVENT.text.encode())]


def test_answers_come_in_the_order_of_the_events() -> None:
    """Several run at once; a person reads them in order."""
    events = [Event(str(number), "{}", {}, viewed=True) for number in range(20)]
    assert [done.event for done in invoke_all(FakeLambda(), [(event, "f") for event in events])] == [
        event.name for event in events
    ]


def test_a_function_s_error_is_shown_with_its_type_and_message() -> None:
    """It is what the journey's owner would read."""
    payload = json.dumps({"errorType": "InvalidEventError", "errorMessage": "no known\x1b contract"}).encode()
    assert failure(FakeLambda(payload, "Unhandled")) == "InvalidEventError: no known\\x1b contract"


def test_a_refused_call_is_a_failed_invocation() -> None:
    """One event that is too large must not end the run."""
    error = ClientError({"Error": {"Code": "RequestTooLargeException", "Message": "6 MB"}}, "Invoke")
    assert failure(FakeLambda(error=error)) == "RequestTooLargeException: 6 MB"
    assert (failure(FakeLambda(error=ReadTimeoutError(endpoint_url="u"))) or "").startswith("ReadTimeoutError: ")


def test_an_answer_that_is_none_is_a_failed_invocation() -> None:
    """A contract without an answer is a broken contract."""
    assert failure(FakeLambda(b"")) == "NoAnswer: the function's answer is not JSON"
    assert failure(FakeLambda(b"null")) == "NoAnswer: the function answered with a NoneType"
    assert failure(FakeLambda(b'"oops"', "Unhandled")) == "Unhandled: oops"


def test_an_event_goes_to_the_function_that_its_name_says() -> None:
    """Where it says nothing, the caller decides."""
    functions = Functions("viewed", "not-viewed")
    silent = Event("e", "{}", {}, viewed=None)
    seen = [functions.of(event, otherwise=otherwise) for event in (EVENT, silent) for otherwise in (True, False)]
    assert seen == ["viewed", "viewed", "viewed", "not-viewed"]


PINPOINT: dict[str, Any] = {"Endpoints": {"a": {}, "b": {}, "c": {}}}


def connect(*ids: object) -> dict[str, Any]:
    """Return a Connect event with these profile ids."""
    return {"Items": {"CustomerProfiles": [{"ProfileId": profile_id} for profile_id in ids]}}


def result(profile_id: str, status: str, record_id: str) -> dict[str, Any]:
    """Return one result of an answer to Connect."""
    return {"Id": profile_id, "ResultData": {"status": status, "recordId": record_id}}


def test_pinpoint_s_answer_is_read_by_endpoint() -> None:
    """The answer is what a journey branches on: it is what the demo believes."""
    answer = {
        "a": {"EventAttributes": {"EngagementStatus": "queued", "EngagementRecordId": "r1"}},
        "b": {"EventAttributes": {"EngagementStatus": "parked", "EngagementReason": "no_identity"}},
        "c": {"EventAttributes": {"EngagementStatus": "failed", "EngagementReason": "ServiceUnavailable"}},
    }
    assert answered("e", PINPOINT, answer) == [
        CustomerAnswer("e", "a", Status.QUEUED, "r1"),
        CustomerAnswer("e", "b", Status.PARKED, reason="no_identity"),
        CustomerAnswer("e", "c", Status.FAILED, reason="ServiceUnavailable"),
    ]


def test_whom_the_answer_leaves_out_must_have_been_parked() -> None:
    """An endpoint id that cannot be written cannot be answered; the dead-letter queue then has the customer."""
    assert {answer.status for answer in answered("e", PINPOINT, {})} == {Status.PARKED}


def test_connect_s_answer_is_read_by_profile_in_order() -> None:
    """A profile that is in an event twice has two results."""
    answer = {"Items": {"CustomerProfiles": [result("p", "queued", "r1"), result("p", "queued", "r2")]}}
    assert answered("e", connect("p", None, "p", "q"), answer) == [
        CustomerAnswer("e", "p", Status.QUEUED, "r1"),
        CustomerAnswer("e", None, Status.PARKED),
        CustomerAnswer("e", "p", Status.QUEUED, "r2"),
        CustomerAnswer("e", "q", Status.PARKED),
    ]


def test_every_customer_of_a_failed_invocation_has_failed() -> None:
    """None of them may drop out of the account."""
    assert failed("e", connect("p", "q"), "Unhandled") == [
        CustomerAnswer("e", "p", Status.FAILED, reason="Unhandled"),
        CustomerAnswer("e", "q", Status.FAILED, reason="Unhandled"),
    ]


def test_an_event_of_no_contract_has_no_customers() -> None:
    """The function refuses it; the demo must not stumble first."""
    strange: list[dict[str, Any]] = [{}, {"Endpoints": []}, {"Items": 1}, {"Items": {"CustomerProfiles": {}}}]
    assert [customers(event) for event in strange] == [[], [], [], []]


def test_a_customer_s_name_cannot_move_the_cursor() -> None:
    """An id comes from outside, and is shown on a terminal."""
    shown = str(CustomerAnswer("e", "a\x1b[2J\ud800", Status.FAILED, "r1"))
    assert (shown.isprintable(), shown) == (True, "a\\x1b[2J\\ud800 of e, record r1")
