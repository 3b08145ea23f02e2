"""A proxy on the operator's way to AWS that spoils answers, and kills who asked."""

import http.client
import json
import socket
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

HOST = "127.0.0.1"
UPSTREAM_SECONDS = 30.0
PAGE = b"<!doctype html><html><head><title>Sign in</title></head><body>Sign in to go on</body></html>"


class Answer(StrEnum):
    """What becomes of every answer of one operation.

    A call whose answer is lost has reached AWS; one that is answered with a page, or with nothing, never does.
    """

    AS_IT_IS = "as it is"
    LOST = "lost"
    PAGE = "a page"
    EMPTY = "empty"
    TWICE = "twice"


INSTEAD = {Answer.PAGE: PAGE, Answer.EMPTY: b""}


@dataclass(frozen=True, slots=True)
class Fault:
    """What befalls one operation.

    Attributes:
        operation: Its name, as AWS's API reference has it.
        answer: What becomes of its answers.
        before: Called when a call of it has arrived and AWS has not had it; whatever it returns, the call is dropped.
        after: Called when AWS has answered a call and the operator has not had the answer; the same.
        skip: Calls that pass before.
    """

    operation: str = ""
    answer: Answer = Answer.AS_IT_IS
    before: Callable[[], None] | None = None
    after: Callable[[], None] | None = None
    skip: int = 0


NO_FAULT = Fault()


class Proxy:
    """One address of AWS.

    Args:
        upstream: Where it really is.

    Attributes:
        fault: What strikes now.
        struck: How often it did.
        handles: The receipt handles that were handed out last, by message, whether they arrived or not.
    """

    def __init__(self, upstream: str) -> None:
        self.fault = NO_FAULT
        self.struck = 0
        self.handles: dict[str, str] = {}
        self.upstream = urlsplit(upstream).netloc
        self._skipped = 0
        self._lock = threading.Lock()
        self._server = _Server(self)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), name="proxy", daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """Where the operator finds it."""
        return f"http://{HOST}:{self._server.server_address[1]}"

    def set(self, fault: Fault) -> None:
        """Let a fault strike from now on, and count anew."""
        with self._lock:
            self.fault, self.struck, self._skipped = fault, 0, 0

    def stop(self) -> None:
        """Serve no more."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def strikes(self, operation: str) -> Fault:
        """Return what befalls a call of an operation, and count it."""
        with self._lock:
            if operation != self.fault.operation:
                return NO_FAULT
            if self._skipped < self.fault.skip:
                self._skipped += 1
                return NO_FAULT
            self.struck += 1
            return self.fault

    def note(self, body: bytes) -> None:
        """Remember what a receive has handed out."""
        messages = json.loads(body).get("Messages") or []
        with self._lock:
            self.handles.update((message["MessageId"], message["ReceiptHandle"]) for message in messages)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def __init__(self, proxy: Proxy) -> None:
        super().__init__((HOST, 0), _Handler)
        self.proxy = proxy

    def handle_error(self, request: Any, client_address: object) -> None:  # noqa: ANN401 - the base class's
        """Pass over whoever went away: operators are killed here."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        """Forward one call, and do to its answer what is to be done."""
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        operation = _operation(self.headers.get("X-Amz-Target", ""), self.path)
        fault = self.server.proxy.strikes(operation)
        if fault.before is not None:
            fault.before()
            self._reset()
            return
        if fault.answer in INSTEAD:
            self._answer(http.client.OK, {"Content-Type": "text/html"}, INSTEAD[fault.answer])
            return
        status, headers, answer = self._forward(operation, body)
        if fault.answer is Answer.TWICE:
            status, headers, answer = self._forward(operation, body)
        if fault.after is not None:
            fault.after()
            self._reset()
            return
        self._hand_on(fault.answer, status, headers, answer)

    def do_GET(self) -> None:
        """Do the same."""
        self.do_POST()

    def _hand_on(self, how: Answer, status: int, headers: dict[str, str], answer: bytes) -> None:
        if how is Answer.LOST:
            self._reset()
        else:
            self._answer(status, headers, answer)

    def _forward(self, operation: str, body: bytes) -> tuple[int, dict[str, str], bytes]:
        kept = {name: value for name, value in self.headers.items() if name.lower() not in _HOP}
        upstream = http.client.HTTPConnection(self.server.proxy.upstream, timeout=UPSTREAM_SECONDS)
        try:
            upstream.request(self.command, self.path, body, kept)
            answer = upstream.getresponse()
            content = answer.read()
        finally:
            upstream.close()
        if operation == "ReceiveMessage" and answer.status == http.client.OK:
            self.server.proxy.note(content)
        headers = {name: value for name, value in answer.getheaders() if name.lower() not in _HOP}
        return answer.status, headers, content

    def _answer(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response_only(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    def _reset(self) -> None:
        # lingering for no time makes the close a reset
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Log nothing."""


_HOP = frozenset({"content-length", "connection", "transfer-encoding", "expect"})


def _operation(target: str, path: str) -> str:
    """Return the operation that a call is of; empty for one that no fault here is about."""
    if target:
        return target.rpartition(".")[2]
    ends = {
        "/invocations": "Invoke",
        "/profiles/search": "SearchProfiles",
        "/profiles/objects": "ListProfileObjects",
    }
    return next((name for end, name in ends.items() if urlsplit(path).path.endswith(end)), "")
