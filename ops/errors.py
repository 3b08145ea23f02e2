"""What can go wrong for an operator: an error's type decides the exit code, its text is one line that says what to do.

OpsError                  something could not be done                 1
|-- UsageError            the command line asks for what cannot be    2
|   `-- StackError        no such stack, or not one of ours           2
`-- UnreachableError      no Region, credentials, network, permission 3
"""

from collections.abc import Callable
from typing import ClassVar, TypeVar

from botocore.exceptions import (
    ClientError,
    NoCredentialsError,
    NoRegionError,
    PartialCredentialsError,
    ProfileNotFound,
)

from engagement import aws_errors
from engagement.aws_errors import ErrorKind, error_kind
from ops.answers import UnreadableAnswerError
from ops.exits import Exit

AWS_FAILURES = aws_errors.AWS_FAILURES
"""The exceptions by which a boto3 client reports that a call failed."""
SERVER_ERROR = aws_errors.SERVER_ERROR

code_of = aws_errors.error_code

Result = TypeVar("Result")


class OpsError(Exception):
    """Something could not be done; the text is for the person at the terminal."""

    exit: ClassVar[Exit] = Exit.PROBLEMS


class UsageError(OpsError):
    """The command line asks for what cannot be."""

    exit = Exit.USAGE


class StackError(UsageError):
    """There is no such stack, or it is not one that this template made."""


class UnreachableError(OpsError):
    """AWS cannot be reached, or lets us do nothing."""

    exit = Exit.UNREACHABLE


class UnofferedError(Exception):
    """This endpoint does not have the operation, or not the whole service: a local stack's may lack both."""


def explained(error: Exception) -> OpsError:
    """Return a failed call of AWS as one line that says what to do."""
    if isinstance(error, ClientError):
        return _answered(error)
    if isinstance(error, NoRegionError):
        return UnreachableError("no Region is set: give --region, or set AWS_REGION")
    if isinstance(error, NoCredentialsError | PartialCredentialsError):
        return UnreachableError(f"{one_line(error)}: give --profile, sign in (aws sso login), or set AWS_PROFILE")
    if isinstance(error, ProfileNotFound):
        return UnreachableError(f"{one_line(error)}; `aws configure list-profiles` names those that exist")
    if isinstance(error, UnreadableAnswerError):
        return UnreachableError(f"{one_line(error)}; is there a proxy on the way to AWS? Try again, or go around it")
    return UnreachableError(f"AWS could not be reached: {one_line(error)}")


def is_throttled(error: Exception) -> bool:
    """Return whether a call was refused because of the rate, and so had no effect."""
    return error_kind(code_of(error)) is ErrorKind.THROTTLED


def is_unsupported(error: Exception) -> bool:
    """Return whether a call was refused because the service has no such operation."""
    return error_kind(code_of(error)) is ErrorKind.UNSUPPORTED


def offered(call: Callable[[], Result]) -> Result:
    """Return what a call returns.

    Raises:
        UnofferedError: there is no such operation here. An answer without a code is none of the service's own.
    """
    try:
        return call()
    except AWS_FAILURES as error:
        if is_unsupported(error) or code_of(error).isdigit():
            raise UnofferedError from error
        raise


def one_line(error: BaseException) -> str:
    """Return an exception's text on one line; its name if it has none."""
    return " ".join(str(error).split()) or type(error).__name__


def _answered(error: ClientError) -> OpsError:
    text, status = one_line(error), int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
    match error_kind(code_of(error)):
        case ErrorKind.CREDENTIALS:
            return UnreachableError(f"AWS does not accept the credentials: {text}; sign in anew, or give --profile")
        case ErrorKind.PERMISSION:
            return UnreachableError(f"these credentials may not do that: {text}")
        case ErrorKind.THROTTLED:
            return UnreachableError(f"AWS kept throttling the call, retries included: {text}; try again in a minute")
    if status >= SERVER_ERROR:
        return UnreachableError(f"AWS failed, retries included: {text}; try again in a minute")
    return OpsError(text)
