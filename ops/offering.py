"""Tells what an endpoint does not offer from what it refuses."""

from collections.abc import Callable
from typing import TypeVar

from ops.errors import AWS_FAILURES, code_of

UNOFFERED = frozenset(
    {
        "InvalidAction",
        "NotImplemented",
        "NotImplementedException",
        "UnknownOperation",
        "UnknownOperationException",
        "UnsupportedOperation",
    }
)

Result = TypeVar("Result")


class UnofferedError(Exception):
    """This endpoint does not have the operation, or not the whole service: a local stack's may lack both."""


def offered(call: Callable[[], Result]) -> Result:
    """Return what a call returns.

    Raises:
        UnofferedError: there is no such operation here. An answer without a code is none of the service's own.
    """
    try:
        return call()
    except AWS_FAILURES as error:
        code = code_of(error)
        if code in UNOFFERED or code.isdigit():
            raise UnofferedError from error
        raise
