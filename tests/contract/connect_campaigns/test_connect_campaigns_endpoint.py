"""The local endpoint of connectcampaignsv2 as a client sees it: the service's own model decides what it takes."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import botocore.session
import pytest
import urllib3
from botocore.exceptions import ClientError
from botocore.model import StructureShape

from customer_profiles_emulator.wire import (
    AccessDeniedError,
    InternalServerError,
    ResourceNotFoundError,
    ThrottlingError,
)
from local.connect_campaigns.endpoint import ConflictError, Endpoint, ValidationError
from tests.contract.campaigns_account import client_of

INSTANCE = "0f7a3b1c-1111-4222-8333-444455556666"
FUNCTION = "arn:aws:lambda:eu-west-1:123456789012:function:viewed"


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    """An endpoint with one instance."""
    endpoint = Endpoint([INSTANCE])
    endpoint.start()
    yield endpoint
    endpoint.stop()


@pytest.fixture
def client(endpoint: Endpoint) -> Iterator[Any]:
    """A client of it."""
    client = client_of(endpoint.url)
    yield client
    client.close()


def put(client: Any, config: dict[str, Any], instance: str = INSTANCE) -> Any:
    """PutConnectInstanceIntegration."""
    return client.put_connect_instance_integration(connectInstanceId=instance, integrationConfig=config)


def control(endpoint: Endpoint, method: str, path: str, document: object = None) -> Any:
    """Call the control plane and return what it answers."""
    answer = urllib3.request(method, f"{endpoint.url}/_emulator/{path}", json=document)
    assert answer.status == 200, answer.data
    return answer.json()


def code_of(refused: pytest.ExceptionInfo[ClientError]) -> tuple[str, int]:
    """Return a refusal's code and status."""
    response = refused.value.response
    return response["Error"]["Code"], response["ResponseMetadata"]["HTTPStatusCode"]


@pytest.mark.parametrize(
    "error",
    [AccessDeniedError, InternalServerError, ResourceNotFoundError, ThrottlingError, ConflictError, ValidationError],
)
def test_errors_are_the_models(error: type[Any]) -> None:
    """By name, by status, and with their text in the model's member."""
    model = botocore.session.get_session().get_service_model("connectcampaignsv2")
    shape = model.shape_for(error.code)
    assert shape.metadata["error"]["httpStatusCode"] == error.status
    assert isinstance(shape, StructureShape)
    assert "message" in shape.members
    assert error.code in {named.name for named in model.operation_model("PutConnectInstanceIntegration").error_shapes}


@pytest.mark.parametrize(
    "function",
    [
        "viewed",
        "arn:aws:lambda:eu-west-1:123456789012:function:viewed:live:1",
        "arn:aws:lambda:eu-west-1:1234:function:viewed",
        f"{FUNCTION}{'x' * 140}",
    ],
)
def test_a_function_is_held_to_the_models_pattern_and_length(client: Any, function: str) -> None:
    """Model, LambdaArn: at most 140 characters, with a qualifier at most."""
    with pytest.raises(ClientError) as refused:
        put(client, {"lambda": {"functionArn": function}})
    assert code_of(refused) == ("ValidationException", 400)


def test_an_instance_is_an_id_and_no_arn(client: Any) -> None:
    """Model, InstanceId: letters, digits and a few signs."""
    with pytest.raises(ClientError) as refused:
        put(client, {"lambda": {"functionArn": FUNCTION}}, "instance:1")
    assert code_of(refused) == ("ValidationException", 400)


def test_a_union_has_one_member(endpoint: Endpoint) -> None:
    """Model, IntegrationConfig: a union; a client of AWS's makes no other, so that it is asked without one."""
    url = f"{endpoint.url}/v2/connect-instance/{INSTANCE}/integrations"
    signed = {"Authorization": "AWS4-HMAC-SHA256 Credential=test/20261125/eu-west-1/connect-campaigns/aws4_request"}
    two = {
        "lambda": {"functionArn": FUNCTION},
        "qConnect": {"knowledgeBaseArn": "arn:aws:wisdom:eu-west-1:123456789012:knowledge-base/1"},
    }
    for union in ({}, two):
        answer = urllib3.request("PUT", url, json={"integrationConfig": union}, headers=signed)
        assert (answer.status, answer.headers["x-amzn-ErrorType"]) == (400, "ValidationException")
        assert "exactly one" in answer.json()["message"]


