"""The operations on object types, and on the service's own templates of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from customer_profiles_emulator.ingestion import Ingestion, WallClock
from customer_profiles_emulator.object_types import (
    MAX_OBJECT_TYPES,
    MAX_PROFILE_OBJECTS,
    Key,
    check_content_types,
    compile_object_type,
    parse_object_type,
)
from customer_profiles_emulator.object_types.templates import described, expanded, implicit_definition, listed
from customer_profiles_emulator.operations.domains import DEFAULT_PAGE, domain_not_found, timestamps
from customer_profiles_emulator.operations.tags import with_tags
from customer_profiles_emulator.store import Store
from customer_profiles_emulator.store.catalogue import Document
from customer_profiles_emulator.transport.errors import BadRequestError, ResourceNotFoundError
from customer_profiles_emulator.wire import paging

_NAMES = ("DomainName", "ObjectTypeName")
_SUMMARY = ("Description", "MaxProfileObjectCount", "SourcePriority", "Tags")


class ObjectTypeOperations:
    """PutProfileObjectType, GetProfileObjectType, DeleteProfileObjectType, ListProfileObjectTypes."""

    def __init__(self, store: Store, ingestion: Ingestion, clock: WallClock) -> None:
        self._store = store
        self._ingestion = ingestion
        self._clock = clock

    def put(self, request: dict[str, Any]) -> dict[str, Any]:
        """Create or replace a type; objects already there keep the keys they were indexed by (unverified)."""
        domain, name = request["DomainName"], request["ObjectTypeName"]
        members = expanded({member: value for member, value in request.items() if member not in _NAMES})
        compiled = parse_object_type(name, members)
        with self._store.transaction():
            if self._store.catalogue.domain(domain) is None:
                raise domain_not_found()
            existing = self._store.catalogue.object_type(domain, name)
            if existing is not None:
                # "Tags can't be changed through the update path" (admin guide, update-and-validate-mapping)
                members = with_tags(members, existing.members.get("Tags"))
            elif len(self._store.catalogue.object_types(domain)) >= MAX_OBJECT_TYPES:
                raise BadRequestError(f"A domain has at most {MAX_OBJECT_TYPES} object types")
            check_content_types(compiled.keys, self._keys(domain))
            self._store.catalogue.put_object_type(domain, name, members, self._clock())
        self._ingestion.forget_types()
        return self._described(domain, name)

    def get(self, request: dict[str, Any]) -> dict[str, Any]:
        """Describe a type."""
        return self._described(request["DomainName"], request["ObjectTypeName"])

    def delete(self, request: dict[str, Any]) -> dict[str, Any]:
        """Delete a type with its objects, and scrub what they wrote to profiles (API reference)."""
        domain, name = request["DomainName"], request["ObjectTypeName"]
        if not self._store.delete_object_type(domain, name) and self._implicit(domain, name) is None:
            raise _not_found()
        self._ingestion.forget_types()
        return {"Message": "OK"}

    def list(self, request: dict[str, Any]) -> dict[str, Any]:
        """List a domain's types by name."""
        domain = request["DomainName"]
        if self._store.catalogue.domain(domain) is None:
            raise domain_not_found()
        limit = request.get("MaxResults", DEFAULT_PAGE)
        found = self._store.catalogue.object_types(domain, paging.position(request.get("NextToken")), limit + 1)
        items = [
            {"ObjectTypeName": document.name, **timestamps(document), **self._available(domain)}
            | {member: document.members[member] for member in _SUMMARY if member in document.members}
            for document in found[:limit]
        ]
        return {"Items": items} | paging.next_token([document.name for document in found], limit)

    def _described(self, domain: str, name: str) -> dict[str, Any]:
        document = self._store.catalogue.object_type(domain, name) or self._implicit(domain, name)
        if document is None:
            raise _not_found()
        return {"ObjectTypeName": name, **document.members, **timestamps(document), **self._available(domain)}

    def _implicit(self, domain: str, name: str) -> Document | None:
        holder, definition = self._store.catalogue.domain(domain), implicit_definition(name)
        if holder is None or definition is None:
            return None
        return Document(name, definition, holder.created_at, holder.created_at)

    def _keys(self, domain: str) -> Iterator[Key]:
        for found in self._store.catalogue.object_types(domain):
            yield from compile_object_type(found.name, found.members).keys

    def _available(self, domain: str) -> dict[str, int]:
        # API reference: "the amount of provisioned profile object max count available"; that it is what the
        # domain's types leave of a profile's 1,000 is (unverified).
        provisioned = sum(_max_objects(document) for document in self._store.catalogue.object_types(domain))
        return {"MaxAvailableProfileObjectCount": max(0, MAX_PROFILE_OBJECTS - provisioned)}


def get_template(request: dict[str, Any]) -> dict[str, Any]:
    """Describe a template."""
    found = described(request["TemplateId"])
    if found is None:
        raise ResourceNotFoundError("The template does not exist, or access was denied")
    return found


def list_templates(request: dict[str, Any]) -> dict[str, Any]:
    """List the templates by name."""
    limit, after = request.get("MaxResults", DEFAULT_PAGE), paging.position(request.get("NextToken"))
    found = [template for template in listed() if template["TemplateId"] > after]
    return {"Items": found[:limit]} | paging.next_token([item["TemplateId"] for item in found[: limit + 1]], limit)


def _max_objects(document: Document) -> int:
    return int(document.members.get("MaxProfileObjectCount", 0))


def _not_found() -> ResourceNotFoundError:
    return ResourceNotFoundError("The domain or the object type does not exist, or access was denied")
