"""A role's policy taken apart: every variant that lacks one statement, one action or one resource."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.least_privilege.capabilities import DEAD_LETTERS, NOT_PROVABLE, POLICIES_APART, QUEUE, Grant
from local.stack.role_policies import RolePolicy

PROFILE = "profile"
CAMPAIGNS = "connect-campaigns"
_QUEUES = {"journeys-engagement-": QUEUE, "journeys-dead-letters-": DEAD_LETTERS}
"""The queues by how their names begin; the end is each stack's own."""


@dataclass(frozen=True, slots=True)
class Mutation:
    """A policy with something missing.

    Attributes:
        role: The role's logical id.
        statement: The statement's Sid.
        removed: What is missing, for people.
        lost: The grants that are missing.
        policy: The rest.
        not_provable: Why no local failure can show that it is needed; empty if one can.
    """

    role: str
    statement: str
    removed: str
    lost: frozenset[Grant]
    policy: RolePolicy
    not_provable: str = ""


def mutations(policy: RolePolicy) -> Iterator[Mutation]:
    """Yield the policy without each of its statements, then without each action and each queue of it.

    A statement of one action on one resource is taken out as a whole only, since the rest would be the same three
    times; and so is one of which nothing can be shown here.
    """
    for position, statement in enumerate(policy.document["Statement"]):
        part = _Part(policy, position)
        actions, resources = listed(statement["Action"]), listed(statement["Resource"])
        if part.not_provable:
            yield part.without(", ".join(actions), _grants(actions, resources), [])
            continue
        yield part.without("the statement", _grants(actions, resources), [])
        for action in actions if len(actions) > 1 else ():
            left = [other for other in actions if other != action]
            yield part.without(action, _grants([action], resources), [{**statement, "Action": left}])
        # which of domain and object type the service checks is not known, and the emulator looks at neither
        for resource in resources if len(resources) > 1 and _service(actions[0]) != PROFILE else ():
            left = [other for other in resources if other != resource]
            yield part.without(
                f"on {_named(resource)}", _grants(actions, [resource]), [{**statement, "Resource": left}]
            )


@dataclass(frozen=True, slots=True)
class _Part:
    """One statement of a policy."""

    policy: RolePolicy
    position: int

    @property
    def not_provable(self) -> str:
        return NOT_PROVABLE.get(self._statement["Sid"]) or NOT_PROVABLE.get(
            _service(listed(self._statement["Action"])[0]), ""
        )

    @property
    def _statement(self) -> Mapping[str, Any]:
        statement: Mapping[str, Any] = self.policy.document["Statement"][self.position]
        return statement

    def without(self, removed: str, lost: frozenset[Grant], left: Sequence[Mapping[str, Any]]) -> Mutation:
        """Return the mutation that leaves this much of the statement."""
        statements = list(self.policy.document["Statement"])
        statements[self.position : self.position + 1] = left
        rest = RolePolicy(self.policy.role, self.policy.name, {**self.policy.document, "Statement": statements})
        why = NOT_PROVABLE.get(removed, self.not_provable)
        return Mutation(role_of(self.policy), self._statement["Sid"], removed, lost, rest, why)


def operations(policies: Sequence[RolePolicy], role: str, service: str) -> list[str]:
    """Return the operations of a service that a role's policies allow."""
    return sorted(
        action.removeprefix(f"{service}:")
        for policy in policies
        if role_of(policy) == role
        for statement in policy.document["Statement"]
        if statement.get("Sid") not in NOT_PROVABLE
        for action in listed(statement["Action"])
        if _service(action) == service
    )


def role_of(policy: RolePolicy) -> str:
    """Return the logical id of the role that has the policy."""
    return POLICIES_APART.get(policy.name, policy.name)


def listed(value: str | list[str]) -> list[str]:
    """Return one or many as a list."""
    return value if isinstance(value, list) else [value]


def _grants(actions: Sequence[str], resources: Sequence[str]) -> frozenset[Grant]:
    return frozenset(Grant(action, _named(resource)) for action in actions for resource in resources)


def _named(arn: str) -> str:
    queue = arn.rpartition(":")[2]
    return next((name for beginning, name in _QUEUES.items() if queue.startswith(beginning)), "*")


def _service(action: str) -> str:
    return action.partition(":")[0]
