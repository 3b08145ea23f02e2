from collections.abc import Iterator
from dataclasses import replace

import pytest

from bootstrap.provisioning import ObjectTypeProvisioner
from custom_resource.errors import ResponseNotSentError
from custom_resource.response_url import ResponseUrl
from engagement.call_timeout import ThreadCallTimeout
from engagement.errors import InvalidEventError
from tests.fakes.bootstrap_function import TARGET, UNUSED_URL, Function
from tests.fakes.call_timeout import HangError
from tests.fakes.cloudformation import STACK_ID, ResponseUrlServer, resource_request
from tests.fakes.invocation import FakeContext

OTHER_QUEUE_URL = "https://sqs.eu-west-1.amazonaws.com/123456789012/other"
DELETE_IT = {"DeleteObjectTypeOnStackDelete": "true"}
EARLIER = STACK_ID.replace("6d5f2c40", "5c4e1b3f")
OFFERS = replace(TARGET, name="Offers")


@pytest.fixture
def function() -> Function:
    """The function, in an account that has the domain."""
    return Function()


def test_a_failed_update_keeps_its_id(function: Function) -> None:
    """Another id would make CloudFormation delete the one that is still in use."""
    created = function("Create")["PhysicalResourceId"]
    function.object_types.refuse("PutProfileObjectType", "BadRequestException", "Key is invalid")
    failed = function("Update", {"ObjectTypeName": "Offers"}, PhysicalResourceId=created)
    assert (failed["Status"], failed["PhysicalResourceId"]) == ("FAILED", created)


def test_an_unknown_request_is_answered(function: Function) -> None:
    """CloudFormation gave a ResponseURL and waits."""
    assert function("Import")["Reason"] == "invalid_event: RequestType is 'Import'; expected Create, Update, Delete"


def test_a_throttle_without_end_is_answered_in_time(function: Function) -> None:
    """The work ends well before the invocation does."""
    function.object_types.refuse("GetProfileObjectType", "ThrottlingException", times=1_000)
    failed = function("Create")
    assert failed["Status"] == "FAILED"
    assert function.clock.elapsed <= 81


def test_a_call_that_hangs_is_ended_and_answered(function: Function) -> None:
    """Nothing but the function itself can answer: without its response the stack waits for ServiceTimeout."""

    def hang(_operation: str) -> None:
        raise HangError

    function.object_types.before = hang
    failed = function("Create")
    assert failed["Status"] == "FAILED"
    assert "Customer Profiles did not answer in time (CallOutlastedError)" in failed["Reason"]
    assert "deploying again is harmless" in failed["Reason"]
    assert function.clock.elapsed <= 90


@pytest.mark.parametrize(("seconds", "calls"), [(39.0, 0), (39.5, 1)])
def test_no_call_starts_without_time_for_it_and_the_response(function: Function, seconds: float, calls: int) -> None:
    """Nine seconds for the call, thirty for the response; the operator learns that it is the function's Timeout."""
    function.object_types.refuse("GetDomain", "BadRequestException")
    failed = function("Create", seconds=seconds)
    assert ("longer Timeout" in failed["Reason"]) is (calls == 0)
    assert function.object_types.calls == ["GetDomain"] * calls


def test_a_defect_is_answered_and_logged() -> None:
    """Even our own mistakes must not hang a stack."""
    function = Function()

    def defect() -> ObjectTypeProvisioner:
        raise KeyError("DomainName")

    function.provision_by(defect)
    failed = function("Create")
    assert failed["Status"] == "FAILED"
    assert "Unexpected KeyError" in failed["Reason"]
    assert "request-1" in failed["Reason"]
    assert "in defect" in function.lines[0]["traceback"]


def test_an_answer_is_sent_again_until_it_is_taken(function: Function) -> None:
    """S3 fails at times, and nothing else can answer."""
    function.sender.errors += [ResponseNotSentError("HTTP 503", retryable=True)] * 3
    assert function("Create")["Status"] == "SUCCESS"
    assert function.clock.slept[-1] > 0


@pytest.mark.parametrize(("seconds", "again"), [(7.0, False), (8.0, True)])
def test_no_response_is_sent_again_without_time_for_it(function: Function, seconds: float, *, again: bool) -> None:
    """An attempt takes up to seven seconds; the first pause is a second at most."""
    function.sender.errors += [ResponseNotSentError("HTTP 503", retryable=True)] * 10
    function.bootstrap.invoke(resource_request("Create", UNUSED_URL), FakeContext(seconds, function.clock))
    assert (len(function.sender.errors) < 9) is again


def test_a_response_is_sent_however_late_it_is(function: Function) -> None:
    """It is better than none, once."""
    assert "No time was left" in function("Create", seconds=0.0)["Reason"]


@pytest.mark.parametrize(("retryable", "attempts"), [(True, 8), (False, 1)])
def test_a_response_that_is_not_taken_is_logged(function: Function, *, retryable: bool, attempts: int) -> None:
    """The log is the only place left; an exception would only repeat the work."""
    function.sender.errors += [ResponseNotSentError("HTTP 403", retryable=retryable)] * 1_000
    function.bootstrap.invoke(resource_request("Create", UNUSED_URL), FakeContext(120.0))
    line = function.lines[-1]
    assert (line["level"], line["status"]) == ("ERROR", "SUCCESS")
    assert line["message"].startswith("CloudFormation was not answered")
    assert line["detail"] == "CloudFormation's ResponseURL did not take the response: HTTP 403"
    assert 1_000 - len(function.sender.errors) == attempts
    assert function.clock.elapsed < 120


@pytest.mark.parametrize("event", [{}, [], None, {"RequestType": "Create"}])
def test_an_event_that_is_no_request_is_a_typed_error(function: Function, event: object) -> None:
    """Invoked by hand, the function says what it is for, to the caller and in its log."""
    with pytest.raises(InvalidEventError, match="CloudFormation"):
        function.bootstrap.invoke(event, FakeContext(120.0))
    assert function.lines[-1]["message"] == "invalid event"


@pytest.fixture
def response_url() -> Iterator[ResponseUrlServer]:
    """CloudFormation's bucket."""
    with ResponseUrlServer() as server:
        yield server


def test_the_answer_goes_to_the_response_url(function: Function, response_url: ResponseUrlServer) -> None:
    """The whole function over real HTTP, a server's bad moment included."""
    response_url.statuses.append(503)
    bootstrap = replace(function.bootstrap, sender=ResponseUrl(ThreadCallTimeout(60.0)))
    bootstrap.invoke(resource_request("Create", response_url.url), FakeContext(120.0))
    assert [received.answer["Status"] for received in response_url.received] == ["SUCCESS", "SUCCESS"]
    assert "Signature" not in function.log.getvalue()
