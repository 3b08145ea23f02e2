"""What botocore hands on, through real clients: an answer that the service cannot have given is no answer."""

import json
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest
from botocore.exceptions import ClientError

from ops.account import Account
from ops.answers import UnreadableAnswerError
from ops.errors import explained

Call = tuple[str, str, Mapping[str, Any]]
RECEIVE: Call = ("sqs", "receive_message", {"QueueUrl": "https://sqs/1/queue"})
SEARCH: Call = ("customer_profiles", "search_profiles", {"DomainName": "d", "KeyName": "_email", "Values": ["x"]})
STACKS: Call = ("cloudformation", "describe_stacks", {})
HIDE: Call = ("sqs", "delete_message", {"QueueUrl": "https://sqs/1/queue", "ReceiptHandle": "x"})


class Service(HTTPServer):
    """Answers every request alike."""

    status = 200
    body = b""


class Handler(BaseHTTPRequestHandler):
    """Of `Service`."""

    def do_POST(self) -> None:
        server: Any = self.server
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(server.status)
        self.send_header("Content-Length", str(len(server.body)))
        self.end_headers()
        self.wfile.write(server.body)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    """An endpoint of every service, and credentials for it."""
    server = Service(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    for name, value in {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{server.server_port}",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_REGION": "eu-west-1",
        "AWS_MAX_ATTEMPTS": "1",
    }.items():
        monkeypatch.setenv(name, value)
    yield server
    server.shutdown()
    server.server_close()


def _call(service: Service, call: Call, body: bytes, status: int = 200) -> Mapping[str, Any]:
    service.body, service.status = body, status
    client_of, operation, request = call
    client = getattr(Account(region="eu-west-1"), client_of)()
    answer: Mapping[str, Any] = getattr(client, operation)(**request)
    return answer


NO_ANSWERS = {
    "a page": b"<!doctype html><title>Sign in</title>",
    "nothing": b"",
    "half": b'{"Items": [',
    "null": b"null",
    "a list": b"[]",
    "a text": b'"OK"',
    "bytes": b"\xff\xfe{",
    "too deep": b"[" * 100_000,
    "another call's": b'{"Attributes": {"QueueArn": "arn"}}',
    "a message": b'{"message": "OK"}',
}


@pytest.mark.parametrize("body", NO_ANSWERS.values(), ids=NO_ANSWERS)
@pytest.mark.parametrize("call", [RECEIVE, SEARCH], ids=["sqs", "profiles"])
def test_what_claims_success_and_is_no_answer_is_an_error(service: Service, call: Call, body: bytes) -> None:
    """Botocore would read "there is nothing" of most, and stumble over the rest."""
    with pytest.raises(UnreadableAnswerError) as raised:
        _call(service, call, body)
    assert "is there a proxy on the way" in str(explained(raised.value))
    assert "Sign in" not in str(raised.value)


@pytest.mark.parametrize(
    ("call", "body", "answer"),
    [
        (RECEIVE, b"{}", {}),
        (RECEIVE, b'{"Messages": []}', {"Messages": []}),
        (RECEIVE, b'{"Messages": [], "New": 1}', {"Messages": []}),
        (SEARCH, b'{"Items": []}', {"Items": []}),
        (HIDE, b"", {}),
    ],
)
def test_what_the_service_says_is_read(service: Service, call: Call, body: bytes, answer: Mapping[str, Any]) -> None:
    """A member that is new is no reason to refuse the rest."""
    said = dict(_call(service, call, body))
    del said["ResponseMetadata"]
    assert said == answer


@pytest.mark.parametrize("body", [b"<html><body>OK</body></html>", b"", b"{}"])
def test_the_same_holds_for_xml(service: Service, body: bytes) -> None:
    """CloudFormation's answers are XML, and so are many pages."""
    with pytest.raises(UnreadableAnswerError):
        _call(service, STACKS, body)


def test_a_page_with_an_errors_status_is_an_error_without_a_code(service: Service) -> None:
    """Its text is not shown, and a body that is no map does not make botocore stumble."""
    for body in (b"<html>Blocked</html>", b"[]", b"\xff", b"null"):
        with pytest.raises(ClientError) as raised:
            _call(service, RECEIVE, body, 403)
        assert raised.value.response["Error"].get("Code") == "403"
        assert "Blocked" not in str(raised.value)


def test_the_services_own_error_is_read(service: Service) -> None:
    """With its code."""
    body = json.dumps({"__type": "com.amazonaws.sqs#QueueDoesNotExist", "message": "no"}).encode()
    with pytest.raises(ClientError) as raised:
        _call(service, RECEIVE, body, 400)
    assert raised.value.response["Error"].get("Code") == "QueueDoesNotExist"


def test_what_a_function_answers_is_its_own_and_no_answer_of_lambda_s(service: Service) -> None:
    """A channel function may answer anything: it is read, and judged, elsewhere."""
    answer = _call(service, ("functions", "invoke", {"FunctionName": "one"}), b"<html>anything</html>")

    assert answer["Payload"].read() == b"<html>anything</html>"


def test_an_error_in_xml_is_read_with_its_code(service: Service) -> None:
    """CloudFormation's own refusals."""
    body = b"<ErrorResponse><Error><Code>ValidationError</Code><Message>no</Message></Error></ErrorResponse>"
    with pytest.raises(ClientError) as raised:
        _call(service, STACKS, body, 400)

    assert raised.value.response["Error"].get("Code") == "ValidationError"


def test_an_answer_in_xml_is_read(service: Service) -> None:
    """It names its operation."""
    body = b"<DescribeStacksResponse><DescribeStacksResult><Stacks/></DescribeStacksResult></DescribeStacksResponse>"

    assert _call(service, STACKS, body)["Stacks"] == []
