"""CloudFormation's side of a custom resource: its requests, and the ResponseURL as a real HTTP server."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, Self

PATH = "/bucket/answer?X-Amz-Signature=secret"
PROPERTIES: Mapping[str, Any] = {
    "ServiceToken": "arn:aws:lambda:eu-west-1:123456789012:function:bootstrap",
    "ServiceTimeout": "180",
    "DomainName": "amazon-connect-any-company",
    "DomainDeadLetterQueueUrl": "",
    "ObjectTypeName": "MarketingAssignedOffers",
    "ExpirationDays": "1000",
    "MaxProfileObjectCount": "100",
    "DeleteObjectTypeOnStackDelete": "false",
    "AdoptObjectType": "false",
    "MaxWritesPerSecond": "80",
    "WriterMaximumConcurrency": "2",
    "WriterBatchSize": "50",
    "MaxReceives": "300",
    "FirstBackoffSeconds": "30",
    "LongestBackoffSeconds": "1800",
    "ParkWithoutLimit": "false",
}
STACK_ID = "arn:aws:cloudformation:eu-west-1:123456789012:stack/write-back/6d5f2c40-c80e-11f1-a8b4-0a0000000000"


def resource_request(
    kind: str, url: str, properties: Mapping[str, Any] | None = None, **changes: object
) -> dict[str, Any]:
    """Return a request for the stack's resource, with these properties and members changed."""
    return {
        "RequestType": kind,
        "ResponseURL": url,
        "StackId": STACK_ID,
        "RequestId": "request-1",
        "ResourceType": "Custom::ProfileObjectType",
        "LogicalResourceId": "ProfileObjectType",
        "ResourceProperties": {**PROPERTIES, **(properties or {})},
        **changes,
    }


@dataclass(frozen=True, slots=True)
class Received:
    """One PUT to the ResponseURL."""

    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def answer(self) -> dict[str, Any]:
        """The body as JSON."""
        return dict(json.loads(self.body))


@dataclass(slots=True)
class ResponseUrlServer:
    """A ResponseURL on the loopback interface; `received` keeps what was put, `statuses` what to answer first.

    `location` is where a redirect leads to.
    """

    received: list[Received] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    location: str | None = None
    _server: ThreadingHTTPServer = field(init=False)

    def __post_init__(self) -> None:
        bucket = self

        class Bucket(BaseHTTPRequestHandler):
            def do_PUT(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                headers = {name.lower(): value for name, value in self.headers.items()}
                bucket.received.append(Received(self.path, headers, body))
                self.send_response(bucket.statuses.pop(0) if bucket.statuses else 200)
                if bucket.location is not None:
                    self.send_header("Location", bucket.location)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Stay quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Bucket)

    @property
    def socket_server(self) -> ThreadingHTTPServer:
        """The server itself, to be wrapped in TLS."""
        return self._server

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self._server.server_port}"

    @property
    def url(self) -> str:
        return f"http://{self.address}{PATH}"

    def __enter__(self) -> Self:
        Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
