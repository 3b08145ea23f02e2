"""What the three operations do with an input that the model's constraints let through.

Sources: the model's own documentation; API reference of Connect outbound campaigns V2. The size of a page without
`maxResults` is (unverified).
"""

from collections.abc import Callable, Mapping
from typing import Any

from customer_profiles_emulator.errors import BadRequestError
from customer_profiles_emulator.paging import numeric_position, token
from local.connect_campaigns.instances import Instances

Operation = Callable[[Mapping[str, Any]], dict[str, Any]]

# IntegrationConfig and IntegrationIdentifier are unions of these; the member that each is known by
KINDS: Mapping[str, str] = {"customerProfiles": "domainArn", "qConnect": "knowledgeBaseArn", "lambda": "functionArn"}
PAGE = 50


def operations(instances: Instances) -> Mapping[str, Operation]:
    """Return the operations by name, on these instances."""
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
    """Return what an integration is known by.

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
