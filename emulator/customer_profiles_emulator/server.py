"""The HTTP side: the standard library's threading server, one thread a connection.

The standard library and not a framework: AWS clients speak plain HTTP/1.1 over kept-alive connections, and a
request costs less here than through WSGI. Two things matter and are easy to get wrong: an answer leaves in one
write, and Nagle's algorithm is off; otherwise a client's delayed acknowledgement adds 40 ms to every call.
"""

from __future__ import annotations

import contextlib
import errno
import ipaddress
import socket
import sys
import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from http.server import ThreadingHTTPServer
from socketserver import TCPServer
from typing import Protocol, cast

from customer_profiles_emulator.application import Answer, Request, error_answer
from customer_profiles_emulator.connection import Connection
from customer_profiles_emulator.control import PREFIX
from customer_profiles_emulator.errors import InternalServerError

LOOPBACK = "127.0.0.1"
IDLE_SECONDS = 60.0
_Socket = socket.socket | tuple[bytes, socket.socket]  # the base class serves datagrams, too
_Address = tuple[str, int]
_DRAIN_SECONDS = 5.0
_LOOK_SECONDS = 1.0  # between two looks for connections that wait too long
# How long to leave new connections alone when there is no room for them: they stay in the kernel's queue meanwhile.
_NO_ROOM_SECONDS = 0.1
_NO_ROOM = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM})


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where and how to listen.

    Attributes:
        host: an address of this machine, or a name for one.
        port: 0 takes a free one.
        idle_seconds: how long a client may take to send a whole request, counted from the last answer.
        cors: the origin whose pages a browser lets call, `*` for all; empty for none.
        monotonic: seconds that never go back, for `idle_seconds`.
        pause: waits for that many seconds, or until a connection closes.
    """

    host: str = LOOPBACK
    port: int = 0
    idle_seconds: float = IDLE_SECONDS
    cors: str = ""
    monotonic: Callable[[], float] = time.monotonic
    pause: Callable[[threading.Condition, float], object] = threading.Condition.wait


class Handles(Protocol):
    """What answers requests: a service's side, or a control plane."""

    def handle(self, request: Request) -> Answer:
        """Answer a request; never raises."""


class Server(ThreadingHTTPServer):
    """Serves the application and its control plane until `stop`."""

    daemon_threads = True
    request_queue_size = 256

    def __init__(self, endpoint: Endpoint, application: Handles, control: Handles) -> None:
        """Bind.

        Raises:
            OSError: the host is none of this machine's, or the port is taken.
        """
        self.idle_seconds = endpoint.idle_seconds
        self.cors = endpoint.cors
        self.application = application
        self.control = control
        self._endpoint = endpoint
        self._active = 0
        self._stopping = False
        # since when each connection waits for its client; None while it is answered
        self._connections: dict[socket.socket, float | None] = {}
        self._next_look = endpoint.monotonic()
        self._idle = threading.Condition()
        self.address_family = socket.AF_INET6 if ":" in endpoint.host else socket.AF_INET
        super().__init__((endpoint.host, endpoint.port), Connection)

    def server_bind(self) -> None:
        """Bind without asking the name service who we are, which can take seconds and is of no use here."""
        TCPServer.server_bind(self)

    @property
    def url(self) -> str:
        """Where clients on this machine find it."""
        return f"http://{_reachable(self._endpoint.host)}:{self.server_address[1]}"

    def stop(self) -> None:
        """Take no more requests, let those under way end (for five seconds at most), close every connection."""
        self.shutdown()
        self.server_close()
        with self._idle:
            self._stopping = True
            self._idle.wait_for(lambda: self._active == 0, timeout=_DRAIN_SECONDS)
            for connection in self._connections:
                _wake(connection)
            self._idle.wait_for(lambda: not self._connections, timeout=_DRAIN_SECONDS)

    def answer(self, connection: socket.socket, request: Request) -> Answer:
        """Answer one request, and hold a stop until it is `done`."""
        with self._idle:
            self._active += 1
            self._connections[connection] = None
            if self._stopping:
                return Answer(drop=True)
        try:
            handler = self.control if request.path.startswith(PREFIX) else self.application
            return handler.handle(request)
        except Exception as error:  # noqa: BLE001 - see the next line
            # Last line of defence: a defect of the emulator must look like one, and not end the connection.
            traceback.print_exception(error)
            return error_answer(InternalServerError(f"Defect of the emulator: {type(error).__name__}"))

    def done(self, connection: socket.socket) -> None:
        """One answer has been sent, or could not be."""
        with self._idle:
            self._active -= 1
            self._connections[connection] = self._endpoint.monotonic()
            self._idle.notify_all()

    def get_request(self) -> tuple[socket.socket, _Address]:
        """Take the next connection; where there is no room for it, wait instead of asking again at once."""
        try:
            return super().get_request()
        except OSError as error:
            if error.errno in _NO_ROOM:
                with self._idle:
                    self._endpoint.pause(self._idle, _NO_ROOM_SECONDS)
            raise

    def service_actions(self) -> None:
        """Close connections whose clients take too long: neither silence nor a byte now and then holds a thread."""
        now = self._endpoint.monotonic()
        if now < self._next_look:
            return
        self._next_look = now + min(_LOOK_SECONDS, self.idle_seconds)
        with self._idle:
            for connection, since in self._connections.items():
                if since is not None and now - since >= self.idle_seconds:
                    _wake(connection)

    def process_request(self, request: _Socket, client_address: _Address) -> None:
        """Remember a connection as it opens, and serve it in a thread."""
        with self._idle:
            self._connections[cast("socket.socket", request)] = self._endpoint.monotonic()
        super().process_request(request, client_address)

    def shutdown_request(self, request: _Socket) -> None:
        """Close a connection and forget it."""
        super().shutdown_request(request)
        with self._idle:
            self._connections.pop(cast("socket.socket", request), None)
            self._idle.notify_all()

    def handle_error(self, request: _Socket, client_address: object) -> None:
        """Pass over clients that went away; show anything else on standard error."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


def _wake(connection: socket.socket) -> None:
    # The thread that waits for the connection's next byte sees its end, and closes the socket itself.
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)


def _reachable(host: str) -> str:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if address.version == 4:  # noqa: PLR2004 - IPv4
        return "127.0.0.1" if address.is_unspecified else host
    return "[::1]" if address.is_unspecified else f"[{host}]"
