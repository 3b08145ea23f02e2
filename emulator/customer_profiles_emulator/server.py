"""The HTTP side: the standard library's threading server, one thread a connection.

The standard library and not a framework: AWS clients speak plain HTTP/1.1 over kept-alive connections, and a
request costs less here than through WSGI. Two things matter and are easy to get wrong: an answer leaves in one
write, and Nagle's algorithm is off; otherwise a client's delayed acknowledgement adds 40 ms to every call.
"""

from __future__ import annotations

import contextlib
import socket
import struct
import sys
import threading
import traceback
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from typing import Protocol, cast
from urllib.parse import parse_qs

from customer_profiles_emulator.application import Answer, Request, error_answer
from customer_profiles_emulator.control import PREFIX
from customer_profiles_emulator.errors import BadRequestError, InternalServerError

HOST = "127.0.0.1"
_Socket = socket.socket | tuple[bytes, socket.socket]  # the base class serves datagrams, too
_DRAIN_SECONDS = 5.0
# More than any valid request: ten objects of 256,000 characters, each escaped to six bytes a character.
_MAX_BODY = 16_000_000


class Handles(Protocol):
    """What answers requests: a service's side, or a control plane."""

    def handle(self, request: Request) -> Answer:
        """Answer a request; never raises."""


class Server(ThreadingHTTPServer):
    """Serves the application and its control plane until `stop`."""

    daemon_threads = True
    request_queue_size = 256

    def __init__(self, port: int, application: Handles, control: Handles) -> None:
        """Bind to the loopback interface; port 0 takes a free one."""
        super().__init__((HOST, port), _Handler)
        self.application = application
        self.control = control
        self._active = 0
        self._stopping = False
        self._connections: set[socket.socket] = set()
        self._idle = threading.Condition()

    def server_bind(self) -> None:
        """Bind without asking the name service who we are, which can take seconds and is of no use here."""
        TCPServer.server_bind(self)

    @property
    def url(self) -> str:
        """Where clients find it."""
        return f"http://{HOST}:{self.server_address[1]}"

    def stop(self) -> None:
        """Take no more requests, let those under way end (for five seconds at most), close every connection."""
        self.shutdown()
        self.server_close()
        with self._idle:
            self._stopping = True
            self._idle.wait_for(lambda: self._active == 0, timeout=_DRAIN_SECONDS)
            for connection in self._connections:
                # Wakes the thread that waits for the connection's next request; it closes the socket itself.
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
            self._idle.wait_for(lambda: not self._connections, timeout=_DRAIN_SECONDS)

    def answer(self, request: Request) -> Answer:
        """Answer one request."""
        with self._idle:
            self._active += 1
            if self._stopping:
                return Answer(drop=True)
        try:
            handler = self.control if request.path.startswith(PREFIX) else self.application
            return handler.handle(request)
        except Exception as error:  # noqa: BLE001 - see the next line
            # Last line of defence: a defect of the emulator must look like one, and not end the connection.
            traceback.print_exception(error)
            return error_answer(InternalServerError(f"Defect of the emulator: {type(error).__name__}"))

    def done(self) -> None:
        """One answer has been sent."""
        with self._idle:
            self._active -= 1
            self._idle.notify_all()

    def process_request(self, request: _Socket, client_address: object) -> None:
        """Remember a connection as it opens, and serve it in a thread."""
        with self._idle:
            self._connections.add(cast("socket.socket", request))
        super().process_request(request, client_address)

    def shutdown_request(self, request: _Socket) -> None:
        """Close a connection and forget it."""
        super().shutdown_request(request)
        with self._idle:
            self._connections.discard(cast("socket.socket", request))
            self._idle.notify_all()

    def handle_error(self, request: _Socket, client_address: object) -> None:
        """Pass over clients that went away; show anything else on standard error."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"
    server_version = "customer-profiles-emulator"
    sys_version = ""
    disable_nagle_algorithm = True
    wbufsize = 65_536  # an answer is flushed once, whole

    def _respond(self) -> None:
        body = self._read_body()
        if body is None:
            return
        path, _, query = self.path.partition("?")
        request = Request(
            method=self.command,
            path=path,
            query=parse_qs(query, keep_blank_values=True),
            headers={name.lower(): value for name, value in self.headers.items()},
            body=body,
        )
        answer = self.server.answer(request)
        try:
            self._send(answer)
        finally:
            self.server.done()

    do_GET = do_PUT = do_POST = do_DELETE = do_PATCH = do_HEAD = _respond  # noqa: N815 - the base class's names

    def handle_expect_100(self) -> bool:
        """Tell a client that asks first to go on, at once: what is buffered would only leave with the answer."""
        goes_on = super().handle_expect_100()
        self.wfile.flush()
        return goes_on

    def _read_body(self) -> bytes | None:
        if "chunked" in self.headers.get("Transfer-Encoding", "").lower():
            return self._read_chunks()
        length = self.headers.get("Content-Length", "0")
        if not length.isdecimal() or int(length) > _MAX_BODY:
            self._refuse("Content-Length is not a number, or more than any request of the service needs")
            return None
        return self._read(int(length))

    def _read_chunks(self) -> bytes | None:
        chunks: list[bytes] = []
        left = _MAX_BODY
        while True:
            try:
                size = int(self.rfile.readline(64).split(b";")[0], 16)
            except ValueError:
                size = -1
            if not 0 <= size <= left:
                self._refuse("The chunked body is malformed or too long")
                return None
            chunk = self._read(size)
            if chunk is None:
                return None
            self.rfile.readline(64)
            if size == 0:
                return b"".join(chunks)
            chunks.append(chunk)
            left -= size

    def _read(self, size: int) -> bytes | None:
        content = self.rfile.read(size)
        if len(content) == size:
            return content
        # The client went away in the middle of its request: half of it must not be answered as if it were all.
        self.close_connection = True
        return None

    def _refuse(self, reason: str) -> None:
        # What follows on the connection cannot be told apart any more.
        self.close_connection = True
        self._send(error_answer(BadRequestError(reason)))

    def _send(self, answer: Answer) -> None:
        if answer.drop:
            self._reset_connection()
            return
        self.send_response_only(answer.status)
        self.send_header("Date", self.date_time_string())
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.chunks is not None:
            self._send_chunks(answer)
            return
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)
        self.wfile.flush()

    def _send_chunks(self, answer: Answer) -> None:
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for chunk in answer.chunks or ():
            self.wfile.write(b"%x\r\n%s\r\n" % (len(chunk), chunk))
        self.wfile.write(b"0\r\n\r\n")
        self.wfile.flush()

    def _reset_connection(self) -> None:
        # Lingering for no time makes the close a reset, which is what a client sees of a crashed server.
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Log nothing: requests hold personal data, and `/_emulator/stats` counts them."""
