"""What the operations on objects and profiles do.

(unverified): that SearchProfiles refuses a key name that is neither predefined nor any type's; that listing or
deleting by the id of a profile that is not there is a ResourceNotFoundException; that listings go from the oldest
to the newest; the messages and codes of a batch's failed items (the HTTP status of the error each would have had).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from local.customer_profiles import paging
from local.customer_profiles.domain_operations import DEFAULT_PAGE, domain_not_found
from local.customer_profiles.errors import BadRequestError, ResourceNotFoundError, ServiceError, ThrottlingError
from local.customer_profiles.ingestion import Ingestion, WallClock
from local.customer_profiles.mapping import profile_document
from local.customer_profiles.matching import index_value, key_values
from local.customer_profiles.object_table import ObjectKey, Scope
from local.customer_profiles.object_types import PROFILE_ID_KEY
from local.customer_profiles.quota import WRITES, Quotas
from local.customer_profiles.store import Store

BATCH_PUT = "BatchPutProfileObject"
# API reference, SearchProfiles: "the predefined keys you can use to search include".
PREDEFINED_KEYS = frozenset(
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
        "_segmentUserId",
        "_shopifyCustomerId",
        "_shopifyOrderId",
    }
)
ItemFault = Callable[[str], ServiceError | None]
"""From an operation's name to the error injected into one item of its batch, if any."""


class ObjectOperations:
    """PutProfileObject, BatchPutProfileObject, SearchProfiles, ListProfileObjects, DeleteProfileObject."""

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
        """Accept up to ten objects, each on its own; a domain or type that is not there fails the call."""
        self._ingestion.object_type(request["DomainName"], request["ObjectTypeName"])
        items = request["Items"]
        ids = [item["Id"] for item in items]
        if len(set(ids)) != len(ids):
            raise BadRequestError("The Ids of a batch's items must differ (unverified)")
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

    def search(self, request: dict[str, Any]) -> dict[str, Any]:
        """Find profiles by one to five keys; OR unless told AND (API reference)."""
        domain = request["DomainName"]
        if self._store.catalogue.domain(domain) is None:
            raise domain_not_found()
        searched = [request, *request.get("AdditionalSearchKeys", [])]
        found = [self._find(domain, key["KeyName"], key["Values"]) for key in searched]
        combine = set.intersection if request.get("LogicalOperator") == "AND" else set.union
        limit = request.get("MaxResults", DEFAULT_PAGE)
        after = paging.numeric_position(request.get("NextToken"))
        profiles = self._store.profiles.page(domain, combine(*found), after, limit + 1)
        items = [
            profile_document(profile.id, {path: value for path, (value, _) in profile.fields.items()})
            | {
                "FoundByItems": [
                    {"KeyName": key["KeyName"], "Values": key["Values"]}
                    for key, ids in zip(searched, found, strict=True)
                    if profile.id in ids
                ]
            }
            for profile in profiles[:limit]
        ]
        return {"Items": items} | _next_token([profile.seq for profile in profiles], limit)

    def _find(self, domain: str, name: str, values: Sequence[str]) -> set[str]:
        if name == PROFILE_ID_KEY:
            return {value for value in values if self._store.profiles.get(domain, value) is not None}
        content_types = self._content_types(domain, name)
        if not content_types and name not in PREDEFINED_KEYS:
            raise BadRequestError(f"Key {name} is neither predefined nor a key of any object type of the domain")
        return {
            profile_id
            for value in _searched_index_values(values, content_types)
            for profile_id in self._store.profiles.by_key(domain, name, value)
        }

    def _content_types(self, domain: str, key_name: str) -> set[tuple[str, ...]]:
        types = (
            self._ingestion.object_type(domain, document.name)
            for document in self._store.catalogue.object_types(domain)
        )
        return {key.content_types for object_type in types for key in object_type.keys if key.name == key_name}

    def list(self, request: dict[str, Any]) -> dict[str, Any]:
        """List a profile's objects of one type."""
        domain, type_name, profile_id = request["DomainName"], request["ObjectTypeName"], request["ProfileId"]
        object_type = self._ingestion.object_type(domain, type_name)
        self._check_profile(domain, profile_id)
        wanted = None
        if "ObjectFilter" in request:
            name, values = request["ObjectFilter"]["KeyName"], request["ObjectFilter"]["Values"]
            content_types = {key.content_types for key in object_type.keys if key.name == name}
            if not content_types:
                raise BadRequestError(f"Key {name} is no key of the object type")
            wanted = {(name, value) for value in _searched_index_values(values, content_types)}
        limit = request.get("MaxResults", DEFAULT_PAGE)
        found = self._store.objects.page(
            Scope(domain, profile_id, type_name),
            now=self._clock(),
            after=paging.numeric_position(request.get("NextToken")),
            limit=limit + 1 if wanted is None else -1,
        )
        if wanted is not None:
            found = [
                stored
                for stored in found
                if not wanted.isdisjoint(
                    (key.key.name, key.index_value) for key in key_values(object_type, json.loads(stored.text))
                )
            ]
        items = [
            {"ObjectTypeName": type_name, "ProfileObjectUniqueKey": stored.key.unique_key, "Object": stored.text}
            for stored in found[:limit]
        ]
        return {"Items": items} | _next_token([stored.seq for stored in found], limit)

    def delete(self, request: dict[str, Any]) -> dict[str, Any]:
        """Delete one object of a profile."""
        domain, type_name, profile_id = request["DomainName"], request["ObjectTypeName"], request["ProfileId"]
        self._ingestion.object_type(domain, type_name)
        key = ObjectKey(domain, type_name, request["ProfileObjectUniqueKey"])
        if not self._store.objects.delete(key, profile_id):
            raise ResourceNotFoundError("The profile object does not exist, or access was denied")
        return {"Message": "OK"}

    def _check_profile(self, domain: str, profile_id: str) -> None:
        if self._store.profiles.get(domain, profile_id) is None:
            raise ResourceNotFoundError("The profile does not exist, or access was denied")


def _searched_index_values(values: Sequence[str], content_types: Iterable[tuple[str, ...]]) -> set[str]:
    """The index values that a search names: any of its values for a key of one field, together for a key of several."""
    found: set[str] = set()
    for types in content_types:
        if len(types) == 1:
            found.update(index_value([value], types) for value in values)
        elif len(types) == len(values):
            found.add(index_value(values, types))
    return found


def _next_token(positions: Sequence[int], limit: int) -> dict[str, str]:
    return {"NextToken": paging.token(positions[limit - 1])} if len(positions) > limit else {}
