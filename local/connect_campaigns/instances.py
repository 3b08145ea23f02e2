"""The instances that there are, and what each is integrated with, in memory."""

import threading
from collections.abc import Collection, Mapping
from typing import Any

from customer_profiles_emulator.errors import ResourceNotFoundError

Summary = Mapping[str, Any]
"""An integration as it is listed: one member, named by its kind."""


class Instances:
    """Connect instances with outbound campaigns enabled. Safe to use from many threads.

    That an instance which is unknown, and one whose campaigns are not enabled, are both answered by
    ResourceNotFoundException is (unverified): the model says only "The specified resource was not found".

    Args:
        ids: Of the instances.
    """

    def __init__(self, ids: Collection[str]) -> None:
        self._lock = threading.Lock()
        self._instances: dict[str, dict[tuple[str, str], Summary]] = {name: {} for name in ids}

    def enable(self, ids: Collection[str]) -> None:
        """Let these be all the instances that there are; those that stay keep their integrations."""
        with self._lock:
            self._instances = {name: self._instances.get(name, {}) for name in ids}

    def put(self, instance: str, key: tuple[str, str], summary: Summary) -> None:
        """Add an integration, or replace the one of the same key.

        Raises:
            ResourceNotFoundError: there is no such instance.
        """
        with self._lock:
            self._of(instance)[key] = summary

    def remove(self, instance: str, key: tuple[str, str]) -> None:
        """Take an integration away.

        Raises:
            ResourceNotFoundError: there is no such instance, or no such integration.
        """
        with self._lock:
            if self._of(instance).pop(key, None) is None:
                raise ResourceNotFoundError("The integration was not found")

    def integrations(self, instance: str) -> list[Summary]:
        """Return an instance's integrations in the order in which they were first added.

        Raises:
            ResourceNotFoundError: there is no such instance.
        """
        with self._lock:
            return list(self._of(instance).values())

    def snapshot(self) -> dict[str, list[Summary]]:
        """Return all of it: each instance with its integrations."""
        with self._lock:
            return {name: list(integrations.values()) for name, integrations in self._instances.items()}

    def _of(self, instance: str) -> dict[tuple[str, str], Summary]:
        if instance not in self._instances:
            raise ResourceNotFoundError("The instance was not found, or its outbound campaigns are not enabled")
        return self._instances[instance]
