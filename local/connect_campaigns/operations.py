"""What the three operations do with an input that the model's constraints let through, and what they keep.

Sources: the model's own documentation; API reference of Connect outbound campaigns V2. The size of a page without
`maxResults` is (unverified).
"""

import threading
from collections.abc import Collection, Mapping
from typing import Any

from customer_profiles_emulator.wire import BadRequestError, Handler, ResourceNotFoundError, numeric_position, token

# IntegrationConfig and IntegrationIdentifier are unions of these; the member that identifies each
KINDS: Mapping[str, str] = {"customerProfiles": "domainArn", "qConnect": "knowledgeBaseArn", "lambda": "functionArn"}
PAGE = 50

Summary = Mapping[str, Any]
"""An integration as it is listed: one member, named by its kind."""


class Instances:
    """Connect instances with outbound campaigns enabled, in memory. Safe to use from many threads.

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
        """Remove an integration.

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
        """Return each instance with its integrations."""
        with self._lock:
            return {name: list(integrations.values()) for name, integrations in self._instances.items()}

    def _of(self, instance: str) -> dict[tuple[str, str], Summary]:
        if instance not in self._instances:
            raise ResourceNotFoundError("The instance was not found, or its outbound campaigns are not enabled")
        return self._instances[instance]


def handlers(instances: Instances) -> Mapping[str, Handler]:
    """Return the handler of each emulated operation, on these instances."""
    return {
        "PutConnectInstanceIntegration": lambda content: _put(instances, content),
        "DeleteConnectInstanceIntegration": lambda content: _delete(instances, content),
        "ListConnectInstanceIntegrations": lambda content: _list(instances, content),
    }


def _put(instances: Instances, content: Mapping[str, Any]) -> dict[str, Any]:
    union = content["integrationConfig"]
    instances.put(content["connectInstanceId"], _key(union, "integrationConfig"), _members(union))
    return {}


def _delete(instances: Instances, content: Mapping[str, Any]) -> dict[str, Any]:
    instances.remove(content["connectInstanceId"], _key(content["integrationIdentifier"], "integrationIdentifier"))
    return {}


def _list(instances: Instances, content: Mapping[str, Any]) -> dict[str, Any]:
    found = instances.integrations(content["connectInstanceId"])
    start, size = numeric_position(content.get("nextToken")), content.get("maxResults", PAGE)
    end = start + size
    following = {"nextToken": token(end)} if end < len(found) else {}
    return {"integrationSummaryList": found[start:end], **following}


def _key(union: Mapping[str, Any], path: str) -> tuple[str, str]:
    """Return what identifies an integration.

    Raises:
        BadRequestError: the union has no member, or more than one (model: `union`).
    """
    members = _members(union)
    if len(members) != 1:
        raise BadRequestError(f"Value at '{path}' must have exactly one of {', '.join(KINDS)}")
    [(kind, value)] = members.items()
    return kind, value[KINDS[kind]]


def _members(union: Mapping[str, Any]) -> dict[str, Any]:
    return {kind: union[kind] for kind in KINDS if union.get(kind) is not None}
