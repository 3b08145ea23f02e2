"""Connections: what clients other than boto3 rely on, and what happens to them at a stop."""

import errno
import json
import os
import socket
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, cast
from urllib.parse import urlsplit

import pytest

from customer_profiles_emulator import DeadLetter
from customer_profiles_emulator.transport.server import Server, ServerSettings
from tests.contract.customer_profiles.conftest import Running
from tests.customer_profiles_samples import DOMAIN, TYPE, definition, stringified
from tests.fakes.clock import FakeClock

HEAD = (
    f"POST /domains/{DOMAIN}/profiles/search HTTP/1.1\r\nHost: emulator\r\nAuthorization: AWS4-HMAC-SHA256 x\r\n"
    "Content-Length: {length}\r\n{more}\r\n"
)
BODY = b'{"KeyName": "_email", "Values": ["a"]}'


def connect(running: Running) -> socket.socket:
    """A connection that gives up after a while instead of hanging the test."""
    address = urlsplit(running.emulator.url)
    return socket.create_connection((address.hostname, address.port or 0), timeout=5)


def receive(connection: socket.socket, until: bytes) -> bytes:
    """What arrives, up to and with `until`."""
    received = b""
    while until not in received:
        arrived = connection.recv(65_536)
        assert arrived, received
        received += arrived
    return received


def test_a_client_that_asks_before_it_sends_gets_a_100(running: Running) -> None:
    """Some HTTP clients hold back a body until they see a 100."""
    with connect(running) as connection:
        connection.sendall(HEAD.format(length=len(BODY), more="Expect: 100-continue\r\n").encode())
        assert receive(connection, b"\r\n\r\n").startswith(b"HTTP/1.1 100 ")
        connection.sendall(BODY)

        assert receive(connection, b'{"Items":[]}').startswith(b"HTTP/1.1 200 ")


def test_a_connection_serves_request_after_request(running: Running) -> None:
    """Keep-alive, two requests at once: the second waits for the first's answer."""
    request = HEAD.format(length=len(BODY), more="").encode() + BODY
    with connect(running) as connection:
        connection.sendall(request + request)
        received = receive(connection, b'{"Items":[]}')
        while received.count(b'{"Items":[]}') < 2:
            received += receive(connection, b'{"Items":[]}')

    assert received.count(b"HTTP/1.1 200 ") == 2


def test_a_length_that_is_no_number_is_refused_and_ends_the_connection(running: Running) -> None:
    """Where the next request begins is not known any more."""
    with connect(running) as connection:
        connection.sendall(HEAD.format(length="many", more="").encode())

        assert receive(connection, b"}").startswith(b"HTTP/1.1 400 ")
        assert connection.recv(1) == b""


@pytest.mark.parametrize("chunks", [b"zz\r\n", b"-1\r\n", b"fffffffff\r\n"])
def test_a_chunk_of_no_sensible_size_is_refused(running: Running, chunks: bytes) -> None:
    """Before anything of that size is waited for."""
    with connect(running) as connection:
        head = HEAD.replace("Content-Length: {length}", "Transfer-Encoding: chunked").format(more="")
        connection.sendall(head.encode() + chunks)

        assert receive(connection, b"}").startswith(b"HTTP/1.1 400 ")


@pytest.mark.parametrize("sent", ["Content-Length: 99\r\n\r\n{", "Transfer-Encoding: chunked\r\n\r\n63\r\n{"])
def test_half_a_request_is_not_answered(running: Running, sent: str) -> None:
    """The client closed its connection: there is no answer, and nothing to count."""
    with connect(running) as connection:
        connection.sendall((HEAD.partition("Content-Length")[0] + sent).encode())
        connection.shutdown(socket.SHUT_WR)

        assert connection.recv(1) == b""

    assert running.control("GET", "stats")["operations"] == {"PutProfileObjectType": {"ok": 1}}


def test_a_defect_of_the_emulator_is_an_internal_server_error(
    run: Callable[..., Running], capfd: pytest.CaptureFixture[str]
) -> None:
    """It must look like a defect, on both sides, and not like a lost connection."""

    def break_down(_: float) -> None:
        raise RuntimeError("broken")

    running = run(sleep=break_down, faults={"rules": [{"kind": "delay", "seconds": 1}]})

    with pytest.raises(running.client.exceptions.InternalServerException, match="Defect of the emulator: RuntimeError"):
        running.client.get_domain(DomainName=DOMAIN)

    assert "RuntimeError: broken" in capfd.readouterr().err


