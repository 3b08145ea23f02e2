"""The HTTP side: the standard library's threading server, one thread a connection.

The standard library and not a framework: AWS clients speak plain HTTP/1.1 over kept-alive connections, and a
request costs less here than through WSGI. Two things matter and are easy to get wrong: an answer leaves in one
write, and Nagle's algorithm is off; otherwise a client's delayed acknowledgement adds 40 ms to every call.
"""

from __future__ import annotations

import contextlib
import errno
import ipaddress
import signal
import socket
import sys
import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from http.server import ThreadingHTTPServer
from pathlib import Path
from socketserver import TCPServer
from typing import Protocol, cast

from customer_profiles_emulator.transport.connection import Connection
from customer_profiles_emulator.transport.errors import InternalServerError
from customer_profiles_emulator.transport.messages import Answer, Request, error_answer

CONTROL_PREFIX = "/_emulator/"
LOOPBACK = "127.0.0.1"
IDLE_SECONDS = 60.0
_Socket = socket.socket | tuple[bytes, socket.socket]  # the base class serves datagrams, too
_Address = tuple[str, int]
_DRAIN_SECONDS = 5.0
_IDLE_CHECK_SECONDS = 1.0
_STOP_POLL_SECONDS = 0.05  # how soon the serving thread notices that it is to stop
# How long no connection is accepted after there was no room for one: they stay in the kernel's queue meanwhile.
_NO_ROOM_SECONDS = 0.1
_NO_ROOM = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM})


@dataclass(frozen=True, slots=True)
class ServerSettings:
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
    """What answers requests: a service, or its control plane."""

    def handle(self, request: Request) -> Answer:
        """Answer a request; never raises."""


class Server(ThreadingHTTPServer):
    """Serves a service and its control plane from `start` to `stop`."""

    daemon_threads = True
    request_queue_size = 256

    def __init__(self, settings: ServerSettings, service: Handles, control: Handles) -> None:
        """Bind.

        Raises:
            OSError: the host is not one of this machine's, or the port is taken.
        """
        self.idle_seconds = settings.idle_seconds
        self.cors = settings.cors
        self._settings = settings
        self._service = service
        self._control = control
        self._active = 0
        self._stopping = False
        # since when each connection waits for its client; None while it is answered
        self._connections: dict[socket.socket, float | None] = {}
        self._next_idle_check = settings.monotonic()
        self._idle = threading.Condition()
        self.address_family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
        self._thread = threading.Thread(target=self.serve_forever, args=(_STOP_POLL_SECONDS,), name="http", daemon=True)
        super().__init__((settings.host, settings.port), Connection)

    def server_bind(self) -> None:
        """Bind without asking the name service for this machine's name, which can take seconds and is not needed."""
        TCPServer.server_bind(self)

    @property
    def url(self) -> str:
        """Where clients on this machine find it."""
        return f"http://{_reachable(self._settings.host)}:{self.server_address[1]}"

    def start(self) -> None:
        """Serve, in threads of its own."""
        self._thread.start()

    def stop(self) -> None:
        """Take no more requests, let those under way end (for five seconds at most), close every connection."""
        self.shutdown()
        self.server_close()
        with self._idle:
            self._stopping = True
            self._idle.wait_for(lambda: self._active == 0, timeout=_DRAIN_SECONDS)
            for connection in self._connections:
                _shut_down(connection)
            self._idle.wait_for(lambda: not self._connections, timeout=_DRAIN_SECONDS)
        self._thread.join()

    def answer(self, connection: socket.socket, request: Request) -> Answer:
        """Answer one request, and hold a stop until it is `done`."""
        with self._idle:
            self._active += 1
            self._connections[connection] = None
            if self._stopping:
                return Answer(drop=True)
        try:
            handler = self._control if request.path.startswith(CONTROL_PREFIX) else self._service
            return handler.handle(request)
        except Exception as error:  # noqa: BLE001 - see the next line
            # A defect of the emulator must look like one, and must not end the connection.
            traceback.print_exception(error)
            return error_answer(InternalServerError(f"Defect of the emulator: {type(error).__name__}"))

    def done(self, connection: socket.socket) -> None:
        """One answer has been sent, or could not be."""
        with self._idle:
            self._active -= 1
            self._connections[connection] = self._settings.monotonic()
            self._idle.notify_all()

    def get_request(self) -> tuple[socket.socket, _Address]:
        """Accept the next connection; if there is no room for it, wait instead of trying again at once."""
        try:
            return super().get_request()
        except OSError as error:
            if error.errno in _NO_ROOM:
                with self._idle:
                    self._settings.pause(self._idle, _NO_ROOM_SECONDS)
            raise

    def service_actions(self) -> None:
        """Close connections whose clients take too long: neither silence nor a byte now and then may hold a thread."""
        now = self._settings.monotonic()
        if now < self._next_idle_check:
            return
        self._next_idle_check = now + min(_IDLE_CHECK_SECONDS, self.idle_seconds)
        with self._idle:
            for connection, since in self._connections.items():
                if since is not None and now - since >= self.idle_seconds:
                    _shut_down(connection)

    def process_request(self, request: _Socket, client_address: _Address) -> None:
        """Note when a connection opened, and serve it in a thread."""
        with self._idle:
            self._connections[cast("socket.socket", request)] = self._settings.monotonic()
        super().process_request(request, client_address)

    def shutdown_request(self, request: _Socket) -> None:
        """Close a connection and forget it."""
        super().shutdown_request(request)
        with self._idle:
            self._connections.pop(cast("socket.socket", request), None)
            self._idle.notify_all()

    def handle_error(self, request: _Socket, client_address: object) -> None:
        """Ignore clients that closed their connection; show anything else on standard error."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class Runs(Protocol):
    """A server, or what has one."""

    @property
    def url(self) -> str:
        """Where clients find it."""

    def start(self) -> None:
        """Serve, in threads of its own."""

    def stop(self) -> None:
        """Stop serving; requests under way end first."""


def run(server: Runs, ready_file: Path | None = None) -> None:
    """Serve until SIGTERM or SIGINT, in a process's main thread.

    Args:
        server: not yet started.
        ready_file: gets the URL, one line, when the server is ready; standard output gets it in any case.
    """
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    server.start()
    if ready_file is not None:
        ready_file.write_text(server.url + "\n", encoding="utf-8")
    print(server.url, flush=True)
    stopping.wait()
    server.stop()


def _shut_down(connection: socket.socket) -> None:
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
