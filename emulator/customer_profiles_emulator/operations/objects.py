"""The operations on objects.

(unverified): that listing or deleting with the id of a profile that does not exist is a ResourceNotFoundException; that
listings go from the oldest to the newest; that the Ids of a batch must differ; the messages and codes of a batch's
failed items (here the HTTP status of the error that each would have had alone); that a filter by a key which is UNIQUE
and nothing else lists nothing (API reference, ObjectFilter: "a searchable identifier", which no page says it is).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from customer_profiles_emulator.ingestion import Ingestion, WallClock
from customer_profiles_emulator.object_types import ObjectType, key_values, search_values
from customer_profiles_emulator.operations.domains import DEFAULT_PAGE
from customer_profiles_emulator.service_model import WRITES
from customer_profiles_emulator.store import Store
from customer_profiles_emulator.store.objects import ObjectKey, Scope
from customer_profiles_emulator.transport.errors import (
    BadRequestError,
    ResourceNotFoundError,
    ServiceError,
    ThrottlingError,
)
from customer_profiles_emulator.wire import paging
from customer_profiles_emulator.wire.quotas import Quotas

BATCH_PUT = "BatchPutProfileObject"
ItemFault = Callable[[str], ServiceError | None]
"""From an operation's name to the error injected into one item of its batch, if any."""


class ObjectOperations:
    """PutProfileObject, BatchPutProfileObject, ListProfileObjects, DeleteProfileObject."""

    def __init__(
        self, store: Store, ingestion: Ingestion, clock: WallClock, quotas: Quotas, item_fault: ItemFault
    ) -> None:
        self._store = store
        self._ingestion = ingestion
        self._clock = clock
        self._quotas = quotas
        self._item_fault = item_fault

    def put(self, request: dict[str, Any]) -> dict[str, Any]:
        """Accept one object."""
        key = self._ingestion.put(request["DomainName"], request["ObjectTypeName"], request["Object"])
        return {"ProfileObjectUniqueKey": key}

    def batch_put(self, request: dict[str, Any]) -> dict[str, Any]:
        """Accept up to ten objects, each on its own; a domain or type that does not exist fails the call."""
        self._ingestion.object_type(request["DomainName"], request["ObjectTypeName"])
        items = request["Items"]
        ids = [item["Id"] for item in items]
        if len(set(ids)) != len(ids):
            raise BadRequestError("The Ids of a batch's items must differ")
        granted = self._quotas.take(WRITES, len(items))
        if granted == 0:
            raise ThrottlingError("Rate exceeded")
        successful: list[dict[str, Any]] = []
        failed: list[dict[str, Any]] = []
        for index, item in enumerate(items):
            try:
                if index >= granted:
                    raise ThrottlingError("Rate exceeded")
                successful.append({"Id": item["Id"], "ProfileObjectUniqueKey": self._put_item(request, item)})
            except ServiceError as error:
                failed.append({"Id": item["Id"], "Code": error.status, "Message": error.message})
        return {"Successful": successful, "Failed": failed}

    def _put_item(self, request: Mapping[str, Any], item: Mapping[str, Any]) -> str:
        injected = self._item_fault(BATCH_PUT)
        if injected is not None:
            raise injected
        return self._ingestion.put(request["DomainName"], request["ObjectTypeName"], item["Object"])

    def list(self, request: dict[str, Any]) -> dict[str, Any]:
        """List a profile's objects of one type, all or those that a filter's key finds."""
        domain, type_name, profile_id = request["DomainName"], request["ObjectTypeName"], request["ProfileId"]
        object_type = self._ingestion.object_type(domain, type_name)
        if self._store.profiles.get(domain, profile_id) is None:
            raise ResourceNotFoundError("The profile does not exist, or access was denied")
        limit = request.get("MaxResults", DEFAULT_PAGE)
        matches = _filter(object_type, request.get("ObjectFilter"))
        # Filtered here and not in the table, which does not have the objects' keys: a profile has a thousand at most.
        found = self._store.objects.page(
            Scope(domain, profile_id, type_name),
            now=self._clock(),
            after=paging.numeric_position(request.get("NextToken")),
            limit=limit + 1 if matches is None else -1,
        )
        listed = found if matches is None else [stored for stored in found if matches(stored.text)]
        items = [
            {"ObjectTypeName": type_name, "ProfileObjectUniqueKey": stored.key.unique_key, "Object": stored.text}
            for stored in listed[:limit]
        ]
        return {"Items": items} | paging.next_token([stored.seq for stored in listed], limit)

    def delete(self, request: dict[str, Any]) -> dict[str, Any]:
        """Delete one object of a profile."""
        domain, type_name, profile_id = request["DomainName"], request["ObjectTypeName"], request["ProfileId"]
        self._ingestion.object_type(domain, type_name)
        key = ObjectKey(domain, type_name, request["ProfileObjectUniqueKey"])
        if not self._store.objects.delete(key, profile_id):
            raise ResourceNotFoundError("The profile object does not exist, or access was denied")
        return {"Message": "OK"}


def _filter(object_type: ObjectType, requested: Mapping[str, Any] | None) -> Callable[[str], bool] | None:
    if requested is None:
        return None
    name = requested["KeyName"]
    named = [key for key in object_type.keys if key.name == name]
    if not named:
        raise BadRequestError(f"Key {name} is no key of the object type")
    wanted = search_values(requested["Values"], {key.content_types for key in named if key.is_searchable})

    def has_key(text: str) -> bool:
        keys = key_values(object_type.keys, json.loads(text))
        return any(key.key.name == name and key.index_value in wanted for key in keys)

    return has_key
