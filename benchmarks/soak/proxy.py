"""A proxy on the functions' way to SQS that fails on demand: the local SQS itself never does.

It keeps, for each record, the digest of every body that was sent to the engagement queue: a parked message must have
one of them, whatever the writer sent to the dead-letter queue.
"""

import contextlib
import hashlib
import http.client
import json
import random
import socket
import struct
import threading
import time
from collections import Counter
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

HOST = "127.0.0.1"
SEND = "AmazonSQS.SendMessageBatch"
CHANGE = "AmazonSQS.ChangeMessageVisibilityBatch"
REFUSAL = b'{"__type":"com.amazonaws.sqs#ServiceUnavailable","message":"injected"}'
UPSTREAM_SECONDS = 30.0
SLOW = 1.8
"""Seconds: the functions' clients wait for two."""
DRIP = 0.5
"""Seconds between two bytes."""


@dataclass(frozen=True, slots=True)
class SendFaults:
    """What befalls SendMessageBatch, and one thing that befalls ChangeMessageVisibilityBatch; shares from 0 to 1.

    Attributes:
        entry_failed: Of the entries: not sent, and in ``Failed`` with SenderFault false.
        call_refused: Of the calls: answered with 503, nothing sent.
        answer_lost: Of the calls: everything sent, then the connection reset.
        sent_twice: Of the calls: everything sent twice, as a standard queue may deliver it.
        backoff_refused: Of the calls that set visibilities: answered with 503, so that the queue's own applies.
        answer_dripped: Of the calls: everything sent, then answered a byte at a time, for minutes.
        call_slowed: Of the calls: answered nearly as late as the functions' time-out allows.
        park_answer_lost: Of the calls that send to the dead-letter queue: as ``answer_lost``.
    """

    entry_failed: float = 0.0
    call_refused: float = 0.0
    answer_lost: float = 0.0
    sent_twice: float = 0.0
    backoff_refused: float = 0.0
    answer_dripped: float = 0.0
    call_slowed: float = 0.0
    park_answer_lost: float = 0.0

    def named(self) -> dict[str, float]:
        """Return the shares by the names under which strikes are counted."""
        return {
            "entries failed": self.entry_failed,
            "calls refused": self.call_refused,
            "answers lost": self.answer_lost,
            "calls sent twice": self.sent_twice,
            "backoffs refused": self.backoff_refused,
            "SQS answers dripping": self.answer_dripped,
            "SQS calls slowed": self.call_slowed,
            "park answers lost": self.park_answer_lost,
        }


