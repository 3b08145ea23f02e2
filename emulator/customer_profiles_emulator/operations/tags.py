"""The operations on tags of domains and object types.

Sources: API reference, TagResource ("domains, profile object types, and integrations can be tagged"; a key that is
there gets the new value; 50 tags a resource); service authorization reference, Amazon Connect Customer Profiles (the
ARNs' forms). Account and Region of an ARN are ignored. (unverified): that
what has no tags answers `{"tags": {}}`; that a tag leaves LastUpdatedAt as it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from customer_profiles_emulator.store import Store
from customer_profiles_emulator.store.catalogue import Document
from customer_profiles_emulator.transport.errors import BadRequestError, ResourceNotFoundError

MAX_TAGS = 50
_ARN = re.compile(r"arn:[a-z0-9-]+:profile:[a-z0-9-]*:[0-9]*:domains/([^/]+)(?:/object-types/([^/]+))?")


@dataclass(frozen=True, slots=True)
class _Resource:
    domain: str
    type_name: str | None


class TagOperations:
    """TagResource, UntagResource, ListTagsForResource."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def tag(self, request: dict[str, Any]) -> dict[str, Any]:
        """Add tags, or give those that are there new values."""
        resource = _resource(request["resourceArn"])
        with self._store.transaction():
            document = self._document(resource)
            tags = document.members.get("Tags", {}) | request["tags"]
            if len(tags) > MAX_TAGS:
                raise BadRequestError(f"A resource has at most {MAX_TAGS} tags")
            self._write(resource, document, tags)
        return {}

    def untag(self, request: dict[str, Any]) -> dict[str, Any]:
        """Take tags away; a key that is not there changes nothing."""
        resource = _resource(request["resourceArn"])
        with self._store.transaction():
            document = self._document(resource)
            tags = document.members.get("Tags", {})
            self._write(resource, document, {key: tags[key] for key in tags if key not in request["tagKeys"]})
        return {}

    def list(self, request: dict[str, Any]) -> dict[str, Any]:
        """The tags of a resource."""
        return {"tags": self._document(_resource(request["resourceArn"])).members.get("Tags", {})}

    def _document(self, resource: _Resource) -> Document:
        catalogue = self._store.catalogue
        if resource.type_name is None:
            document = catalogue.domain(resource.domain)
        else:
            document = catalogue.object_type(resource.domain, resource.type_name)
        if document is None:
            raise ResourceNotFoundError("The resource does not exist, or access was denied")
        return document

    def _write(self, resource: _Resource, document: Document, tags: Mapping[str, str]) -> None:
        members = with_tags(document.members, tags)
        if resource.type_name is None:
            self._store.catalogue.put_domain(resource.domain, members, document.updated_at)
        else:
            self._store.catalogue.put_object_type(resource.domain, resource.type_name, members, document.updated_at)


def with_tags(members: Mapping[str, Any], tags: Mapping[str, str] | None) -> dict[str, Any]:
    """A document's members with these tags, and no others; without the member if there are none."""
    others = {member: value for member, value in members.items() if member != "Tags"}
    return others | ({"Tags": dict(tags)} if tags else {})


def _resource(arn: str) -> _Resource:
    found = _ARN.fullmatch(arn)
    if found is None:
        raise ResourceNotFoundError("The ARN names neither a domain nor an object type, which alone are emulated here")
    return _Resource(found[1], found[2])
