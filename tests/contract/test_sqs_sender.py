"""What a sender keeps, on the fake queue and on somebody else's SQS: what the fake promises, SQS keeps too."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import boto3
import pytest
from moto import mock_aws

from engagement.clock import Deadline
from engagement.sqs_batch import MAX_BYTES, Entry
from engagement.sqs_sender import SendMessageBatch, SqsBatchSender, Unsent
from tests.fakes.clock import FakeClock
from tests.fakes.queue import URL, FakeQueue, Message

THREADS = 4


@dataclass(frozen=True)
class QueueUnderTest:
    """A queue and a way to see what is in it.

    Attributes:
        client: What the sender calls.
        url: The queue.
        received: Returns every message of the queue.
    """

    client: SendMessageBatch
    url: str
    received: Callable[[], list[Message]]

    def send(self, entries: list[Entry], url: str | None = None) -> list[Unsent | None]:
        """Send the entries through a sender."""
        clock = FakeClock()
        sender = SqsBatchSender(self.client, url or self.url, clock, THREADS)
        return sender.send(entries, Deadline.after(clock, 60))


@pytest.fixture
def fake() -> QueueUnderTest:
    """The fake that the unit tests use."""
    queue = FakeQueue()
    return QueueUnderTest(queue, URL, lambda: queue.messages)


@pytest.fixture
def moto(monkeypatch: pytest.MonkeyPatch) -> Iterator[QueueUnderTest]:
    """Moto's SQS behind a real client: every entry goes through botocore's own checks and serialisation."""
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    with mock_aws():
        client = boto3.client("sqs", region_name="eu-west-1")
        url = client.create_queue(QueueName="queue")["QueueUrl"]

        def received() -> list[Message]:
            found: list[Message] = []
            while messages := client.receive_message(
                QueueUrl=url,
                MaxNumberOfMessages=10,
                MessageAttributeNames=["All"],
                MessageSystemAttributeNames=["MessageGroupId"],
            ).get("Messages"):
                found += [
                    Message(
                        message["Body"],
                        message.get("Attributes", {}).get("MessageGroupId"),
                        {name: value["StringValue"] for name, value in message.get("MessageAttributes", {}).items()},
                    )
                    for message in messages
                ]
            return found

        yield QueueUnderTest(client, url, received)


@pytest.fixture(params=["fake", "moto"])
def queue(request: pytest.FixtureRequest) -> QueueUnderTest:
    """Each queue in turn."""
    found: QueueUnderTest = request.getfixturevalue(request.param)
    return found


def test_nothing_is_nothing(queue: QueueUnderTest) -> None:
    """No call is made: SQS refuses an empty batch."""
    assert queue.send([]) == []
    assert queue.received() == []


def test_every_entry_arrives_exactly_once(queue: QueueUnderTest) -> None:
    """More than one batch, several at once."""
    bodies = [f"body-{number}" for number in range(57)]

    assert queue.send([Entry(body) for body in bodies]) == [None] * 57
    assert Counter(message.body for message in queue.received()) == Counter(bodies)


def test_a_body_arrives_byte_for_byte(queue: QueueUnderTest) -> None:
    """A parked message must be redriven as it was."""
    body = '{"a":\t"zo\u00eb \\u0000 \U0001f600",\r\n "b": "\x7f\u2028"}  '

    assert queue.send([Entry(body)]) == [None]
    assert [message.body for message in queue.received()] == [body]


def test_group_and_attributes_arrive(queue: QueueUnderTest) -> None:
    """Fair queues go by the group, operators by the attributes."""
    attributes = {"reason": "no_identity", "detail": "none", "stage": "ingest", "receives": "0"}

    queue.send([Entry("body", group="pinpoint-0123456789abcdef", attributes=attributes)])

    assert queue.received() == [Message("body", "pinpoint-0123456789abcdef", attributes)]


def test_an_entry_without_group_and_attributes_arrives_without(queue: QueueUnderTest) -> None:
    """None must not turn into a text."""
    queue.send([Entry("body")])

    assert queue.received() == [Message("body", None, {})]


def test_entries_up_to_the_byte_limit_arrive(queue: QueueUnderTest) -> None:
    """Our count of bytes and the queue's must agree, or a batch is refused whole."""
    largest = Entry("x" * (MAX_BYTES - 19), attributes={"reason": "y" * 7})
    halves = [Entry("a" * (MAX_BYTES // 2)), Entry("b" * (MAX_BYTES // 2))]

    assert largest.size == MAX_BYTES
    assert queue.send([largest, *halves, Entry("c")]) == [None] * 4
    assert len(queue.received()) == 4


def test_an_entry_beyond_the_byte_limit_is_refused_alone(queue: QueueUnderTest) -> None:
    """One customer's size must not cost its neighbours the queue."""
    outcomes = queue.send([Entry("a"), Entry("x" * (MAX_BYTES + 1)), Entry("b")])

    assert outcomes == [None, Unsent("AWS.SimpleQueueService.BatchRequestTooLong", call_failed=True), None]
    assert sorted(message.body for message in queue.received()) == ["a", "b"]


def test_a_missing_queue_is_reported_for_every_entry(queue: QueueUnderTest) -> None:
    """A wrong setting must look like one, and not like success."""
    outcomes = queue.send([Entry("a"), Entry("b")], url=queue.url + "-gone")

    assert outcomes == [Unsent("AWS.SimpleQueueService.NonExistentQueue", call_failed=True)] * 2
