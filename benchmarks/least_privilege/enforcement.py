"""Policies put in force: in the local IAM, and in the emulators of Customer Profiles and of outbound campaigns.

Those have no IAM. They know a caller by the access key that signs. Which key is which function's is seen from what it
has called under the template's own policies.
"""

import json
import urllib.request
from collections.abc import Mapping
from typing import Any

from benchmarks.least_privilege.capabilities import BOOTSTRAP_ROLE, WRITER_ROLE
from benchmarks.least_privilege.grants import CAMPAIGNS, PROFILE, operations
from local.stack import LocalStack, deployment, role_policies
from local.stack.environment import ACCESS_KEY
from local.stack.role_policies import RolePolicy

_SIGNS = {"PutProfileObject": WRITER_ROLE, "GetDomain": BOOTSTRAP_ROLE}
"""Operations that one function alone calls, by whose role they are called."""


class Enforcement:
    """The roles of a stack that runs with `enforce_permissions`.

    Attributes:
        template: The policies as the template has them.
    """

    def __init__(self, stack: LocalStack) -> None:
        self._iam = stack.clients.iam()
        self._urls = {PROFILE: stack.profiles_url, CAMPAIGNS: stack.campaigns_url}
        roles = deployment.roles(stack.clients)
        self.template = [_as_in_template(policy) for policy in role_policies.read(self._iam, roles)]
        self._keys: dict[str, str] = {}

    def recognise_callers(self) -> None:
        """Find out each role's access key from what was called so far."""
        callers: Mapping[str, list[str]] = self._control(PROFILE, "GET", "stats")["callers"]
        self._keys = {
            role: key
            for key, called in callers.items()
            for operation, role in _SIGNS.items()
            if key != ACCESS_KEY and operation in called
        }

    def put(self, changed: RolePolicy) -> None:
        """Put this policy in force, and the template's own everywhere else."""
        policies = [changed if policy.name == changed.name else policy for policy in self.template]
        role_policies.put(self._iam, changed)
        for service in self._urls:
            allowed = {key: operations(policies, role, service) for role, key in self._keys.items()}
            self._control(service, "PUT", "permissions", allowed)

    def deny_writes(self, *, denied: bool) -> None:
        """Let Customer Profiles refuse every object, or none: what is refused is returned to the queue."""
        rule = {"kind": "access_denied", "operations": ["PutProfileObject"]}
        self._control(PROFILE, "PUT", "faults", {"rules": [rule] if denied else []})

    def _control(self, service: str, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401 - JSON
        request = urllib.request.Request(  # noqa: S310 - the emulator's own address
            f"{self._urls[service]}/_emulator/{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
        )
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with direct.open(request, timeout=10) as answer:
            return json.load(answer)


def _as_in_template(policy: RolePolicy) -> RolePolicy:
    """Return the policy without the names that the local stack has added for ministack."""
    added = set(role_policies.BATCH_NAMES.values())
    statements = [
        {**statement, "Action": [action for action in statement["Action"] if action not in added]}
        for statement in policy.document["Statement"]
    ]
    return RolePolicy(policy.role, policy.name, {**policy.document, "Statement": statements})
