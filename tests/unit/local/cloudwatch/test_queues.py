"""AWS/SQS, measured."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from moto import mock_aws

from local.cloudwatch.metrics import Datum
from local.cloudwatch.queues import Queues, messages_in, movements, queue_name

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

NOW_MS = 1_000_000


@pytest.fixture
def sqs() -> Iterator["SQSClient"]:
    """A service with one queue of two messages, one of them in flight."""
    with mock_aws():
        client = boto3.client("sqs", "us-east-1", aws_access_key_id="a", aws_secret_access_key="b")
        url = client.create_queue(QueueName="engagement")["QueueUrl"]
        client.send_message(QueueUrl=url, MessageBody="1")
        client.send_message(QueueUrl=url, MessageBody="2")
        client.receive_message(QueueUrl=url, MaxNumberOfMessages=1)
        yield client


def message(sent: int, receives: int = 0) -> dict[str, Any]:
    """Return a message as the peek shows it."""
    return {"SentTimestamp": sent, "ReceiveCount": receives}


def measured(queues: Queues) -> dict[str, float]:
    """Return the measures by name."""
    return {datum.name: datum.values[0] for datum in queues.measure(NOW_MS)}


def test_a_queues_depths_and_the_age_of_its_oldest_are_measured(sqs: "SQSClient") -> None:
    """They are what the dashboard and the alarms of a queue are made of."""
    assert measured(Queues(sqs, lambda _: [message(990), message(970)])) == {
        "ApproximateNumberOfMessagesVisible": 1.0,
        "ApproximateNumberOfMessagesNotVisible": 1.0,
        "ApproximateNumberOfMessagesDelayed": 0.0,
        "ApproximateAgeOfOldestMessage": 30.0,
    }


def test_a_message_that_was_received_three_times_is_left_out_of_the_age(sqs: "SQSClient") -> None:
    """As on AWS: one poison message must not hide how old the others are."""
    assert measured(Queues(sqs, lambda _: [message(100, 3), message(995, 2)]))["ApproximateAgeOfOldestMessage"] == 5.0
    assert measured(Queues(sqs, lambda _: [message(100, 3)]))["ApproximateAgeOfOldestMessage"] == 0.0


def test_a_long_queue_is_not_looked_through_again_at_once(sqs: "SQSClient") -> None:
    """Twenty thousand messages take a second to look through, and two cores are all there is."""
    clock = iter([0.0, 2.0, 39.0, 42.1, 44.1])
    queues = Queues(sqs, lambda _: [message(999)], lambda: next(clock))
    looked = ["ApproximateAgeOfOldestMessage" in measured(queues) for _ in range(3)]
    assert looked == [True, False, True]


def test_an_empty_queue_has_no_age_and_is_not_looked_through() -> None:
    """Nothing can be old in it."""
    with mock_aws():
        client = boto3.client("sqs", "us-east-1", aws_access_key_id="a", aws_secret_access_key="b")
        client.create_queue(QueueName="empty")
        assert measured(Queues(client, lambda _: pytest.fail("looked")))["ApproximateAgeOfOldestMessage"] == 0.0


def count(name: str, service: str, value: float, **further: str) -> Datum:
    """Return a count of a function's."""
    return Datum("JourneyWriteBack/ours", name, (*further.items(), ("service", service)), "Count", NOW_MS, (value,))


def test_the_functions_counts_are_what_they_sent_received_and_deleted() -> None:
    """The local AWS counts none of it."""
    data = [
        count("RecordsReceived", "viewed-offer", 50),
        count("RecordsQueued", "viewed-offer", 48),
        count("RecordsParked", "viewed-offer", 2),
        count("RecordsReceived", "writer", 48),
        count("RecordsWritten", "writer", 45),
        count("RecordsParked", "writer", 1),
        count("RecordsParked", "writer", 1, reason="not_json"),
        replace(count("RecordsQueued", "viewed-offer", 7), namespace="JourneyWriteBack/another-stack"),
    ]
    moved = movements(data, "JourneyWriteBack/ours", "q", "dlq")
    counted = [(dict(datum.dimensions)["QueueName"], datum.name, datum.values[0]) for datum in moved]
    assert counted == [
        ("q", "NumberOfMessagesSent", 48.0),
        ("dlq", "NumberOfMessagesSent", 2.0),
        ("q", "NumberOfMessagesReceived", 48.0),
        ("q", "NumberOfMessagesDeleted", 45.0),
        ("dlq", "NumberOfMessagesSent", 1.0),
        ("q", "NumberOfMessagesDeleted", 1.0),
    ]


def test_the_messages_are_found_in_the_local_aws_s_answer() -> None:
    """It nests them by account, Region and queue."""
    answer = {"messages": {"000000000000": {"us-east-1": {"http://q/1": [{"MessageId": "m"}]}}}}
    assert messages_in(json.dumps(answer).encode()) == [{"MessageId": "m"}]
    assert queue_name("http://q/000000000000/engagement") == "engagement"
