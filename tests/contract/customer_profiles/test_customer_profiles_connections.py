"""Connections: what clients other than boto3 rely on, and what happens to them at a stop."""

import socket
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest

from tests.contract.customer_profiles.conftest import Running
from tests.customer_profiles_samples import DOMAIN, TYPE, definition, stringified

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


def test_a_client_that_asks_before_it_sends_is_told_to_go_on(running: Running) -> None:
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
    """Where the next request begins could not be told any more."""
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
    """The client went away: there is nobody to answer, and nothing to count."""
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