def test_a_stop_lets_a_request_under_way_end(run: Callable[..., Running]) -> None:
    """Its record is written and answered: a stop is not a fault."""
    under_way, go_on = threading.Event(), threading.Event()

    def wait(_: float) -> None:
        under_way.set()
        go_on.wait(5)

    running = run(sleep=wait)
    running.client.put_profile_object_type(DomainName=DOMAIN, ObjectTypeName=TYPE, **definition())
    running.control("PUT", "faults", {"rules": [{"kind": "delay", "seconds": 1, "operations": ["PutProfileObject"]}]})
    with ThreadPoolExecutor(2) as threads:
        answer = threads.submit(running.put, stringified(recordId="r1", UserId="u1"))
        assert under_way.wait(5)
        stopped = threads.submit(running.emulator.stop)
        go_on.set()

        assert answer.result(5)["ProfileObjectUniqueKey"]
        stopped.result(10)


def raw(running: Running, request: bytes) -> tuple[int, dict[str, str], Any]:
    """Send bytes and return status, headers and JSON body of what comes back before the connection closes."""
    with connect(running) as connection:
        connection.sendall(request)
        received = b""
        while arrived := connection.recv(65_536):
            received += arrived
    head, _, body = received.partition(b"\r\n\r\n")
    status, *lines = head.decode().split("\r\n")
    return int(status.split()[1]), dict(line.split(": ", 1) for line in lines), json.loads(body)


