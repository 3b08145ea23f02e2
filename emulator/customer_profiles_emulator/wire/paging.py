"""Page tokens: opaque to clients, they carry the position after which the next page starts."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence

from customer_profiles_emulator.transport.errors import BadRequestError

_PREFIX = "after:"


def token(position: int | str) -> str:
    """The token of the page that starts after `position`."""
    return base64.urlsafe_b64encode(f"{_PREFIX}{position}".encode()).decode()


def position(next_token: str | None) -> str:
    """The position that a token carries; empty for the first page.

    Raises:
        BadRequestError: the token is not one of these.
    """
    if next_token is None:
        return ""
    try:
        text = base64.b64decode(next_token, altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError) as error:
        raise BadRequestError("NextToken is not valid") from error
    if not text.startswith(_PREFIX):
        raise BadRequestError("NextToken is not valid")
    return text.removeprefix(_PREFIX)


def numeric_position(next_token: str | None) -> int:
    """The position as a number; 0 for the first page.

    Raises:
        BadRequestError: the token is not one of these, or another operation's.
    """
    text = position(next_token)
    if not text:
        return 0
    if not text.isdecimal():
        raise BadRequestError("NextToken is not valid")
    return int(text)


def next_token(positions: Sequence[int | str], limit: int) -> dict[str, str]:
    """The NextToken member of a page of `limit` items, given the positions of one item more, if there is one."""
    return {"NextToken": token(positions[limit - 1])} if len(positions) > limit else {}
