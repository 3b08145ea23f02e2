"""The trial of a stack's policies: the whole pipeline under them, then every part of them taken away in turn."""

import contextlib
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from benchmarks.least_privilege.answers import Answers
from benchmarks.least_privilege.capabilities import NEEDS, Capability, failing
from benchmarks.least_privilege.enforcement import Enforcement
from benchmarks.least_privilege.grants import Mutation, mutations, role_of
from benchmarks.least_privilege.probes import Failures, ProbeError, Probes
from local.stack import CONNECT_INSTANCE, LocalStack, StackSettings

_IMPATIENCE = 45
"""Seconds of the bootstrap function's time-out while its rights are on trial: it waits for a denial as long as it can,
since IAM spreads slowly, and a denial on trial never ends. Of these, 6 are left for calls."""
_SWITCHING = 30.0
"""Seconds within which the queue's mapping must be off."""

SETTINGS = StackSettings(
    # what the template grants only when it is asked to is on trial, too
    parameters={
        "DomainDeadLetterQueueUrl": "https://sqs.us-east-1.amazonaws.com/000000000000/domain-dead-letters",
        "DeleteObjectTypeOnStackDelete": "true",
        "ConnectInstanceArn": CONNECT_INSTANCE,
    },
    enforce_permissions=True,
)
"""Of the stack that is put on trial."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of one mutation.

    Attributes:
        mutation: What was missing.
        expected: What had to fail for it.
        failed: What did, in its own words.
    """

    mutation: Mutation
    expected: set[Capability]
    failed: Failures

    @property
    def is_as_expected(self) -> bool:
        """Whether the part is needed, and for nothing else than it is there for."""
        if self.mutation.not_provable:
            return True
        return bool(self.expected) and set(self.failed) == self.expected


class Trial:
    """One stack's policies on trial."""

    def __init__(self, enforcement: Enforcement, probes: Probes) -> None:
        self._enforcement = enforcement
        self._probes = probes

    @classmethod
    @contextlib.contextmanager
    def of(cls, stack: LocalStack) -> Iterator["Trial"]:
        """Take over a stack that runs with `enforce_permissions`; its own mapping is off until the end of the trial."""
        enforcement = Enforcement(stack)
        functions = stack.clients.functions()
        names = [item["FunctionName"] for item in functions.list_functions()["Functions"]]
        [bootstrap] = [name for name in names if "BootstrapFunction" in name]
        functions.update_function_configuration(FunctionName=bootstrap, Timeout=_IMPATIENCE)
        with Answers() as answers, _mapping_off(stack):
            yield cls(enforcement, Probes(stack, enforcement, answers))

    def whole(self) -> dict[str, Failures]:
        """Try everything under exactly the template's policies; return what fails by role: nothing should."""
        failures = {role: self._probes.failures(role) for role in NEEDS}
        self._enforcement.recognise_callers()
        for policy in self._enforcement.template:
            self._enforcement.put(policy)
        # once more, now that the emulator knows who is who
        return {role: found for role in NEEDS if (found := failures[role] | self._probes.failures(role))}

    def mutations(self, roles: Sequence[str] = tuple(NEEDS)) -> list[Mutation]:
        """Return every way to take a part away from these roles' policies."""
        return [
            mutation
            for policy in self._enforcement.template
            if role_of(policy) in roles
            for mutation in mutations(policy)
        ]

    def try_without(self, mutation: Mutation) -> Verdict:
        """Take the part away, try all that the role is there for, and give the part back."""
        if mutation.not_provable:
            return Verdict(mutation, set(), {})
        self._enforcement.put(mutation.policy)
        try:
            failed = self._probes.failures(mutation.role)
        finally:
            whole = next(policy for policy in self._enforcement.template if policy.name == mutation.policy.name)
            self._enforcement.put(whole)
            self._probes.restore(mutation.role)
        return Verdict(mutation, failing(mutation.role, mutation.lost), failed)


@contextlib.contextmanager
def _mapping_off(stack: LocalStack) -> Iterator[None]:
    functions = stack.clients.functions()
    [mapping] = functions.list_event_source_mappings()["EventSourceMappings"]
    functions.update_event_source_mapping(UUID=mapping["UUID"], Enabled=False)
    deadline = time.monotonic() + _SWITCHING
    while functions.get_event_source_mapping(UUID=mapping["UUID"])["State"] != "Disabled":
        if time.monotonic() > deadline:
            raise ProbeError("the queue's mapping could not be switched off")
        time.sleep(0.1)
    try:
        yield
    finally:
        functions.update_event_source_mapping(UUID=mapping["UUID"], Enabled=True)
