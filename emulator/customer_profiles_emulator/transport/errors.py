"""The errors that a service answers with; each knows its code and HTTP status.

    ServiceError
    |- BadRequestError                 400 BadRequestException
    |  `- ConcurrentUpdateError        400 BadRequestException, the one transient 400
    |- AccessDeniedError               403 AccessDeniedException
    |- MissingAuthenticationTokenError 403 MissingAuthenticationTokenException
    |- ResourceNotFoundError           404 ResourceNotFoundException
    |- UnknownOperationError           404 UnknownOperationException
    |- ThrottlingError                 429 ThrottlingException
    |- InternalServerError             500 InternalServerException
    |- OperationNotEmulatedError       501 NotImplementedException
    |- MalformedRequestError           400, 414, 431, 501, 505: no request that HTTP knows
    `- ServiceUnavailableError         503 ServiceUnavailableException

Those with 400, 403, 404, 429 and 500 are in the model of Customer Profiles; the others are what AWS's front doors
answer with, or, for 501, this emulator's own.
"""

from __future__ import annotations

CONCURRENT_UPDATE_MESSAGE = "Failed to update profile due to concurrent update in-progress"


class ServiceError(Exception):
    """An answer other than success.

    Attributes:
        code: what an SDK shows as the error's code.
        status: the HTTP status.
        message: the text of `Message`; never holds a value of the request, which may be personal.
    """

    code = "InternalServerException"
    status = 500

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class BadRequestError(ServiceError):
    """The input breaks a constraint of the model or a rule of the service."""

    code = "BadRequestException"
    status = 400


class ConcurrentUpdateError(BadRequestError):
    """The one BadRequestException that is transient."""

    def __init__(self) -> None:
        super().__init__(CONCURRENT_UPDATE_MESSAGE)


class AccessDeniedError(ServiceError):
    """The caller may not do this."""

    code = "AccessDeniedException"
    status = 403


class MissingAuthenticationTokenError(ServiceError):
    """The request is not signed."""

    code = "MissingAuthenticationTokenException"
    status = 403


class ResourceNotFoundError(ServiceError):
    """What the request names does not exist, or access was denied."""

    code = "ResourceNotFoundException"
    status = 404


class UnknownOperationError(ServiceError):
    """No operation answers this method and path."""

    code = "UnknownOperationException"
    status = 404


class ThrottlingError(ServiceError):
    """A quota is used up."""

    code = "ThrottlingException"
    status = 429


class InternalServerError(ServiceError):
    """The service failed."""

    code = "InternalServerException"
    status = 500


class OperationNotEmulatedError(ServiceError):
    """The service has this operation, the emulator does not."""

    code = "NotImplementedException"
    status = 501


class MalformedRequestError(ServiceError):
    """What arrived is no HTTP request that is understood; the names of its codes are (unverified)."""

    def __init__(self, status: int, message: str) -> None:
        """Take the HTTP status that says what is wrong, 400 to 505, and the reason."""
        super().__init__(message)
        self.status = status
        self.code = _MALFORMED.get(status, BadRequestError.code)


_MALFORMED = {
    414: "RequestUriTooLongException",
    431: "RequestHeaderFieldsTooLargeException",
    501: OperationNotEmulatedError.code,
    505: "HttpVersionNotSupportedException",
}


class ServiceUnavailableError(ServiceError):
    """The service is not there for now."""

    code = "ServiceUnavailableException"
    status = 503