class QueueProxy:
    """Serves from its creation until `stop`.

    Args:
        upstream: The address of the real one.
        queue_url: The engagement queue, of which the bodies are noted.
        seed: Of the faults' random source.
    """

    def __init__(self, upstream: str, queue_url: str, seed: int = 7) -> None:
        self.faults = SendFaults()
        self.struck: Counter[str] = Counter()
        self.bodies: dict[str, set[str]] = {}
        self.upstream = urlsplit(upstream).netloc
        self._noted = urlsplit(queue_url).path
        self._random = random.Random(seed)
        self._lock = threading.Lock()
        self._server = _Server(self)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), name="proxy", daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """Where the functions find it."""
        return f"http://{HOST}:{self._server.server_address[1]}"

    def stop(self) -> None:
        """Serve no more."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def strikes(self, fault: str) -> bool:
        """Draw whether a fault, named as `SendFaults.named` does, strikes; count it if so."""
        share = self.faults.named()[fault]
        if share == 0:
            return False
        with self._lock:
            struck = self._random.random() < share
            self.struck[fault] += struck
        return struck

    def is_park(self, queue_url: str) -> bool:
        """Return whether this is another queue than the engagement queue: there is only the dead-letter queue."""
        return urlsplit(queue_url).path != self._noted

    def note(self, queue_url: str, entries: list[dict[str, Any]]) -> None:
        """Remember what was sent of each record, if it was sent to the engagement queue."""
        if self.is_park(queue_url):
            return
        for entry in entries:
            body = str(entry.get("MessageBody"))
            record_id = _record_id(body)
            if record_id is not None:
                with self._lock:
                    self.bodies.setdefault(record_id, set()).add(digest(body))


def digest(body: str) -> str:
    """Return what two bodies share only where they are the same, byte for byte."""
    return hashlib.sha256(body.encode()).hexdigest()


def _record_id(body: str) -> str | None:
    try:
        document = json.loads(body)
    except ValueError:
        return None
    found = document.get("recordId") if isinstance(document, dict) else None
    return found if isinstance(found, str) else None


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def __init__(self, proxy: QueueProxy) -> None:
        super().__init__((HOST, 0), _Handler)
        self.proxy = proxy

    def handle_error(self, request: Any, client_address: object) -> None:  # noqa: ANN401 - the base class's
        """Pass over whoever went away: functions are killed here."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = 65_536

    def setup(self) -> None:
        """Keep one connection upstream for each of the client's."""
        super().setup()
        self._upstream = http.client.HTTPConnection(self.server.proxy.upstream, timeout=UPSTREAM_SECONDS)

    def finish(self) -> None:
        """Close both connections."""
        self._upstream.close()
        super().finish()

    def do_POST(self) -> None:
        """Forward one call, or fail it."""
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        target = self.headers.get("X-Amz-Target")
        if target == SEND:
            self._send_batch(body)
        elif target == CHANGE and self.server.proxy.strikes("backoffs refused"):
            self._answer(http.client.SERVICE_UNAVAILABLE, REFUSAL)
        else:
            self._answer(*self._forward(body))

    def _send_batch(self, body: bytes) -> None:
        proxy = self.server.proxy
        call = json.loads(body)
        if proxy.strikes("calls refused"):
            self._answer(http.client.SERVICE_UNAVAILABLE, REFUSAL)
            return
        failed = [entry for entry in call["Entries"] if proxy.strikes("entries failed")]
        sent = [entry for entry in call["Entries"] if entry not in failed]
        proxy.note(call["QueueUrl"], sent)
        status, answer = 200, b"{}"
        if sent:
            status, answer = self._forward(json.dumps({**call, "Entries": sent}).encode())
            if proxy.strikes("calls sent twice"):
                self._forward(json.dumps({**call, "Entries": sent}).encode())
        if proxy.strikes("SQS calls slowed"):
            time.sleep(SLOW)
        if proxy.strikes("answers lost") or (proxy.is_park(call["QueueUrl"]) and proxy.strikes("park answers lost")):
            self._reset()
            return
        if proxy.strikes("SQS answers dripping"):
            self._drip(answer)
            return
        self._answer(status, _with_failed(answer, failed) if failed and status == http.client.OK else answer)

    def _forward(self, body: bytes) -> tuple[int, bytes]:
        kept = {name: value for name, value in self.headers.items() if name.lower() not in _HOP}
        self._upstream.request("POST", self.path, body, kept)
        answer = self._upstream.getresponse()
        return answer.status, answer.read()

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response_only(status)
        self.send_header("Content-Type", "application/x-amz-json-1.0")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    def _drip(self, body: bytes) -> None:
        self.close_connection = True
        self.send_response_only(http.client.OK)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        with contextlib.suppress(OSError):  # the client has enough, some time
            for byte in body:
                self.wfile.write(bytes([byte]))
                self.wfile.flush()
                time.sleep(DRIP)

    def _reset(self) -> None:
        # lingering for no time makes the close a reset
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Log nothing: bodies are counted, not shown."""


_HOP = frozenset({"content-length", "connection", "transfer-encoding", "expect"})


def _with_failed(answer: bytes, failed: list[dict[str, Any]]) -> bytes:
    document = json.loads(answer)
    document.setdefault("Successful", [])
    document["Failed"] = document.get("Failed", []) + [
        {"Id": entry["Id"], "Code": "InternalError", "Message": "injected", "SenderFault": False} for entry in failed
    ]
    return json.dumps(document).encode()
