"""Who may call what, by the access key that signs.

There are no roles and no policies here: a caller that knows them says through the control plane which operations a key
may call. A key that is not listed may call everything, as an account's root may.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from customer_profiles_emulator.transport.errors import AccessDeniedError, MissingAuthenticationTokenError
from customer_profiles_emulator.transport.messages import Request

_SIGNATURE = "AWS4-"
_CREDENTIAL = re.compile(r"\bCredential=([^/,\s]+)/")


class PermissionSpecificationError(ValueError):
    """Permissions that make no sense; the message names the key and the value."""


class Permissions:
    """The permissions in force.

    Attributes:
        specification: access keys with the names of the operations that each may call.
    """

    specification: Mapping[str, list[str]]

    def __init__(self, specification: object, operations: Collection[str], iam_prefix: str) -> None:
        """Put permissions in force.

        Args:
            specification: as JSON gave it.
            operations: the names that it may hold.
            iam_prefix: the service's in policies.

        Raises:
            PermissionSpecificationError: the specification is not of that form.
        """
        self._operations = operations
        self._iam_prefix = iam_prefix
        self.replace(specification)

    def replace(self, specification: object) -> None:
        """Put other permissions in force.

        Raises:
            PermissionSpecificationError: the specification is not of that form; the one before stays in force.
        """
        if not isinstance(specification, Mapping):
            raise PermissionSpecificationError("permissions are a JSON object of access keys")
        for key, allowed in specification.items():
            if not isinstance(allowed, list) or not all(name in self._operations for name in allowed):
                raise PermissionSpecificationError(f"{key}: {allowed!r} is not a list of the service's operations")
        self.specification = specification

    def check(self, access_key: str, operation: str) -> None:
        """Refuse what the key may not call.

        Raises:
            AccessDeniedError: it may not.
        """
        allowed = self.specification.get(access_key)
        if allowed is not None and operation not in allowed:
            raise AccessDeniedError(f"User is not authorized to perform: {self._iam_prefix}:{operation}")


def authenticated_key(request: Request) -> str:
    """The access key that a request is signed with, or empty if it names none; the signature is not verified.

    Raises:
        MissingAuthenticationTokenError: it is not signed.
    """
    authorization = request.headers.get("authorization", "")
    if not authorization.startswith(_SIGNATURE) and "X-Amz-Signature" not in request.query:
        raise MissingAuthenticationTokenError("Missing Authentication Token")
    found = _CREDENTIAL.search(authorization)
    return "" if found is None else found[1]
