"""The clients of an account: which of them may repeat a call."""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse
from botocore.exceptions import ClientError

from ops.account import Account


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
        return AWSResponse(request.url, status, {}, Body())

    connected = client(Account(region="eu-west-1"))
    connected.meta.events.register("before-send", answer)
    with pytest.raises(ClientError):
        call(connected)
    assert len(made) == 1
