"""The operations on domains. A domain is what it was created with: matching jobs and data stores never run."""

from __future__ import annotations

from typing import Any

from customer_profiles_emulator.ingestion import Ingestion, WallClock
from customer_profiles_emulator.store import Store
from customer_profiles_emulator.store.catalogue import Document
from customer_profiles_emulator.transport.errors import BadRequestError, ResourceNotFoundError
from customer_profiles_emulator.wire import paging

DEFAULT_PAGE = 20
_SUMMARY = ("Tags",)


class DomainOperations:
    """CreateDomain, GetDomain, UpdateDomain, DeleteDomain, ListDomains."""

    def __init__(self, store: Store, ingestion: Ingestion, clock: WallClock) -> None:
        self._store = store
        self._ingestion = ingestion
        self._clock = clock

    def create(self, request: dict[str, Any]) -> dict[str, Any]:
        """Create a domain; that an existing one is a BadRequestException is (unverified)."""
        name = request["DomainName"]
        with self._store.transaction():
            if self._store.catalogue.domain(name) is not None:
                raise BadRequestError(f"Domain {name} already exists")
            members = {member: value for member, value in request.items() if member != "DomainName"}
            self._store.catalogue.put_domain(name, members, self._clock())
        return _described(self._existing(name))

    def update(self, request: dict[str, Any]) -> dict[str, Any]:
        """Replace the members given, but for Tags, which TagResource changes (API reference, UpdateDomain).

        An empty DeadLetterQueueUrl or DefaultEncryptionKey clears it (likewise).
        """
        name = request["DomainName"]
        with self._store.transaction():
            changed = {member: value for member, value in request.items() if member not in {"DomainName", "Tags"}}
            members = self._existing(name).members | changed
            kept = {member: value for member, value in members.items() if value != ""}
            self._store.catalogue.put_domain(name, kept, self._clock())
        return _described(self._existing(name))

    def get(self, request: dict[str, Any]) -> dict[str, Any]:
        """Describe a domain, with its counts; every profile counts as metered (unverified)."""
        document = self._existing(request["DomainName"])
        self._ingestion.expire()
        size = self._store.sizes.of(document.name)
        stats = {
            "ProfileCount": size.profiles,
            "MeteringProfileCount": size.profiles,
            "ObjectCount": size.objects,
            "TotalSize": size.characters,
        }
        return _described(document) | {"Stats": stats}

    def delete(self, request: dict[str, Any]) -> dict[str, Any]:
        """Delete a domain and all that is in it."""
        if not self._store.delete_domain(request["DomainName"]):
            raise domain_not_found()
        self._ingestion.forget_types()
        return {"Message": "OK"}

    def list(self, request: dict[str, Any]) -> dict[str, Any]:
        """List domains by name."""
        limit = request.get("MaxResults", DEFAULT_PAGE)
        found = self._store.catalogue.domains(paging.position(request.get("NextToken")), limit + 1)
        items = [
            {"DomainName": document.name, **timestamps(document)}
            | {member: document.members[member] for member in _SUMMARY if member in document.members}
            for document in found[:limit]
        ]
        return {"Items": items} | paging.next_token([document.name for document in found], limit)

    def _existing(self, name: str) -> Document:
        document = self._store.catalogue.domain(name)
        if document is None:
            raise domain_not_found()
        return document


def domain_not_found() -> ResourceNotFoundError:
    """The error for a domain that is not there, worded as the service words it for access denied too."""
    return ResourceNotFoundError("The domain does not exist, or access was denied")


def timestamps(document: Document) -> dict[str, float]:
    """When a document was created and last changed, as the model names it."""
    return {"CreatedAt": document.created_at, "LastUpdatedAt": document.updated_at}


def _described(document: Document) -> dict[str, Any]:
    return {"DomainName": document.name, **document.members, **timestamps(document)}
