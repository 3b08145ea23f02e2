"""What the resource does in Customer Profiles.

It registers the object type, gives the domain a dead-letter queue when given one, and deletes the type when told to.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeVar

from bootstrap.errors import AbsentError, TimeUpError
from bootstrap.object_type import Definition, definition, differences
from bootstrap.pace import Pace
from bootstrap.properties import Properties, Target
from bootstrap.retrying import retry
from engagement.clock import Clock, Deadline

PUT_INTERVAL = 1.0
"""Seconds between two PutProfileObjectType (Customer Profiles quotas: one a second)."""

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Domain:
    """A domain, as far as it matters here.

    Attributes:
        dead_letter_queue_url: Where the service sends accepted objects that it cannot attach; None: they are lost.
    """

    dead_letter_queue_url: str | None


class ObjectTypes(Protocol):
    """Customer Profiles, as the registrar needs it. Every method raises a `bootstrap.errors.ServiceError`."""

    def domain(self, target: Target) -> Domain:
        """Return the target's domain; AbsentError where there is none."""

    def give_queue(self, target: Target, queue_url: str) -> Domain:
        """Make the queue the dead-letter queue of the target's domain, touch nothing else of it, and return it."""

    def get(self, target: Target) -> Definition:
        """Return the object type; AbsentError where there is none."""

    def put(self, target: Target, wanted: Definition) -> None:
        """Create the object type, or change it in place."""

    def delete(self, target: Target) -> None:
        """Delete the type, all its objects and what they put on profiles; AbsentError where there is no such type."""


@dataclass(frozen=True, slots=True)
class Registration:
    """What registering came to.

    Attributes:
        found: The domain that the type is in, as it was.
        domain: The same, as it is from now on.
        changed: What was put, as `object_type.differences` names it; empty: the type was already as wanted.
    """

    found: Domain
    domain: Domain
    changed: tuple[str, ...]


class Registrar:
    """Does the resource's work; safe to repeat at any point.

    Args:
        object_types: Customer Profiles.
        clock: Where pauses are slept.
    """

    def __init__(self, object_types: ObjectTypes, clock: Clock) -> None:
        self._object_types = object_types
        self._pace = Pace(clock, PUT_INTERVAL)

    def register(self, properties: Properties, deadline: Deadline) -> Registration:
        """Make the domain's queue and the object type what the properties ask for; put nothing where nothing differs.

        The domain comes first: a queue that is refused ends the request before the type is touched.

        Raises:
            BootstrapError: the domain is absent, the service refused, or time or attempts are used up.
        """
        target = properties.target
        found = _call(lambda: self._object_types.domain(target), deadline)
        domain = self._given_queue(found, properties, deadline)
        current = _call(lambda: self._current(target), deadline)
        wanted = definition(properties).keeping(current)
        changed = differences(current, wanted)
        if changed:
            _call(lambda: self._put(target, wanted), deadline)
        return Registration(found, domain, changed)

    def delete(self, target: Target, deadline: Deadline) -> bool:
        """Delete the object type and return whether there was one to delete.

        Raises:
            BootstrapError: the service refused, or time or attempts are used up.
        """
        try:
            _call(lambda: self._object_types.delete(target), deadline)
        except AbsentError:
            return False
        return True

    def _given_queue(self, found: Domain, properties: Properties, deadline: Deadline) -> Domain:
        queue_url = properties.domain_queue_url
        if queue_url is None or queue_url == found.dead_letter_queue_url:
            return found
        return _call(lambda: self._object_types.give_queue(properties.target, queue_url), deadline)

    def _current(self, target: Target) -> Definition | None:
        try:
            return self._object_types.get(target)
        except AbsentError:
            return None

    def _put(self, target: Target, wanted: Definition) -> None:
        self._pace.wait()
        self._object_types.put(target, wanted)


def _call(work: Callable[[], Result], deadline: Deadline) -> Result:
    def attempt() -> Result:
        # Asked before every attempt: Lambda freezes a thread that was left behind, and a later invocation wakes it.
        if deadline.passed():
            raise TimeUpError(
                "No time was left to call Customer Profiles. Give the bootstrap function a longer Timeout"
            )
        return work()

    return retry(attempt, deadline)
