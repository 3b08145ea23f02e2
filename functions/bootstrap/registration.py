"""What the resource does in Customer Profiles.

It registers the object type, gives the domain a dead-letter queue when given one, and deletes the type when told to.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, TypeVar

from bootstrap import ownership
from bootstrap.errors import AbsentError, TimeUpError
from bootstrap.object_type import Definition, definition, differences
from bootstrap.ownership import Claim
from bootstrap.pace import Pace
from bootstrap.properties import Properties, Target
from bootstrap.retrying import retry
from bootstrap.stack import Stack
from engagement.clock import Clock, Deadline

PUT_INTERVAL = 1.0
"""Seconds between two PutProfileObjectType (Customer Profiles quotas: one a second)."""

Result = TypeVar("Result")


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
    """Customer Profiles, as the registrar needs it. Every method raises a `bootstrap.errors.ServiceError`."""

    def domain(self, target: Target) -> Domain:
        """Return the target's domain; AbsentError where there is none."""

    def give_queue(self, target: Target, queue_url: str) -> Domain:
        """Make the queue the dead-letter queue of the target's domain, touch nothing else of it, and return it."""

    def get(self, target: Target) -> Definition:
        """Return the object type; AbsentError where there is none."""

    def exists(self, target: Target) -> bool:
        """Return whether the domain's list of object types has this one; AbsentError where there is no such domain."""

    def put(self, target: Target, wanted: Definition) -> None:
        """Create the object type, or change it in place; only a new one gets its tags from this."""

    def tag(self, target: Target, arn: str, tags: Mapping[str, str]) -> None:
        """Give the object type, of which ``arn`` is the ARN, these tags beside those that it has."""

    def delete(self, target: Target) -> None:
        """Delete the type, all its objects and what they put on profiles; AbsentError where there is no such type."""


@dataclass(frozen=True, slots=True)
class Registration:
    """What registering came to.

    Attributes:
        found: The domain that the type is in, as it was.
        domain: The same, as it is from now on.
        changed: What was put, as `object_type.differences` names it; empty: the type was already as wanted.
        claim: How the stack came by the type.
        previous_owner: The StackId of the stack that the type belonged to when it was adopted; None: nobody's.
    """

    found: Domain
    domain: Domain
    changed: tuple[str, ...]
    claim: Claim
    previous_owner: str | None = None


class Deletion(StrEnum):
    """What deleting came to."""

    DELETED = "object type deleted"
    GONE = "object type already gone"
    FOREIGN = "object type left alone: it does not carry this stack's tag, so this stack did not make it"
    ADOPTED = "object type left alone: this stack adopted it and did not make it; delete it by hand if it is to go"


class Registrar:
    """Does the resource's work; safe to repeat at any point.

    Args:
        object_types: Customer Profiles.
        clock: Where pauses are slept.
    """

    def __init__(self, object_types: ObjectTypes, clock: Clock) -> None:
        self._object_types = object_types
        self._pace = Pace(clock, PUT_INTERVAL)

    def register(
        self, properties: Properties, stack: Stack, deadline: Deadline, *, registered: bool = False
    ) -> Registration:
        """Make the domain's queue and the object type what the properties ask for; put nothing where nothing differs.

        Whose the type is comes first, then the domain: where either is refused, the type is not touched.

        Args:
            properties: What is asked for.
            stack: Who asks.
            deadline: When no call may start any more.
            registered: Whether this stack registered this type before.

        Raises:
            ForeignTypeError: the type is not this stack's; nothing was changed.
            BootstrapError: the domain is absent, the service refused, or time or attempts are used up.
        """
        target = properties.target
        found = _call(lambda: self._object_types.domain(target), deadline)
        current = _call(lambda: self._current(target), deadline)
        claim = ownership.claim(current, target, stack, may_adopt=properties.may_adopt, registered=registered)
        domain = self._given_queue(found, properties, deadline)
        tags = ownership.tags_of(claim, stack)
        wanted = definition(properties).keeping(current, tags)
        changed = differences(current, wanted)
        if changed:
            _call(lambda: self._put(target, wanted), deadline)
        before = None if current is None else ownership.owner(current)
        if claim is not Claim.KEPT:
            self._secure(target, stack, tags, before, deadline)
        return Registration(found, domain, changed, claim, before if claim is Claim.ADOPTED else None)

    def delete(self, target: Target, stack: Stack, deadline: Deadline) -> Deletion:
        """Delete the object type if this stack made it, and return what came of it.

        Raises:
            BootstrapError: the service refused, or time or attempts are used up.
        """
        try:
            current = _call(lambda: self._current(target), deadline)
            if current is None:
                return Deletion.GONE
            if ownership.owner(current) != stack.id:
                return Deletion.FOREIGN
            if ownership.was_adopted(current):
                return Deletion.ADOPTED
            _call(lambda: self._object_types.delete(target), deadline)
        except AbsentError:
            return Deletion.GONE
        return Deletion.DELETED

    def _given_queue(self, found: Domain, properties: Properties, deadline: Deadline) -> Domain:
        queue_url = properties.domain_queue_url
        if queue_url is None or queue_url == found.dead_letter_queue_url:
            return found
        return _call(lambda: self._object_types.give_queue(properties.target, queue_url), deadline)

    def _current(self, target: Target) -> Definition | None:
        """Return the type, or None where the domain's list has none either.

        "Not found" alone may be a denial; and to wait a minute for every type that does not exist yet would be long.
        """
        try:
            return self._object_types.get(target)
        except AbsentError:
            if self._object_types.exists(target):
                raise
            return None

    def _put(self, target: Target, wanted: Definition) -> None:
        self._pace.wait()
        self._object_types.put(target, wanted)

    def _secure(
        self, target: Target, stack: Stack, tags: Mapping[str, str], before: str | None, deadline: Deadline
    ) -> None:
        """See that the type carries the stack's tags: of two stacks that put it at once, the first one's do.

        Raises:
            ForeignTypeError: another stack was faster.
        """
        current = _call(lambda: self._object_types.get(target), deadline)
        if ownership.owner(current) in {None, before} and not _has(current, tags):
            _call(lambda: self._object_types.tag(target, stack.arn(target), tags), deadline)
            current = _call(lambda: self._object_types.get(target), deadline)
        if not _has(current, tags):
            raise ownership.lost(target, ownership.owner(current))


def _has(current: Definition, tags: Mapping[str, str]) -> bool:
    return tags.items() <= current.tags.items()


def _call(work: Callable[[], Result], deadline: Deadline) -> Result:
    def attempt() -> Result:
        # Asked before every attempt: Lambda freezes a thread that was left behind, and a later invocation wakes it.
        if deadline.passed():
            raise TimeUpError(
                "No time was left to call Customer Profiles. Give the bootstrap function a longer Timeout"
            )
        return work()

    return retry(attempt, deadline)
