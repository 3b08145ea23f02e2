"""Where a request's body ends."""

import io
from email.message import Message

import pytest

from customer_profiles_emulator.transport.errors import MalformedRequestError
from customer_profiles_emulator.transport.framing import MAX_BODY, ClientGoneError, read_body


def headers(*lines: tuple[str, str]) -> Message:
    """Headers of a request, repeated ones included."""
    made = Message()
    for name, value in lines:
        made[name] = value
    return made


LENGTH, CODING = "Content-Length", "Transfer-Encoding"
CHUNKED = headers((CODING, "chunked"))


@pytest.mark.parametrize(
    ("sent", "body"),
    [
        (b"3\r\nabc\r\n0\r\n\r\n", b"abc"),
        (b"3;name=value\r\nabc\r\n0\r\n\r\n", b"abc"),
        (b"0\r\nTrailer: x\r\nOther: y\r\n\r\n", b""),
        (b"A\r\n0123456789\r\n00\r\n\r\n", b"0123456789"),
        (b"1\nx\n0\n\n", b"x"),
    ],
)
def test_what_follows_a_chunked_body_is_left_for_the_next_request(sent: bytes, body: bytes) -> None:
    """Trailers belong to the body: who leaves them loses the request behind it."""
    stream = io.BytesIO(sent + b"GET / HTTP/1.1")

    assert read_body(CHUNKED, stream) == body
    assert stream.read() == b"GET / HTTP/1.1"


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"zz\r\n", 400),
        (b"-1\r\n", 400),
        (b"+1\r\nx\r\n", 400),
        (b"0x1\r\nx\r\n", 400),
        (b"1_0\r\n", 400),
        (b"\r\n", 400),
        (b"fffffffff\r\n", 400),
        (b"%x\r\n" % (MAX_BODY + 1), 400),
        (b"1\r\nxy\r\n", 400),
        (b"1;" + b"x" * 5_000 + b"\r\n", 400),
        (b"0\r\n" + b"T: x\r\n" * 101, 431),
    ],
)
def test_a_malformed_chunked_body_is_refused(sent: bytes, status: int) -> None:
    """Before anything of an absurd size is waited for."""
    with pytest.raises(MalformedRequestError) as refused:
        read_body(CHUNKED, io.BytesIO(sent))

    assert refused.value.status == status


@pytest.mark.parametrize(
    ("sent", "status", "reason"),
    [
        ([(CODING, "notchunkedatall")], 501, "only Transfer-Encoding"),
        ([(CODING, "notchunkedatall"), (LENGTH, "1")], 400, "exclude each other"),
        ([(CODING, "gzip, chunked")], 501, "only Transfer-Encoding"),
        ([(CODING, "chunked"), (CODING, "chunked")], 501, "only Transfer-Encoding"),
        ([(CODING, "chunked"), (LENGTH, "5")], 400, "exclude each other"),
        ([(LENGTH, "1"), (LENGTH, "2")], 400, "two different"),
        ([(LENGTH, "1, 2")], 400, "two different"),
        ([(LENGTH, "many")], 400, "not a number"),
        ([(LENGTH, "-1")], 400, "not a number"),
        ([(LENGTH, "")], 400, "not a number"),
        ([(LENGTH, "\N{FULLWIDTH DIGIT ONE}")], 400, "not a number"),
        ([(LENGTH, str(MAX_BODY + 1))], 400, "more than any"),
        ([(LENGTH, "9" * 5_000)], 400, "more than any"),
    ],
)
def test_a_length_that_can_be_read_in_two_ways_or_in_none_is_refused(
    sent: list[tuple[str, str]], status: int, reason: str
) -> None:
    """After a wrong guess the rest of the connection would be read out of step."""
    with pytest.raises(MalformedRequestError, match=reason) as refused:
        read_body(headers(*sent), io.BytesIO(b"1\r\nx\r\n0\r\n\r\n"))

    assert refused.value.status == status


@pytest.mark.parametrize("sent", [[], [(LENGTH, "0")], [(LENGTH, "0"), (LENGTH, "0")]])
def test_a_request_without_a_body_has_an_empty_one(sent: list[tuple[str, str]]) -> None:
    """The same length said twice says one thing."""
    assert read_body(headers(*sent), io.BytesIO(b"next")) == b""


@pytest.mark.parametrize(
    ("sent", "content"),
    [
        (headers((LENGTH, "4")), b"abc"),
        (CHUNKED, b""),
        (CHUNKED, b"3\r\nab"),
        (CHUNKED, b"3\r\nabc"),
        (CHUNKED, b"3\r\nabc\r\n0\r\n"),
    ],
)
def test_a_body_that_ends_early_is_not_answered(sent: Message, content: bytes) -> None:
    """No client is left to answer."""
    with pytest.raises(ClientGoneError):
        read_body(sent, io.BytesIO(content))