@pytest.mark.parametrize(
    ("request_bytes", "status", "code"),
    [
        (b"nonsense\r\n\r\n", 400, "BadRequestException"),
        (b"\xff\xfe\x00 / HTTP/1.1\r\n\r\n", 501, "NotImplementedException"),
        (b"GET / HTTP/9.9\r\n\r\n", 505, "HttpVersionNotSupportedException"),
        (b"BREW /domains HTTP/1.1\r\nHost: x\r\n\r\n", 501, "NotImplementedException"),
        (b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n\r\n", 414, "RequestUriTooLongException"),
        (b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 150 + b"\r\n", 431, "RequestHeaderFieldsTooLargeException"),
        (b"GET / HTTP/1.1\r\nA: " + b"b" * 70_000 + b"\r\n\r\n", 431, "RequestHeaderFieldsTooLargeException"),
        (
            HEAD.format(length=5, more="Transfer-Encoding: notchunkedatall\r\n").encode(),
            400,
            "BadRequestException",
        ),
        (HEAD.format(length=5, more="Content-Length: 6\r\n").encode(), 400, "BadRequestException"),
    ],
)
def test_malformed_http_is_answered_as_the_service_answers(
    running: Running, request_bytes: bytes, status: int, code: str
) -> None:
    """An SDK reads JSON and a request id, and nothing of an HTML page."""
    answered, headers, body = raw(running, request_bytes)

    assert answered == status
    assert headers["x-amzn-ErrorType"] == code
    assert headers["x-amzn-RequestId"]
    assert headers["Content-Type"] == "application/json"
    assert headers["Connection"] == "close"
    assert body["Message"]


def test_trailers_do_not_take_the_next_request_with_them(running: Running) -> None:
    """They end the chunked body, and another request may follow at once."""
    head = HEAD.replace("Content-Length: {length}", "Transfer-Encoding: chunked").format(more="").encode()
    chunked = head + b"%x\r\n%s\r\n0\r\nX-Checksum: 1\r\nX-Other: 2\r\n\r\n" % (len(BODY), BODY)
    with connect(running) as connection:
        connection.sendall(chunked + chunked)
        received = receive(connection, b'{"Items":[]}')
        while received.count(b'{"Items":[]}') < 2:
            received += receive(connection, b'{"Items":[]}')

    assert received.count(b"HTTP/1.1 200 ") == 2


@pytest.mark.parametrize("sent", [b"", b"GET /domains HT", HEAD.format(length=99, more="").encode() + b"{"])
def test_a_client_that_sends_nothing_more_is_let_go(run: Callable[..., Running], sent: bytes) -> None:
    """Each half-open connection holds a thread and a file descriptor."""
    running = run(idle_seconds=0.2)
    with connect(running) as connection:
        connection.sendall(sent)

        assert connection.recv(1) == b""


def test_a_client_that_sends_a_byte_now_and_then_is_let_go_as_well() -> None:
    """The whole request must arrive in time, or a trickle would hold a thread for good."""
    clock = FakeClock()
    listening = ServerSettings("127.0.0.1", 0, idle_seconds=10.0, cors="", monotonic=clock.monotonic)
    server = Server(listening, cast("Any", None), cast("Any", None))  # nothing gets as far as a request
    ours, theirs = socket.socketpair()
    server._connections[theirs] = clock.monotonic()  # noqa: SLF001 - as if it had just been accepted
    ours.settimeout(5)

    for _ in range(3):
        clock.advance(3)
        ours.sendall(b"G")
        server.service_actions()
    ours.settimeout(0)
    with pytest.raises(BlockingIOError):
        ours.recv(1)
    clock.advance(3)
    server.service_actions()

    assert ours.recv(1) == b""
    for opened in (ours, theirs):
        opened.close()
    server.server_close()


def test_a_slow_answer_is_no_idle_client(run: Callable[..., Running]) -> None:
    """It is the emulator that takes its time: an injected delay may be longer than `idle_seconds`."""
    answered = threading.Event()
    running = run(idle_seconds=0.1, sleep=lambda _: answered.wait(0.5))
    running.emulator.set_faults({"rules": [{"kind": "delay", "seconds": 1}]})

    assert running.client.get_domain(DomainName=DOMAIN)["DomainName"] == DOMAIN


@pytest.mark.parametrize(("number", "pauses"), [(errno.EMFILE, 1), (errno.ENFILE, 1), (errno.ECONNABORTED, 0)])
def test_without_room_for_a_connection_the_server_waits(number: int, pauses: int) -> None:
    """Asked again at once, the kernel refuses again at once, and a core is busy with nothing."""
    paused: list[float] = []
    listening = ServerSettings("127.0.0.1", 0, 60.0, "", pause=lambda _, seconds: paused.append(seconds))
    server = Server(listening, cast("Any", None), cast("Any", None))  # nothing gets as far as a request

    class Exhausted:
        def accept(self) -> None:
            raise OSError(number, os.strerror(number))

    socket_of_server, server.socket = server.socket, cast("socket.socket", Exhausted())
    with pytest.raises(OSError, match=os.strerror(number)):
        server.get_request()

    assert len(paused) == pauses
    socket_of_server.close()


def test_a_browsers_page_may_call_when_it_is_let(run: Callable[..., Running]) -> None:
    """A browser asks first, and shows a page no answer that does not name its origin."""
    running = run(cors="http://localhost:3000")
    path = f"{running.emulator.url}/domains/{DOMAIN}"
    asked = running.http.request("OPTIONS", path, headers={"Access-Control-Request-Headers": "authorization"})
    answered = running.http.request("GET", path, headers={"Authorization": "AWS4-HMAC-SHA256 x"})

    assert asked.status == 200
    assert asked.headers["Access-Control-Allow-Headers"] == "authorization"
    assert "PUT" in asked.headers["Access-Control-Allow-Methods"]
    for answer in (asked, answered):
        assert answer.headers["Access-Control-Allow-Origin"] == "http://localhost:3000"
    assert "x-amzn-ErrorType" in answered.headers["Access-Control-Expose-Headers"]


def test_no_page_of_a_browser_may_call_unless_it_is_let(running: Running) -> None:
    """A web site that is open on the same machine must not read the emulator."""
    asked = running.http.request("OPTIONS", f"{running.emulator.url}/domains/{DOMAIN}")

    assert (asked.status, asked.headers["x-amzn-ErrorType"]) == (404, "UnknownOperationException")
    assert "Access-Control-Allow-Origin" not in asked.headers


def test_a_dead_letter_is_sent_after_the_answer(run: Callable[..., Running]) -> None:
    """The service answers first: a queue that cannot be reached must not hold up who puts objects."""
    answered, sent = threading.Event(), threading.Event()

    class SlowQueue:
        def send(self, _queue_url: str, _letter: DeadLetter) -> bool:
            answered.wait(5)
            sent.set()
            return True

    running = run(dead_letters=SlowQueue())
    named = {"DomainName": DOMAIN, "ObjectTypeName": TYPE}
    running.client.update_domain(DomainName=DOMAIN, DeadLetterQueueUrl="http://queue")
    running.client.put_profile_object_type(**named, **definition(AllowProfileCreation=False))
    running.put(stringified(recordId="r1", UserId="u1"))

    assert not sent.is_set()
    assert running.control("GET", "stats")["dead_letters_waiting"] == 1
    answered.set()
    assert sent.wait(5)
    running.emulator.settle()
    assert running.emulator.stats()["events"]["objects_dead_lettered"] == 1
    assert running.emulator.stats()["dead_letters_waiting"] == 0
