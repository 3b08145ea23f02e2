"""What the model of SQS promises about messages in flight, asked of it and of somebody else's SQS behind boto3."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from tests.fakes.queue import FakeQueue
from tests.fakes.sqs import URL, FakeSqs

MAX_RECEIVES = 3


@dataclass(frozen=True)
class QueueUnderTest:
    """A queue whose visibility timeout is long, and which gives up on a message after three receives.

    Attributes:
        client: A client of it.
        url: Where it is.
        send: Puts a body into it.
        dead: Returns the bodies of what it gave up.
    """

    client: Any
    url: str
    send: Callable[[str], object]
    dead: Callable[[], list[str]]

    def receive(self, most: int = 10) -> list[Mapping[str, Any]]:
        """Receive what is visible."""
        answer = self.client.receive_message(
            QueueUrl=self.url, MaxNumberOfMessages=most, MessageSystemAttributeNames=["All"]
        )
        messages: list[Mapping[str, Any]] = answer.get("Messages", [])
        return messages

    def change(self, *entries: tuple[str, int]) -> Mapping[str, Any]:
        """Set visibilities, by receipt handle."""
        answer: Mapping[str, Any] = self.client.change_message_visibility_batch(
            QueueUrl=self.url,
            Entries=[
                {"Id": str(number), "ReceiptHandle": handle, "VisibilityTimeout": seconds}
                for number, (handle, seconds) in enumerate(entries)
            ],
        )
        return answer


@pytest.fixture
def fake() -> QueueUnderTest:
    """The model that the writer's tests use."""
    dead_letters = FakeQueue()
    queue = FakeSqs(max_receives=MAX_RECEIVES, dead_letters=dead_letters)
    return QueueUnderTest(queue, URL, queue.send, lambda: dead_letters.bodies)


@pytest.fixture
def moto(monkeypatch: pytest.MonkeyPatch) -> Iterator[QueueUnderTest]:
    """Moto's SQS; it keeps the machine's time, so that only visibilities of nothing and of long are asked of it."""
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    with mock_aws():
        client = boto3.client("sqs", region_name="eu-west-1")
        dead_url = client.create_queue(QueueName="dead")["QueueUrl"]
        arn = client.get_queue_attributes(QueueUrl=dead_url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        policy = f'{{"deadLetterTargetArn": "{arn}", "maxReceiveCount": {MAX_RECEIVES}}}'
        attributes = {"VisibilityTimeout": "200", "RedrivePolicy": policy}
        url = client.create_queue(QueueName="source", Attributes=attributes)["QueueUrl"]  # type: ignore[arg-type] # names are literals in the stubs

        def dead() -> list[str]:
            answer = client.receive_message(QueueUrl=dead_url, MaxNumberOfMessages=10)
            return [message["Body"] for message in answer.get("Messages", [])]

        yield QueueUnderTest(client, url, lambda body: client.send_message(QueueUrl=url, MessageBody=body), dead)


@pytest.fixture(params=["fake", "moto"])
def queue(request: pytest.FixtureRequest) -> QueueUnderTest:
    """Each queue in turn."""
    found: QueueUnderTest = request.getfixturevalue(request.param)
    return found


def receives(message: Mapping[str, Any]) -> int:
    """Return how often the message was handed out."""
    return int(message["Attributes"]["ApproximateReceiveCount"])


def test_a_message_is_handed_out_as_it_was_sent(queue: QueueUnderTest) -> None:
    """The writer parks the body byte for byte, and waits by the receive count."""
    queue.send("Zoë's body")

    [message] = queue.receive()

    assert message["Body"] == "Zoë's body"
    assert receives(message) == 1
    assert message["Attributes"]["SentTimestamp"].isdigit()


def test_a_received_message_is_hidden_for_the_visibility_timeout(queue: QueueUnderTest) -> None:
    """Nobody else works on it meanwhile."""
    queue.send("body")
    queue.receive()

    assert queue.receive() == []


def test_no_more_is_handed_out_than_was_asked_for(queue: QueueUnderTest) -> None:
    """The event source fills its batches by tens."""
    for number in range(5):
        queue.send(f"body {number}")

    assert [len(queue.receive(2)) for _ in range(4)] == [2, 2, 1, 0]


def test_a_changed_visibility_takes_the_place_of_the_queues_own(queue: QueueUnderTest) -> None:
    """This is all that the writer's backoff rests on."""
    for name in ("soon", "late"):
        queue.send(name)
    handles = {message["Body"]: message["ReceiptHandle"] for message in queue.receive()}

    answer = queue.change((handles["soon"], 0), (handles["late"], 1_800))

    assert sorted(entry["Id"] for entry in answer["Successful"]) == ["0", "1"]
    assert [(message["Body"], receives(message)) for message in queue.receive()] == [("soon", 2)]


def test_a_visibility_that_cannot_be_changed_fails_alone(queue: QueueUnderTest) -> None:
    """The call succeeds: only its answer tells."""
    queue.send("body")
    [message] = queue.receive()

    answer = queue.change((message["ReceiptHandle"], 0), ("receipt-of-nothing", 0))

    assert [entry["Id"] for entry in answer["Successful"]] == ["0"]
    assert [(entry["Id"], entry["Code"]) for entry in answer["Failed"]] == [("1", "ReceiptHandleIsInvalid")]
    assert len(queue.receive()) == 1


def test_a_visibility_beyond_twelve_hours_is_refused(queue: QueueUnderTest) -> None:
    """It is the most that SQS allows."""
    queue.send("body")
    [message] = queue.receive()

    assert [entry["Code"] for entry in queue.change((message["ReceiptHandle"], 43_201))["Failed"]] == [
        "InvalidParameterValue"
    ]


def test_a_deleted_message_never_comes_back(queue: QueueUnderTest) -> None:
    """Deleting is how Lambda acknowledges."""
    queue.send("body")
    [message] = queue.receive()
    handle = message["ReceiptHandle"]
    queue.change((handle, 0))

    queue.client.delete_message_batch(QueueUrl=queue.url, Entries=[{"Id": "0", "ReceiptHandle": handle}])

    assert queue.receive() == []
    assert queue.dead() == []


def test_a_message_that_was_received_too_often_is_moved_at_the_next_receive(queue: QueueUnderTest) -> None:
    """Only then: the last receive that the policy allows is still the writer's."""
    queue.send("body")
    for expected in range(1, MAX_RECEIVES + 1):
        [message] = queue.receive()
        assert receives(message) == expected
        assert queue.dead() == []
        queue.change((message["ReceiptHandle"], 0))

    assert queue.receive() == []
    assert queue.dead() == ["body"]
    assert queue.receive() == []


@pytest.mark.parametrize("count", [0, 11])
def test_the_model_refuses_a_call_with_none_or_too_many_entries(fake: QueueUnderTest, count: int) -> None:
    """SQS documents both as errors of the whole call; moto takes them."""
    with pytest.raises(ClientError):
        fake.change(*[("handle", 0)] * count)
