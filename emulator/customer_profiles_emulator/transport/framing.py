"""Where a request's body ends: Content-Length, or chunks (RFC 9112, sections 6 and 7).

A body that can be read in two ways is refused, as the RFC demands: after a wrong guess the rest of the connection
would be read out of step.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.message import Message
from typing import Protocol

from customer_profiles_emulator.transport.errors import MalformedRequestError

# More than any valid request: ten objects of 256,000 characters, each escaped to six bytes a character.
MAX_BODY = 16_000_000
_LONGEST_LINE = 4_096
_MOST_TRAILERS = 100
_SIZE = re.compile(rb"([0-9a-fA-F]{1,8})[ \t]*(?:;[^\r\n]*)?\r?\n")


class ByteStream(Protocol):
    """What a body is read from."""

    def read(self, size: int, /) -> bytes:
        """Read `size` bytes, or fewer if the stream ends."""

    def readline(self, size: int, /) -> bytes:
        """Read up to and with the line's end, `size` bytes at most."""


class ClientGoneError(Exception):
    """The client closed the connection in the middle of its request."""


def read_body(headers: Message, stream: ByteStream) -> bytes:
    """Read a request's body.

    Raises:
        MalformedRequestError: its end is not clear, or it is longer than any request of the service.
        ClientGoneError: it ends early.
    """
    codings = [coding.lower() for coding in _listed(headers, "Transfer-Encoding")]
    lengths = set(_listed(headers, "Content-Length"))
    if not codings:
        return _read(stream, _length(lengths))
    if lengths:
        raise MalformedRequestError(400, "Content-Length and Transfer-Encoding exclude each other")
    if codings != ["chunked"]:
        raise MalformedRequestError(501, "The only Transfer-Encoding understood is chunked")
    return b"".join(_chunks(stream))


def _listed(headers: Message, name: str) -> list[str]:
    return [part.strip() for line in headers.get_all(name, []) for part in line.split(",")]


def _length(lengths: set[str]) -> int:
    if not lengths:
        return 0
    if len(lengths) > 1:
        raise MalformedRequestError(400, "There are two different Content-Lengths")
    (length,) = lengths
    if not (length.isascii() and length.isdecimal()):
        raise MalformedRequestError(400, "Content-Length is not a number")
    if len(length) > len(str(MAX_BODY)) or int(length) > MAX_BODY:
        raise MalformedRequestError(400, "Content-Length is more than any request of the service needs")
    return int(length)


def _chunks(stream: ByteStream) -> Iterator[bytes]:
    left = MAX_BODY
    while size := _chunk_size(stream, left):
        yield _read(stream, size)
        if _line(stream).strip():
            raise MalformedRequestError(400, "A chunk is longer than it says")
        left -= size
    _pass_trailers(stream)


def _chunk_size(stream: ByteStream, left: int) -> int:
    found = _SIZE.fullmatch(_line(stream))
    size = left + 1 if found is None else int(found[1], 16)
    if size > left:
        raise MalformedRequestError(400, "The chunked body is malformed or too long")
    return size


def _pass_trailers(stream: ByteStream) -> None:
    for _ in range(_MOST_TRAILERS):
        if not _line(stream).strip():
            return
    raise MalformedRequestError(431, f"There are more than {_MOST_TRAILERS} trailers")


def _line(stream: ByteStream) -> bytes:
    line = stream.readline(_LONGEST_LINE)
    if line.endswith(b"\n"):
        return line
    if len(line) == _LONGEST_LINE:
        raise MalformedRequestError(400, "A line of the chunked body is too long")
    raise ClientGoneError


def _read(stream: ByteStream, size: int) -> bytes:
    content = stream.read(size)
    if len(content) < size:
        raise ClientGoneError
    return content
