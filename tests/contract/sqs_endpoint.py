"""An SQS that takes every message, as an HTTP endpoint for functions that run in a process of their own."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any


class _Sqs(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])) or "{}")
        known = self.headers.get("X-Amz-Target") in {"AmazonSQS.SendMessage", "AmazonSQS.SendMessageBatch"}
        self._answer(200 if known else 404, {"Successful": list(map(_sent, asked.get("Entries", []))), "Failed": []})

    def do_PUT(self) -> None:
        """Refuse Customer Profiles' calls."""
        self.do_POST()

    def _answer(self, status: int, document: dict[str, Any]) -> None:
        body = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/x-amz-json-1.0")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Stay quiet."""


def _sent(entry: dict[str, Any]) -> dict[str, Any]:
    return {"Id": entry["Id"], "MessageId": f"message-{entry['Id']}"}


@contextmanager
def sqs_endpoint() -> Iterator[str]:
    """Yield its address; every other service's call to it is answered with 404."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Sqs)
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
