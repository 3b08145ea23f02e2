"""The one table that tells what an answer of Customer Profiles means for a record.

Source: the errors of the service's model (each with a Message alone, none marked as retryable), and the errors that
every AWS service answers with.
"""

from engagement.errors import DeliveryError, PermanentError, SystemicError, ThrottledError, TransientError

CONCURRENT_UPDATE = "concurrent update in-progress"
"""The one BadRequestException that is transient says so in its text, and nowhere else."""

ERRORS: dict[str, type[DeliveryError]] = {
    "BadRequestException": PermanentError,
    "ValidationException": PermanentError,
    "SerializationException": PermanentError,
    "AccessDeniedException": SystemicError,
    "ResourceNotFoundException": SystemicError,
    "ExpiredTokenException": SystemicError,
    "IncompleteSignatureException": SystemicError,
    "InvalidSignatureException": SystemicError,
    "MissingAuthenticationTokenException": SystemicError,
    "UnrecognizedClientException": SystemicError,
    # Sent with status 400 by some front doors, which would otherwise blame the record.
    "ExpiredToken": SystemicError,
    "IncompleteSignature": SystemicError,
    "NotAuthorized": SystemicError,
    "RequestExpired": SystemicError,
    "ThrottlingException": ThrottledError,
    "TooManyRequestsException": ThrottledError,
    "RequestTimeoutException": TransientError,
    "InternalServerException": TransientError,
    "ServiceUnavailableException": TransientError,
    # The same: transient in spite of their status 400.
    "RequestAbortedException": TransientError,
    "RequestLimitExceeded": ThrottledError,
    "Throttling": ThrottledError,
}

_STATUSES: dict[int, type[DeliveryError]] = {
    400: PermanentError,
    401: SystemicError,
    403: SystemicError,
    404: SystemicError,
    408: TransientError,
    413: PermanentError,
    429: ThrottledError,
}


def delivery_error(code: str, message: str, status: int, request_id: str | None) -> DeliveryError:
    """Return the error of which the type says what becomes of the record.

    An error that the table does not know is judged by its HTTP status; one that neither knows is transient: a record
    is parked only where the service plainly says that it is at fault.
    """
    if code == "BadRequestException" and CONCURRENT_UPDATE in message:
        return TransientError("ConcurrentUpdate", request_id)
    kind = ERRORS.get(code) or _STATUSES.get(status, TransientError)
    return kind(code, request_id)
