"""The standard objects that a field can write to beside the profile, and the keys that every domain has from the start.

Sources: Connect admin guide, "Reference for standard objects in Customer Profiles" (standard-objects: names,
identifiers and the system-managed id of each) and the page of each object that `standard_objects.json` names (its
fields and the names of the keys that index it). Of the predefined keys: API reference, SearchProfiles ("the predefined
keys you can use to search include"); Connect admin guide, "Key definitions" (mapping-key-definitions: default search
keys come from the standard objects) and "Standard identifiers" (the reserved ones).

(unverified): that there are no other predefined keys; the names of the keys of the standard air preference.

The pages of the two preference objects are not known in full: any field of them is a target, the id excepted. Members
of lists and maps (`"*"`) are not checked either.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

PROFILE = "_profile"
ATTRIBUTES = "Attributes"
SOURCE_TIMESTAMP = "SourceLastUpdatedTimestamp"
_ANY = "*"

PROFILE_ID_KEY = "_profileId"
# "Reserved keys such as _profileId, _orderId, _caseId and _assetId must be declared LOOKUP_ONLY".
RESERVED_KEYS = frozenset({PROFILE_ID_KEY, "_orderId", "_caseId", "_assetId"})

_SEARCHABLE = frozenset(
    {
        "_account",
        "_profileId",
        "_assetId",
        "_caseId",
        "_orderId",
        "_fullName",
        "_phone",
        "_email",
        "_ctrContactId",
        "_marketoLeadId",
        "_salesforceAccountId",
        "_salesforceContactId",
        "_salesforceAssetId",
        "_zendeskUserId",
        "_zendeskExternalId",
        "_zendeskTicketId",
        "_serviceNowSystemId",
        "_serviceNowIncidentId",
        "_serviceNowTaskId",  # "Mapping ServiceNow objects" alone has this one
        "_segmentUserId",
        "_shopifyCustomerId",
        "_shopifyOrderId",
    }
)


@dataclass(frozen=True, slots=True)
class StandardObject:
    """A standard object.

    Attributes:
        name: as a target begins, `_asset`.
        identifier: the standard identifier that ties a key to it; None for the one that no key is tied to.
        id_field: the field that the service itself assigns.
        index: names of the predefined keys that find it.
        fields: fields that hold one value; None when the guide's list is not known.
        nested: fields with members, by name; None for those whose members are not listed.
    """

    name: str
    identifier: str | None
    id_field: str
    index: tuple[str, ...]
    fields: frozenset[str] | None
    nested: Mapping[str, frozenset[str] | None]

    def has(self, path: str) -> bool:
        """Whether a path names a field that a mapping may write."""
        name, _, member = path.partition(".")
        if not name or path.endswith(".") or name == self.id_field:
            return False
        if name == ATTRIBUTES:
            return bool(member)
        if self.fields is None or path == SOURCE_TIMESTAMP:
            return True
        if name.removesuffix("[]") in self.nested:
            members = self.nested[name.removesuffix("[]")]
            return members is None or member in members
        return path in self.fields


@cache
def standard_objects() -> Mapping[str, StandardObject]:
    """Every standard object but the profile, by name."""
    listed = json.loads(Path(__file__).with_name("standard_objects.json").read_text(encoding="utf-8"))
    return {name: _standard_object(name, described) for name, described in listed.items()}


@cache
def predefined_keys() -> frozenset[str]:
    """The names of the keys that every domain has: the only ones that may begin with an underscore."""
    return _SEARCHABLE.union(*(standard.index for standard in standard_objects().values()))


def is_standard(name: str) -> bool:
    """Whether an object type's name is that of a standard object, the profile included."""
    return name == PROFILE or name in standard_objects()


def _standard_object(name: str, described: Mapping[str, Any]) -> StandardObject:
    listed = described["fields"]
    return StandardObject(
        name=name,
        identifier=described["identifier"],
        id_field=described["id"],
        index=tuple(described["index"]),
        fields=None if listed == _ANY else frozenset(" ".join(listed).split()),
        nested={
            field: None if members == _ANY else frozenset(members.split())
            for field, members in described.get("nested", {}).items()
        },
    )
