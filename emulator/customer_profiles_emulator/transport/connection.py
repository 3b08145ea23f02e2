"""One client's connection: requests in, answers out, until either side closes it."""

from __future__ import annotations

import contextlib
import io
import socket
import struct
import time
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler
from typing import Protocol, cast
from urllib.parse import parse_qs

from customer_profiles_emulator.transport.errors import MalformedRequestError, ServiceError
from customer_profiles_emulator.transport.framing import ClientGoneError, read_body
from customer_profiles_emulator.transport.messages import (
    Answer,
    Delivery,
    DeliveryFault,
    Request,
    deliver,
    error_answer,
)


class AnsweringServer(Protocol):
    """What a connection needs of its server.

    Attributes:
        idle_seconds: how long a client may take to send a request, or to take its answer.
        cors: the origin whose pages may call, `*` for all; empty for none.
    """

    idle_seconds: float
    cors: str

    def answer(self, connection: socket.socket, request: Request) -> Answer:
        """Answer one request, and hold a stop until it is `done`."""

    def done(self, connection: socket.socket) -> None:
        """The answer was sent, or could not be."""


class Connection(BaseHTTPRequestHandler):
    """Serves one connection of a `Server`, in a thread of its own."""

    protocol_version = "HTTP/1.1"
    server_version = "customer-profiles-emulator"
    sys_version = ""
    disable_nagle_algorithm = True
    wbufsize = 65_536  # an answer is flushed once, whole

    def setup(self) -> None:
        """Let neither a read nor a write take longer than `idle_seconds`."""
        super().setup()
        self.connection.settimeout(self._served.idle_seconds)

    @property
    def _served(self) -> AnsweringServer:
        return cast("AnsweringServer", self.server)

    def _respond(self) -> None:
        try:
            body = read_body(self.headers, self.rfile)
        except ClientGoneError:
            # Half of a request must not be answered as if it were all.
            self.close_connection = True
            return
        except MalformedRequestError as error:
            self._refuse(error)
            return
        if self.command == "OPTIONS" and self._served.cors:
            self._send(Answer(headers=self._preflight()))
            return
        answer = self._served.answer(self.connection, self._request(body))
        try:
            self._send(answer)
        finally:
            self._served.done(self.connection)

    do_GET = do_PUT = do_POST = do_DELETE = do_PATCH = do_HEAD = do_OPTIONS = _respond  # noqa: N815 - the base class's

    def _request(self, body: bytes) -> Request:
        path, _, query = self.path.partition("?")
        return Request(
            method=self.command,
            path=path,
            query=parse_qs(query, keep_blank_values=True),
            headers={name.lower(): value for name, value in self.headers.items()},
            body=body,
        )

    def handle_expect_100(self) -> bool:
        """Send "100 Continue" at once: a buffered one would leave only with the answer."""
        goes_on = super().handle_expect_100()
        self.wfile.flush()
        return goes_on

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Answer what the base class cannot read, in the service's form and not in HTML."""
        # No line of it was understood, so that neither the version nor the method of a former request counts.
        self.request_version, self.command = self.protocol_version, ""
        self._refuse(MalformedRequestError(code, message or explain or "The request is malformed"))

    def _refuse(self, error: ServiceError) -> None:
        # Where the next request on the connection begins is not known any more.
        self.close_connection = True
        self._send(error_answer(error))

    def _preflight(self) -> Mapping[str, str]:
        return {
            "Access-Control-Allow-Methods": "GET, PUT, POST, DELETE, PATCH",
            "Access-Control-Allow-Headers": self.headers.get("Access-Control-Request-Headers", "*"),
            "Access-Control-Max-Age": "600",
        }

    def _send(self, answer: Answer) -> None:
        if answer.drop:
            self._reset_connection()
            return
        if answer.delivery is not None and answer.delivery.fault is DeliveryFault.HANG:
            self._hang()
            return
        self.send_response_only(answer.status)
        self.send_header("Date", self.date_time_string())
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if self._served.cors:
            self.send_header("Access-Control-Allow-Origin", self._served.cors)
            self.send_header("Access-Control-Expose-Headers", "x-amzn-RequestId, x-amzn-ErrorType")
        if self.close_connection:
            self.send_header("Connection", "close")
        if answer.chunks is not None:
            self._send_chunks(answer)
            return
        self.send_header("Content-Length", str(len(answer.body)))
        if answer.delivery is not None:
            self._deliver(answer.delivery, answer.body)
            return
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

    def _deliver(self, delivery: Delivery, body: bytes) -> None:
        head = io.BytesIO()
        output, self.wfile = self.wfile, head
        self.end_headers()  # writes the headers that the base class has buffered
        self.wfile = output
        deliver(delivery, head.getvalue() + body, output, time.sleep)

    def _hang(self) -> None:
        # Until the client closes the connection or sends more: the answer to a later request would pass for this one's.
        self.close_connection = True
        with contextlib.suppress(OSError):
            self.connection.recv(1)

    def _reset_connection(self) -> None:
        # Lingering for no time makes the close a reset, which is what a client sees of a crashed server.
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Log nothing: requests hold personal data, and `/_emulator/stats` counts them."""
