"""The one table that tells what an answer of Customer Profiles means for a record.

Source: the errors of the service's model (each with a Message alone, none marked as retryable); the errors that every
AWS service answers with (API reference, Common Error Types); the codes that botocore's retries know. AWS's front doors
spell many of them in several ways, so that all but a refusal is told by a word of the code, not by a list of codes.
"""

import re

from engagement.errors import DeliveryError, PermanentError, SystemicError, ThrottledError, TransientError

CONCURRENT_UPDATE = "concurrent update in progress"
"""The one BadRequestException that is transient says so in its text, and nowhere else: its letters, in lower case."""

REFUSALS = frozenset({"BadRequestException", "ValidationException", "SerializationException"})
"""The service's own words for a record at fault, with status 400."""
REFUSED = 400

_NAME = re.compile("[A-Za-z0-9_.]{1,100}")
_TRANSIENT = re.compile("requesttimeout(?!tooskewed)|requestaborted|internal|unavailable|timedout", re.IGNORECASE)
_THROTTLED = re.compile(
    "throttl|toomanyrequests|slowdown|limitexceeded|bandwidthlimit|throughputexceeded|quotaexceeded|rateexceeded"
    "|priorrequestnotcomplete|transactioninprogress",
    re.IGNORECASE,
)
"""The codes for which botocore slows down, and their kin."""
_SYSTEMIC = re.compile(
    "access|auth|token|signature|credential|expired|skewed|forbidden|kms|optin|subscription|suspended|blocked"
    "|notfound|invalidclient|unrecognizedclient|unknownoperation|invalidaction",
    re.IGNORECASE,
)
"""What speaks of the caller, of a key, or of a place that is missing: all records meet it."""
_KINDS: tuple[tuple[re.Pattern[str], type[DeliveryError]], ...] = (
    (_THROTTLED, ThrottledError),
    (_TRANSIENT, TransientError),
    (_SYSTEMIC, SystemicError),
)

_STATUSES: dict[int, type[DeliveryError]] = {
    401: SystemicError,
    403: SystemicError,
    404: SystemicError,
    407: SystemicError,
    429: ThrottledError,
}


def delivery_error(code: str, message: str, status: int, request_id: str | None) -> DeliveryError:
    """Return the error of which the type says what becomes of the record.

    A record is parked only where the service itself says that it is at fault, in its own words and with its own
    status: a 400 that anybody else answers, a proxy's page for one, is transient. An error of which the code says
    nothing is judged by its HTTP status; one that neither tells is transient.
    """
    name = code.partition(":")[0].rpartition("#")[2].strip()
    name = name if _NAME.fullmatch(name) else "Unknown"  # another's page may hold anything, and this is logged
    return _kind(name, message, status)(_told(name, message), request_id)


def _told(name: str, message: str) -> str:
    return "ConcurrentUpdate" if _is_concurrent_update(name, message) else name


def _kind(name: str, message: str, status: int) -> type[DeliveryError]:
    if name in REFUSALS:
        is_refusal = status == REFUSED and not _is_concurrent_update(name, message)
        return PermanentError if is_refusal else TransientError
    for pattern, kind in _KINDS:
        if pattern.search(name):
            return kind
    return _STATUSES.get(status, TransientError)


def _is_concurrent_update(name: str, message: str) -> bool:
    words = " ".join(re.findall("[a-z]+", message.lower()))
    return name == "BadRequestException" and CONCURRENT_UPDATE in words
