"""Tells an answer that botocore cannot read from a call that failed."""

from collections.abc import Callable
from typing import TypeVar

from botocore.parsers import ResponseParserError

from engagement.errors import UnreadableAnswerError

Result = TypeVar("Result")

_FAILURES = (AttributeError, TypeError, ValueError, RecursionError, ResponseParserError)
"""What botocore's parsers raise on an answer of another shape than the service's: ``null``, a list, broken UTF-8.

None of them is one of botocore's own errors, by which its clients report all else.
"""


def readable(call: Callable[[], Result]) -> Result:
    """Return what a client's ``call`` returns.

    Raises:
        UnreadableAnswerError: its answer has not the contract's shape.
    """
    try:
        return call()
    except _FAILURES as error:
        raise UnreadableAnswerError from error