def test_an_unknown_instance_is_not_found(client: Any) -> None:
    """And so is one whose outbound campaigns are not enabled."""
    with pytest.raises(ClientError) as refused:
        put(client, {"lambda": {"functionArn": FUNCTION}}, "unknown")
    assert code_of(refused) == ("ResourceNotFoundException", 404)


def test_pages_are_as_long_as_asked_for(client: Any) -> None:
    """Model, MaxResults: 1 to 50."""
    for number in range(5):
        put(client, {"lambda": {"functionArn": f"{FUNCTION}-{number}"}})
    first = client.list_connect_instance_integrations(connectInstanceId=INSTANCE, maxResults=3)
    rest = client.list_connect_instance_integrations(connectInstanceId=INSTANCE, nextToken=first["nextToken"])
    assert [len(page["integrationSummaryList"]) for page in (first, rest)] == [3, 2]
    assert "nextToken" not in rest
    for bad in ({"maxResults": 51}, {"nextToken": "no token"}):
        with pytest.raises(ClientError) as refused:
            client.list_connect_instance_integrations(connectInstanceId=INSTANCE, **bad)
        assert code_of(refused) == ("ValidationException", 400)


def test_an_unsigned_request_is_refused(endpoint: Endpoint) -> None:
    """As AWS's front door does."""
    answer = urllib3.request("GET", f"{endpoint.url}/v2/connect-instance/{INSTANCE}/integrations")
    assert (answer.status, answer.headers["x-amzn-ErrorType"]) == (403, "MissingAuthenticationTokenException")


def test_what_is_not_emulated_says_so(client: Any) -> None:
    """The service has some thirty operations more."""
    with pytest.raises(ClientError) as refused:
        client.list_campaigns()
    assert code_of(refused) == ("NotImplementedException", 501)


def test_a_key_may_call_what_is_listed(endpoint: Endpoint, client: Any) -> None:
    """The refusal names the action by the service's prefix in policies."""
    control(endpoint, "PUT", "permissions", {"test": ["PutConnectInstanceIntegration"]})
    put(client, {"lambda": {"functionArn": FUNCTION}})
    with pytest.raises(ClientError, match="connect-campaigns:ListConnectInstanceIntegrations") as refused:
        client.list_connect_instance_integrations(connectInstanceId=INSTANCE)
    assert code_of(refused) == ("AccessDeniedException", 403)
    assert control(endpoint, "GET", "stats")["callers"]["test"] == [
        "ListConnectInstanceIntegrations",
        "PutConnectInstanceIntegration",
    ]


def test_an_instance_that_goes_takes_its_integrations_along(endpoint: Endpoint, client: Any) -> None:
    """One that stays keeps them."""
    put(client, {"lambda": {"functionArn": FUNCTION}})
    kept = {INSTANCE: [{"lambda": {"functionArn": FUNCTION}}], "other": []}
    assert control(endpoint, "PUT", "instances", [INSTANCE, "other"]) == kept
    assert control(endpoint, "PUT", "instances", ["other"]) == control(endpoint, "GET", "instances") == {"other": []}


@pytest.mark.parametrize(
    ("method", "path", "document", "status"),
    [
        ("GET", "nothing", None, 404),
        ("PUT", "faults", {"rules": [{"kind": "unknown"}]}, 400),
        ("PUT", "permissions", {"test": ["NoOperation"]}, 400),
        ("PUT", "instances", {"a": 1}, 400),
    ],
)
def test_the_control_plane_refuses_what_makes_no_sense(
    endpoint: Endpoint, method: str, path: str, document: object, status: int
) -> None:
    """A test that steers wrongly must not pass."""
    assert urllib3.request(method, f"{endpoint.url}/_emulator/{path}", json=document).status == status
    assert control(endpoint, "GET", "health") == {"status": "ok"}


def test_the_process_prints_its_address_and_ends_at_sigterm(tmp_path: Path) -> None:
    """So the local stack finds it, and ends it."""
    ready_file = tmp_path / "url"
    command = [sys.executable, "-m", "local.connect_campaigns", f"--ready-file={ready_file}", f"--instance={INSTANCE}"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        assert ready_file.read_text() == f"{url}\n"
        client = client_of(url)
        assert client.list_connect_instance_integrations(connectInstanceId=INSTANCE)["integrationSummaryList"] == []
        client.close()
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
