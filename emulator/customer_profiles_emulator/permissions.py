"""Who may call what, by the access key that signs.

The emulator knows neither roles nor policies; whoever does, tells it through the control plane which operations a key
may call. A key that it was told nothing of may call everything, as an account's root may.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from customer_profiles_emulator.errors import AccessDeniedError

_CREDENTIAL = re.compile(r"\bCredential=([^/,\s]+)/")


class PermissionSpecificationError(ValueError):
    """Permissions that make no sense; the message names the key and the value."""


class Permissions:
    """The permissions in force.

    Args:
        specification: Access keys with the names of the operations that each may call.
        operations: The names that there are.
        prefix: The service's in policies.

    Raises:
        PermissionSpecificationError: the specification is not of that form.
    """

    def __init__(self, specification: object, operations: Collection[str], prefix: str = "profile") -> None:
        if not isinstance(specification, Mapping):
            raise PermissionSpecificationError("permissions are a JSON object of access keys")
        for key, allowed in specification.items():
            if not isinstance(allowed, list) or not all(name in operations for name in allowed):
                raise PermissionSpecificationError(f"{key}: {allowed!r} is not a list of the service's operations")
        self.specification: Mapping[str, list[str]] = specification
        self._prefix = prefix

    def check(self, access_key: str, operation: str) -> None:
        """Refuse what the key may not call.

        Raises:
            AccessDeniedError: it may not.
        """
        allowed = self.specification.get(access_key)
        if allowed is not None and operation not in allowed:
            raise AccessDeniedError(f"User is not authorized to perform: {self._prefix}:{operation}")


def access_key(authorization: str) -> str:
    """Return the access key of an Authorization header of SigV4; empty where it names none."""
    found = _CREDENTIAL.search(authorization)
    return "" if found is None else found[1]
