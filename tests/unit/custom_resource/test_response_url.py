import logging
import socket
import ssl
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from io import StringIO
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from custom_resource.errors import ResponseNotSentError
from custom_resource.response_url import (
    CONNECT_TIMEOUT,
    MAX_REDIRECTS,
    READ_TIMEOUT,
    ResponseUrl,
    keep_secrets_out_of_the_log,
)
from engagement.call_timeout import ThreadCallTimeout
from tests.fakes.cloudformation import PATH, ResponseUrlServer

BODY = b'{"Status": "SUCCESS"}'


@pytest.fixture
def server() -> Iterator[ResponseUrlServer]:
    """CloudFormation's bucket."""
    with ResponseUrlServer() as server:
        yield server


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A file with a certificate for the loopback interface, signed by itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "certificate.pem"
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + signed.public_bytes(serialization.Encoding.PEM)
    )
    return path


def test_an_answer_arrives_whole_and_without_a_content_type(server: ResponseUrlServer) -> None:
    """The URL's signature covers an empty Content-Type."""
    ResponseUrl(ThreadCallTimeout(60.0)).put(server.url, BODY)
    [received] = server.received
    assert (received.path, received.body) == (PATH, BODY)
    assert received.headers["content-type"] == ""


def test_an_answer_arrives_over_tls(
    server: ResponseUrlServer, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In AWS every ResponseURL is https; the machine's own certificate authorities are trusted."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    _wrap(server, certificate)
    ResponseUrl(ThreadCallTimeout(60.0)).put(f"https://{server.address}{PATH}", BODY)
    assert [received.body for received in server.received] == [BODY]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_stranger_gets_no_answer(server: ResponseUrlServer, certificate: Path) -> None:
    """A certificate that no authority signed may be anybody's."""
    _wrap(server, certificate)
    with pytest.raises(ResponseNotSentError, match="SSLError"):
        ResponseUrl(ThreadCallTimeout(60.0)).put(f"https://{server.address}{PATH}", BODY)
    assert server.received == []


@pytest.mark.parametrize(("status", "retryable"), [(500, True), (503, True), (403, False), (404, False)])
def test_a_refusal_says_whether_it_may_pass(server: ResponseUrlServer, status: int, *, retryable: bool) -> None:
    """S3 has bad moments; an expired signature stays expired. The call itself is made once."""
    server.statuses.append(status)
    with pytest.raises(ResponseNotSentError, match=f"HTTP {status}") as refused:
        ResponseUrl(ThreadCallTimeout(60.0)).put(server.url, BODY)
    assert refused.value.retryable is retryable
    assert len(server.received) == 1


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_followed_with_the_answer(server: ResponseUrlServer, status: int) -> None:
    """S3 redirects while a bucket's name spreads: the same PUT goes to where it says."""
    server.statuses.append(status)
    server.location = "/elsewhere"
    ResponseUrl(ThreadCallTimeout(60.0)).put(server.url, BODY)
    assert [(received.path, received.body) for received in server.received] == [(PATH, BODY), ("/elsewhere", BODY)]


@pytest.mark.parametrize(("status", "location"), [(303, "/elsewhere"), (307, None)])
def test_an_answer_that_was_not_taken_is_not_taken_for_answered(
    server: ResponseUrlServer, status: int, location: str | None
) -> None:
    """A 303 says what to read instead: followed by a GET that succeeds, it would look like success."""
    server.statuses.append(status)
    server.location = location
    with pytest.raises(ResponseNotSentError, match=f"HTTP {status}") as refused:
        ResponseUrl(ThreadCallTimeout(60.0)).put(server.url, BODY)
    assert not refused.value.retryable
    assert len(server.received) == 1


def test_redirects_end(server: ResponseUrlServer) -> None:
    """Two servers that name one another must not use up the time."""
    server.statuses += [307] * 10
    server.location = PATH
    with pytest.raises(ResponseNotSentError, match="HTTP 307"):
        ResponseUrl(ThreadCallTimeout(60.0)).put(server.url, BODY)
    assert len(server.received) == MAX_REDIRECTS + 1


@pytest.fixture
def root_log() -> Iterator[StringIO]:
    """The root logger as Lambda's runtime has it at its most talkative; what it had before comes back."""
    root, stream = logging.getLogger(), StringIO()
    handler, level = logging.StreamHandler(stream), root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield stream
    root.removeHandler(handler)
    root.setLevel(level)


@pytest.mark.parametrize("statuses", [[], [307], [503], [303]])
def test_the_signed_url_is_never_logged(server: ResponseUrlServer, root_log: StringIO, statuses: list[int]) -> None:
    """Anybody who has it can answer in our place. An operator may set any level on the function."""
    server.statuses += statuses
    server.location = PATH
    with suppress(ResponseNotSentError):
        ResponseUrl(ThreadCallTimeout(60.0)).put(server.url, BODY)
    logging.getLogger("another").debug("the log is on")
    assert server.received
    assert root_log.getvalue() == "the log is on\n"


@pytest.mark.parametrize("name", ["urllib3", "urllib3.connectionpool", "botocore", "botocore.endpoint", "boto3"])
def test_no_http_client_talks(root_log: StringIO, name: str) -> None:
    """Botocore logs whole requests at DEBUG; urllib3 logs the URL up to WARNING, if headers cannot be parsed."""
    keep_secrets_out_of_the_log()
    logging.getLogger(name).info("Redirecting X-Amz-Signature=secret")
    logging.getLogger("urllib3.connectionpool").warning("Failed to parse headers (url=X-Amz-Signature=secret)")
    assert root_log.getvalue() == ""


def test_a_server_that_is_gone_may_come_back(server: ResponseUrlServer) -> None:
    """The error never shows the URL: anybody who has it can answer for us."""
    url = server.url
    server.socket_server.server_close()
    with pytest.raises(ResponseNotSentError) as refused:
        ResponseUrl(ThreadCallTimeout(60.0)).put(url, BODY)
    assert refused.value.retryable
    assert "Signature" not in str(refused.value)


def test_an_attempt_fits_into_the_time_that_is_kept_for_it() -> None:
    """Two seconds to connect and four to be read: within the seven of an attempt."""
    assert (CONNECT_TIMEOUT, READ_TIMEOUT) == (2, 4)


def test_a_server_that_is_silent_may_answer_the_next_time() -> None:
    """The attempt ends in its own time, however slowly the answer comes: there must be time for another one."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        timeout = ThreadCallTimeout(0.05, end=lambda _thread: None)
        with pytest.raises(ResponseNotSentError, match="CallOutlastedError") as hung:
            ResponseUrl(timeout).put(f"http://127.0.0.1:{silent.getsockname()[1]}/", BODY)
    assert hung.value.retryable


@pytest.mark.parametrize(
    "url", ["http://", "http://[", "http://[::1", "https://:99999999", "http://\ud800/", "http://127.0.0.1:port/"]
)
def test_a_broken_url_is_an_error_of_ours(url: str) -> None:
    """The handler has one error to expect, whatever the URL."""
    with pytest.raises(ResponseNotSentError) as refused:
        ResponseUrl(ThreadCallTimeout(60.0)).put(url, BODY)
    assert not refused.value.retryable


@given(rest=st.text(st.characters(), max_size=30))
def test_no_url_raises_anything_else(rest: str) -> None:
    """The same, for random URLs; nothing listens on the port."""
    with pytest.raises(ResponseNotSentError):
        ResponseUrl(ThreadCallTimeout(60.0)).put(f"http://127.0.0.1:1/{rest}", BODY)


def _wrap(server: ResponseUrlServer, certificate: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server.socket_server.socket = context.wrap_socket(server.socket_server.socket, server_side=True)
