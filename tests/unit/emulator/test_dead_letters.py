"""Dead letters reach SQS."""

import json
from collections.abc import Iterator

import boto3
import pytest
from moto import mock_aws

from customer_profiles_emulator.dead_letters import DeadLetter, SqsDeadLetterQueue

LETTER = DeadLetter("D", "T", '{"recordId": "ü"}', 12.5, "No profile matches")


@pytest.fixture
def queue_url(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A queue in memory."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    with mock_aws():
        yield boto3.client("sqs").create_queue(QueueName="domain-dlq")["QueueUrl"]


def test_a_letter_holds_the_object_and_the_reason(queue_url: str) -> None:
    """Whoever reads the domain's queue must be able to put the object again."""
    assert SqsDeadLetterQueue().send(queue_url, LETTER)

    (message,) = boto3.client("sqs").receive_message(QueueUrl=queue_url)["Messages"]
    assert json.loads(message["Body"]) == {
        "domainName": "D",
        "objectTypeName": "T",
        "object": '{"recordId": "ü"}',
        "acceptedAt": 12.5,
        "errorMessage": "No profile matches",
    }


def test_a_queue_that_is_not_there_is_reported_without_the_object(
    queue_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    """The failure is counted; a customer's data is not logged."""
    assert not SqsDeadLetterQueue().send(queue_url + "-gone", LETTER)

    assert "could not be sent" in caplog.text
    assert "recordId" not in caplog.text
