"""What the object type's resource does in Customer Profiles.

It registers the object type, sets the domain's dead-letter queue if one is given, and deletes the type if it is to go.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from bootstrap import ownership
from bootstrap.object_type import Definition, definition, differences
from bootstrap.ownership import Ownership, Stack
from bootstrap.properties import ObjectTypeId, Properties
from custom_resource.errors import NotFoundError
from custom_resource.service_calls import ServiceCalls
from engagement.call_timeout import CallTimeout
from engagement.clock import Clock, Deadline

PUT_INTERVAL = 1.0
"""Seconds between two PutProfileObjectType (Customer Profiles quotas: one a second)."""


@dataclass(frozen=True, slots=True)
class Domain:
    """A domain, as far as it matters here.

    Attributes:
        dead_letter_queue_url: Where the service sends accepted objects that it cannot attach; None: they are lost.
        resolves_identities: Whether profiles are matched and merged, by machine learning or by rules.
    """

    dead_letter_queue_url: str | None
    resolves_identities: bool = False


class ObjectTypes(Protocol):
    """Customer Profiles, as it is needed here; every method raises `custom_resource.errors.ServiceError`."""

    def domain(self, object_type: ObjectTypeId) -> Domain:
        """Return the object type's domain; NotFoundError if there is none."""

    def set_queue(self, object_type: ObjectTypeId, queue_url: str) -> Domain:
        """Make the queue the dead-letter queue of the type's domain, change nothing else of it, and return it."""

    def get(self, object_type: ObjectTypeId) -> Definition:
        """Return the object type; NotFoundError if there is none."""

    def exists(self, object_type: ObjectTypeId) -> bool:
        """Return whether the domain's list of object types has this one; NotFoundError if there is no such domain."""

    def put(self, object_type: ObjectTypeId, wanted: Definition) -> None:
        """Create the object type, or change it in place; only a new one gets its tags from this."""

    def tag(self, object_type: ObjectTypeId, arn: str, tags: Mapping[str, str]) -> None:
        """Give the object type, of which ``arn`` is the ARN, these tags beside those that it has."""

    def delete(self, object_type: ObjectTypeId) -> None:
        """Delete the type, all its objects and what they put on profiles; NotFoundError if there is no such type."""


@dataclass(frozen=True, slots=True)
class ProvisioningResult:
    """What registering did.

    Attributes:
        domain_before: The domain that the type is in, as it was.
        domain: The same, as it is from now on.
        changed: What was put, as `object_type.differences` names it; empty: the type was already as wanted.
        ownership: How the stack came to own the type.
        previous_owner: The StackId of the stack that the type belonged to when it was adopted; None: no stack's.
    """

    domain_before: Domain
    domain: Domain
    changed: tuple[str, ...]
    ownership: Ownership
    previous_owner: str | None = None


class DeletionResult(StrEnum):
    """What deleting did."""

    DELETED = "object type deleted"
    GONE = "object type already gone"
    NOT_OWNED = "object type left alone: it does not carry this stack's tag, so this stack did not make it"
    ADOPTED = "object type left alone: this stack adopted it and did not make it; delete it by hand if it is to go"


class ObjectTypeProvisioner:
    """Does the resource's work; safe to repeat at any point.

    Args:
        object_types: Customer Profiles.
        clock: Where pauses are slept.
        timeout: Ends a call that hangs.
    """

    def __init__(self, object_types: ObjectTypes, clock: Clock, timeout: CallTimeout) -> None:
        self._object_types = object_types
        self._clock = clock
        self._call = ServiceCalls("Customer Profiles", timeout)
        self._next_put = clock.monotonic()

    def register(
        self, properties: Properties, stack: Stack, deadline: Deadline, *, registered: bool = False
    ) -> ProvisioningResult:
        """Make the domain's queue and the object type what the properties ask for; put nothing if nothing differs.

        The owner is checked first, then the domain is changed: if either is refused, the type is not touched.

        Args:
            properties: What is asked for.
            stack: Who asks.
            deadline: When no call may start any more.
            registered: Whether this stack registered this type before.

        Raises:
            OwnershipError: the type is not this stack's; nothing was changed.
            CustomResourceError: the domain is absent, the service refused, or time or attempts are used up.
        """
        object_type = properties.object_type
        domain_before = self._call(lambda: self._object_types.domain(object_type), deadline)
        current = self._call(lambda: self._current(object_type), deadline)
        owned = ownership.check(current, object_type, stack, may_adopt=properties.may_adopt, registered=registered)
        domain = self._with_queue(domain_before, properties, deadline)
        tags = ownership.tags_of(owned, stack)
        wanted = definition(properties).keeping(current, tags)
        changed = differences(current, wanted)
        if changed:
            self._call(lambda: self._put(object_type, wanted), deadline)
        before = None if current is None else ownership.owner(current)
        if owned is not Ownership.OWNED:
            self._ensure_tags(object_type, stack, tags, before, deadline)
        return ProvisioningResult(domain_before, domain, changed, owned, before if owned is Ownership.ADOPTED else None)

    def delete(self, object_type: ObjectTypeId, stack: Stack, deadline: Deadline) -> DeletionResult:
        """Delete the object type if this stack created it.

        Raises:
            CustomResourceError: the service refused, or time or attempts are used up.
        """
        try:
            current = self._call(lambda: self._current(object_type), deadline)
            if current is None:
                return DeletionResult.GONE
            if ownership.owner(current) != stack.id:
                return DeletionResult.NOT_OWNED
            if ownership.was_adopted(current):
                return DeletionResult.ADOPTED
            self._call(lambda: self._object_types.delete(object_type), deadline)
        except NotFoundError:
            return DeletionResult.GONE
        return DeletionResult.DELETED

    def _with_queue(self, before: Domain, properties: Properties, deadline: Deadline) -> Domain:
        queue_url = properties.domain_queue_url
        if queue_url is None or queue_url == before.dead_letter_queue_url:
            return before
        return self._call(lambda: self._object_types.set_queue(properties.object_type, queue_url), deadline)

    def _current(self, object_type: ObjectTypeId) -> Definition | None:
        try:
            return self._object_types.get(object_type)
        except NotFoundError:
            # That alone may be a denial. The list tells: to retry for a minute for each type that does not exist yet
            # would make every first deployment slow.
            if self._object_types.exists(object_type):
                raise
            return None

    def _put(self, object_type: ObjectTypeId, wanted: Definition) -> None:
        self._clock.sleep(max(0.0, self._next_put - self._clock.monotonic()))
        self._next_put = self._clock.monotonic() + PUT_INTERVAL
        self._object_types.put(object_type, wanted)

    def _ensure_tags(
        self,
        object_type: ObjectTypeId,
        stack: Stack,
        tags: Mapping[str, str],
        before: str | None,
        deadline: Deadline,
    ) -> None:
        """Give the type the stack's tags if its put did not: of two stacks that put it at once, the first one's hold.

        Raises:
            OwnershipError: another stack was faster.
        """
        current = self._call(lambda: self._object_types.get(object_type), deadline)
        if ownership.owner(current) in {None, before} and not _has(current, tags):
            self._call(lambda: self._object_types.tag(object_type, stack.arn(object_type), tags), deadline)
            current = self._call(lambda: self._object_types.get(object_type), deadline)
        if not _has(current, tags):
            raise ownership.race_lost(object_type, ownership.owner(current))


def _has(current: Definition, tags: Mapping[str, str]) -> bool:
    return tags.items() <= current.tags.items()
