"""Where the bootstrap function answers to: a ResponseURL of our own, in place of CloudFormation's bucket."""

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Queue
from threading import Thread
from typing import Any, Self

PATIENCE = 10.0
"""Seconds; an answer is sent before its invocation ends, so that none is ever waited for in earnest."""


class Answers:
    """Answers to custom resource requests, on the loopback interface; a context manager."""

    def __init__(self) -> None:
        received: Queue[dict[str, Any]] = Queue()

        class Bucket(BaseHTTPRequestHandler):
            def do_PUT(self) -> None:
                received.put(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Stay quiet."""

        self._received = received
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Bucket)

    @property
    def url(self) -> str:
        """The ResponseURL."""
        return f"http://127.0.0.1:{self._server.server_port}/answer"

    def take(self) -> dict[str, Any]:
        """Return the next answer.

        Raises:
            queue.Empty: there is none.
        """
        return self._received.get(timeout=PATIENCE)

    def __enter__(self) -> Self:
        Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
