"""The soak's proxy before SQS, through the AWS client that the functions use."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from benchmarks.soak.proxy import QueueProxy, SendFaults, digest
from engagement.call_timeout import ThreadCallTimeout
from engagement.errors import CallOutlastedError

QUEUE = "http://127.0.0.1/000000000000/engagement"


class Sqs(BaseHTTPRequestHandler):
    """SQS as far as the proxy cares: it takes every entry."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        call = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        assert isinstance(self.server, Upstream)
        self.server.calls.append(call)
        sent = [{"Id": one["Id"], "MessageId": one["Id"], "MD5OfMessageBody": ""} for one in call.get("Entries", [])]
        answer = json.dumps({"Successful": sent, "Attributes": {"Policy": "kept"}}).encode()
        self.send_response_only(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format: str, *args: object) -> None: ...  # noqa: A002 - the base class's name


class Upstream(HTTPServer):
    """Keeps what it was sent."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Sqs)
        self.calls: list[dict[str, Any]] = []

    def bodies(self) -> list[str]:
        """Return the bodies of all entries, in the order in which they came."""
        return [entry["MessageBody"] for call in self.calls for entry in call.get("Entries", [])]


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    """An SQS of the test's."""
    server = Upstream()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def proxy(upstream: Upstream) -> Iterator[QueueProxy]:
    """The proxy before it."""
    proxy = QueueProxy(f"http://127.0.0.1:{upstream.server_address[1]}", QUEUE)
    yield proxy
    proxy.stop()


@pytest.fixture
def client(proxy: QueueProxy) -> Iterator[Any]:
    """An SQS client that calls once."""
    client = boto3.client(
        "sqs",
        endpoint_url=proxy.url,
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(retries={"total_max_attempts": 1}),
    )
    yield client
    client.close()


def entries(*bodies: str) -> list[dict[str, str]]:
    """Return entries of a SendMessageBatch."""
    return [{"Id": str(number), "MessageBody": body} for number, body in enumerate(bodies)]


def test_without_faults_a_call_passes_as_it_is(client: Any, upstream: Upstream, proxy: QueueProxy) -> None:
    """What is measured without faults is the pipeline, not the proxy."""
    client.send_message_batch(QueueUrl=QUEUE, Entries=entries("one", "two"))
    assert client.get_queue_attributes(QueueUrl=QUEUE)["Attributes"] == {"Policy": "kept"}
    assert upstream.bodies() == ["one", "two"]
    assert proxy.injected.total() == 0


def test_a_failed_entry_is_not_sent_and_no_fault_of_the_sender(
    client: Any, upstream: Upstream, proxy: QueueProxy
) -> None:
    """The functions resend an entry only where SenderFault is false."""
    proxy.faults = SendFaults(entry_failed=0.5)
    answer = client.send_message_batch(QueueUrl=QUEUE, Entries=entries(*"abcdefgh"))
    failed = [entry["Id"] for entry in answer["Failed"]]
    assert {entry["SenderFault"] for entry in answer["Failed"]} == {False}
    assert sorted(failed + [entry["Id"] for entry in answer["Successful"]]) == sorted("01234567")
    assert len(upstream.bodies()) == 8 - len(failed)
    assert proxy.injected == {"entries failed": len(failed)}


def test_a_refused_call_sends_nothing(client: Any, upstream: Upstream, proxy: QueueProxy) -> None:
    """As SQS answers when it is unavailable."""
    proxy.faults = SendFaults(call_refused=1)
    with pytest.raises(ClientError, match="ServiceUnavailable"):
        client.send_message_batch(QueueUrl=QUEUE, Entries=entries("one"))
    assert upstream.bodies() == []


def test_a_lost_answer_has_sent_everything(client: Any, upstream: Upstream, proxy: QueueProxy) -> None:
    """The caller cannot know, and sends again: a duplicate."""
    proxy.faults = SendFaults(answer_lost=1)
    with pytest.raises(BotoCoreError):
        client.send_message_batch(QueueUrl=QUEUE, Entries=entries("one"))
    assert upstream.bodies() == ["one"]


def test_a_call_sent_twice_is_answered_once(client: Any, upstream: Upstream, proxy: QueueProxy) -> None:
    """As a standard queue may deliver a message twice."""
    proxy.faults = SendFaults(sent_twice=1)
    answer = client.send_message_batch(QueueUrl=QUEUE, Entries=entries("one"))
    assert len(answer["Successful"]) == 1
    assert upstream.bodies() == ["one", "one"]


def test_the_digest_of_each_records_body_is_kept(client: Any, proxy: QueueProxy) -> None:
    """A parked body is held against what was sent, byte for byte."""
    body = '{"recordId": "r1", "name": "Zoë"}'
    client.send_message_batch(QueueUrl=QUEUE, Entries=entries(body, "no record", "[]"))
    client.send_message_batch(QueueUrl=f"{QUEUE}-dead-letters", Entries=entries('{"recordId": "r1"}'))
    assert proxy.bodies == {"r1": {digest(body)}}


def test_a_refused_backoff_leaves_the_queues_own_visibility(client: Any, upstream: Upstream, proxy: QueueProxy) -> None:
    """A writer whose backoff fails must not lose the record; it comes back later."""
    proxy.faults = SendFaults(backoff_refused=1)
    change = {"Id": "0", "ReceiptHandle": "handle", "VisibilityTimeout": 5}
    with pytest.raises(ClientError, match="ServiceUnavailable"):
        client.change_message_visibility_batch(QueueUrl=QUEUE, Entries=[change])
    assert upstream.calls == []
    assert proxy.injected == {"backoffs refused": 1}


def test_a_lost_park_answer_has_parked(client: Any, upstream: Upstream, proxy: QueueProxy) -> None:
    """What goes to the engagement queue is spared."""
    proxy.faults = SendFaults(park_answer_lost=1.0)

    client.send_message_batch(QueueUrl=QUEUE, Entries=entries("a"))
    with pytest.raises(BotoCoreError):
        client.send_message_batch(QueueUrl=f"{QUEUE}-dlq", Entries=[{"Id": "0", "MessageBody": "b"}])

    assert upstream.bodies() == ["a", "b"]
    assert proxy.injected["park answers lost"] == 1


def test_an_answer_that_drips_outlasts_patience_and_has_sent_everything(
    client: Any, upstream: Upstream, proxy: QueueProxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No time-out of the client's ends it."""
    monkeypatch.setattr("benchmarks.proxy.DRIP", 0.02)
    proxy.faults = SendFaults(answer_dripped=1.0)

    with pytest.raises(CallOutlastedError):
        ThreadCallTimeout(0.5)(lambda: client.send_message_batch(QueueUrl=QUEUE, Entries=entries("a")))

    assert upstream.bodies() == ["a"]
    assert proxy.injected["SQS answers dripping"] == 1


def test_a_slowed_call_is_answered_late(
    client: Any, upstream: Upstream, proxy: QueueProxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing else befalls it."""
    monkeypatch.setattr("benchmarks.soak.proxy.SLOW", 0.001)
    proxy.faults = SendFaults(call_slowed=1.0)

    client.send_message_batch(QueueUrl=QUEUE, Entries=entries("a"))

    assert upstream.bodies() == ["a"]
    assert proxy.injected["SQS calls slowed"] == 1
