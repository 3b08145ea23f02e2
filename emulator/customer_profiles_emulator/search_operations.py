"""What SearchProfiles does.

Predefined keys find profiles by what objects were indexed by and by the standard profile's own fields (Connect admin
guide, standard-profile-definition).

(unverified): that a key name which is neither predefined nor any type's is refused; that several values of one key find
the profiles of each.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from customer_profiles_emulator import paging
from customer_profiles_emulator.domain_operations import DEFAULT_PAGE, domain_not_found
from customer_profiles_emulator.errors import BadRequestError
from customer_profiles_emulator.ingestion import Ingestion
from customer_profiles_emulator.matching import search_values
from customer_profiles_emulator.predefined_keys import PREDEFINED_KEYS
from customer_profiles_emulator.profile_table import StoredProfile
from customer_profiles_emulator.standard_profile import CONTENT_TYPES, PLAIN, described
from customer_profiles_emulator.store import Store


class SearchOperations:
    """SearchProfiles."""

    def __init__(self, store: Store, ingestion: Ingestion) -> None:
        self._store = store
        self._ingestion = ingestion

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
        items = []
        for profile in profiles[:limit]:
            found_by = [key for key, ids in zip(searched, found, strict=True) if profile.id in ids]
            items.append(_described(profile, found_by))
        return {"Items": items} | paging.next_token([profile.seq for profile in profiles], limit)

    def _find(self, domain: str, name: str, values: Sequence[str]) -> set[str]:
        return {
            profile_id
            for value in search_values(values, self.content_types(domain, name))
            for profile_id in self._store.profiles.by_key(domain, name, value)
        }

    def content_types(self, domain: str, key_name: str) -> set[tuple[str, ...]]:
        """The content types of each definition that a key has in a domain, the standard profile's among them.

        Raises:
            BadRequestError: the key is neither predefined nor any object type's.
        """
        types = (
            self._ingestion.object_type(domain, document.name)
            for document in self._store.catalogue.object_types(domain)
        )
        found = {key.content_types for object_type in types for key in object_type.keys if key.name == key_name}
        if key_name in PREDEFINED_KEYS:
            found.add((CONTENT_TYPES.get(key_name, PLAIN),))
        if not found:
            raise BadRequestError(f"Key {key_name} is neither predefined nor a key of any object type of the domain")
        return found


def _described(profile: StoredProfile, found_by: Sequence[dict[str, Any]]) -> dict[str, Any]:
    document = described(profile.id, profile.fields)
    document["FoundByItems"] = [{"KeyName": key["KeyName"], "Values": key["Values"]} for key in found_by]
    return document
