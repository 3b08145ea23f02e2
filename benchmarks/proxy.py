"""A proxy before an AWS service that can fail a call on demand: what both soaks have in common."""

import contextlib
import http.client
import socket
import struct
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

HOST = "127.0.0.1"
UPSTREAM_SECONDS = 30.0
DRIP = 0.5
"""Seconds between two bytes."""
HOP_BY_HOP = frozenset({"content-length", "connection", "transfer-encoding", "expect"})


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer of the service."""

    status: int
    body: bytes
    headers: Mapping[str, str]


class Call(BaseHTTPRequestHandler):
    """One call of a client; what serves it decides what becomes of it."""

    server: "_Server"
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = 65_536

    def do_POST(self) -> None:
        """Serve one call."""
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        self.server.serve_call(self, body)

    def do_GET(self) -> None:
        """Serve one call."""
        self.do_POST()

    def forward(self, body: bytes) -> Answer:
        """Make the call upstream, on a connection of its own: one that was kept might have been closed meanwhile."""
        kept = {name: value for name, value in self.headers.items() if name.lower() not in HOP_BY_HOP}
        upstream = http.client.HTTPConnection(self.server.upstream, timeout=UPSTREAM_SECONDS)
        try:
            upstream.request(self.command, self.path, body, kept)
            answer = upstream.getresponse()
            headers = {name: value for name, value in answer.getheaders() if name.lower() not in HOP_BY_HOP}
            return Answer(answer.status, answer.read(), headers)
        finally:
            upstream.close()

    def reply(self, status: int, body: bytes, headers: Mapping[str, str]) -> None:
        """Answer the call."""
        self._begin(status, body, headers)
        self.wfile.write(body)
        self.wfile.flush()

    def drip(self, body: bytes) -> None:
        """Answer the call a byte at a time."""
        self.close_connection = True
        self._begin(http.client.OK, body, {})
        with contextlib.suppress(OSError):  # the client gives up, some time
            for byte in body:
                self.wfile.write(bytes([byte]))
                self.wfile.flush()
                time.sleep(DRIP)

    def reset(self) -> None:
        """Reset the connection, so that no answer arrives."""
        # lingering for no time makes the close a reset
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()

    def _begin(self, status: int, body: bytes, headers: Mapping[str, str]) -> None:
        self.send_response_only(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Log nothing: calls are counted, not shown."""


class Proxy:
    """Serves from its creation until `stop`.

    Args:
        upstream: The address of the service.
        serve: Is given each call with its body: it may forward it, reply, reset, or fail it otherwise.
    """

    def __init__(self, upstream: str, serve: Callable[[Call, bytes], None]) -> None:
        self._server = _Server(urlsplit(upstream).netloc, serve)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), name="proxy", daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """Where clients find it."""
        return f"http://{HOST}:{self._server.server_address[1]}"

    def stop(self) -> None:
        """Serve no more."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def __init__(self, upstream: str, serve: Callable[[Call, bytes], None]) -> None:
        super().__init__((HOST, 0), Call)
        self.upstream = upstream
        self.serve_call = serve

    def handle_error(self, request: Any, client_address: object) -> None:  # noqa: ANN401 - the base class's
        """Pass over clients that went away: they are killed here."""
