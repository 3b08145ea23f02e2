"""How a call of AWS failed: by which exceptions a client says so, and of which kind the service's error code is.

AWS spells one kind of failure in many ways, by protocol and by age of the service, and a front door in further ones. So
a kind is recognized by words of the code, not by a list of codes.
"""

import re
from collections.abc import Callable
from enum import Enum, auto
from typing import TypeVar

from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError

from engagement.errors import UnreadableAnswerError

Result = TypeVar("Result")

AWS_FAILURES = (BotoCoreError, ClientError)
"""The exceptions by which a boto3 client reports that a call failed."""

_UNREADABLE = (AttributeError, TypeError, ValueError, RecursionError, ResponseParserError)
"""What botocore's parsers raise on an answer of another shape than the service's: ``null``, a list, broken UTF-8.

None of them is one of `AWS_FAILURES`.
"""

SERVER_ERROR = 500
"""The lowest HTTP status with which a service says that the fault is its own."""


class ErrorKind(Enum):
    """What an error code, or else an HTTP status, says about a call."""

    THROTTLED = auto()
    """The caller is too fast."""
    UNAVAILABLE = auto()
    """The service failed by itself; the same call may succeed a moment later."""
    CREDENTIALS = auto()
    """The caller's credentials or signature are not accepted."""
    PERMISSION = auto()
    """The caller is known, and may not do this."""
    ENCRYPTION_KEY = auto()
    """A key of KMS cannot be used."""
    NOT_FOUND = auto()
    """What the call is about does not exist, or the caller may not see it."""
    UNSUPPORTED = auto()
    """The service has no such operation."""


_WORDS = {
    kind: re.compile("|".join(words.split()), re.IGNORECASE)
    for kind, words in {
        # The codes for which botocore slows down, and others like them.
        ErrorKind.THROTTLED: """throttl toomanyrequests slowdown limitexceeded bandwidthlimit throughputexceeded
            quotaexceeded rateexceeded priorrequestnotcomplete transactioninprogress""",
        ErrorKind.UNAVAILABLE: "requesttimeout requestaborted internal unavailable timedout",
        ErrorKind.ENCRYPTION_KEY: "kms",
        ErrorKind.CREDENTIALS: """token signature credential expired skewed invalidaccesskey invalidclient
            unrecognizedclient authfailure""",
        ErrorKind.PERMISSION: "access auth forbidden optin subscription suspended blocked",
        ErrorKind.NOT_FOUND: "notfound doesnotexist nosuch nonexistent",
        ErrorKind.UNSUPPORTED: "unknownoperation unsupportedoperation invalidaction notimplemented",
    }.items()
}
"""Of two kinds whose words a code has, the first one counts: ``KMSAccessDenied`` is about the key."""

_STATUSES = {
    401: ErrorKind.CREDENTIALS,
    403: ErrorKind.PERMISSION,
    404: ErrorKind.NOT_FOUND,
    407: ErrorKind.PERMISSION,  # a proxy's
    429: ErrorKind.THROTTLED,
}


def error_code(error: Exception) -> str:
    """Return the service's code for a failed call, or the exception's own name if the service did not answer."""
    if isinstance(error, ClientError):
        return str(error.response.get("Error", {}).get("Code", "Unknown"))
    return type(error).__name__


def error_kind(code: str, status: int = 0) -> ErrorKind | None:
    """Return the kind of failure that a code speaks of, or else an HTTP status; None if neither of them is known."""
    for kind, words in _WORDS.items():
        if words.search(code):
            return kind
    return ErrorKind.UNAVAILABLE if status >= SERVER_ERROR else _STATUSES.get(status)


def readable(call: Callable[[], Result]) -> Result:
    """Return what a client's ``call`` returns.

    Raises:
        UnreadableAnswerError: its answer does not have the shape of the service's.
    """
    try:
        return call()
    except _UNREADABLE as error:
        raise UnreadableAnswerError from error
