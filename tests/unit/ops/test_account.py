"""The account that is operated on: its clients, and which of them may repeat a call."""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.exceptions import ClientError

from ops.account import Account
from ops.errors import UnreachableError

SERVICES = {
    "campaigns": "connectcampaignsv2",
    "cloudformation": "cloudformation",
    "cloudwatch": "cloudwatch",
    "customer_profiles": "customer-profiles",
    "functions": "lambda",
    "functions_once": "lambda",
    "logs": "logs",
    "quotas": "service-quotas",
    "sqs": "sqs",
    "sqs_once": "sqs",
    "sts": "sts",
}


class Body:
    """The body of an HTTP answer."""

    def stream(self, **_: object) -> list[bytes]:
        return [b"<html>busy</html>"]


@pytest.fixture(autouse=True)
def credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let requests be signed; none is sent."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")


@pytest.mark.parametrize(
    ("client", "call"),
    [
        (
            Account.sqs_once,
            lambda sqs: sqs.send_message_batch(QueueUrl="https://sqs/q", Entries=[{"Id": "1", "MessageBody": "b"}]),
        ),
        (Account.functions_once, lambda functions: functions.invoke(FunctionName="viewed", Payload=b"{}")),
    ],
)
@pytest.mark.parametrize("status", [500, 503, 429])
def test_a_call_that_must_not_happen_twice_is_made_once(
    client: Callable[[Account], Any], call: Callable[[Any], object], status: int
) -> None:
    """The service may have carried it out before it failed: only its caller knows whether it can be repeated."""
    made: list[object] = []

    def answer(request: Any, **_: object) -> AWSResponse:
        made.append(request)
        return AWSResponse(request.url, status, HTTPHeaders(), Body())

    connected = client(Account(region="eu-west-1"))
    connected.meta.events.register("before-send", answer)
    with pytest.raises(ClientError):
        call(connected)
    assert len(made) == 1


@pytest.mark.parametrize("name", SERVICES)
def test_each_client_repeats_what_may_be_repeated(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Four attempts; but one, of calls of which it must be known whether they took effect."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    client = getattr(Account(region="eu-west-1"), name)()

    assert client.meta.service_model.service_name == SERVICES[name]
    assert client.meta.config.retries["total_max_attempts"] == (1 if name.endswith("_once") else 4)
    assert client.meta.region_name == "eu-west-1"
    client.close()


def test_without_a_region_there_is_no_account(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is said with what to type."""
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")

    with pytest.raises(UnreachableError, match="give --region"):
        Account()


def test_a_profile_that_is_not_there_is_named() -> None:
    """AWS's own command line lists those that are."""
    with pytest.raises(UnreachableError, match=r"nobody-s.*aws configure list-profiles"):
        Account("nobody-s", "eu-west-1")
