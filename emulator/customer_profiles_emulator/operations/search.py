"""SearchProfiles. What a page costs is what is on it: a key that is common to many profiles is never read whole.

Predefined keys find profiles by what objects were indexed by and by the standard profile's own fields (Connect admin
guide, standard-profile-definition).

(unverified): that a key name which is neither predefined nor any type's is refused; that several values of one key find
the profiles of each; that profiles come in the order of their creation; that a key which is UNIQUE and nothing else
finds no profile. By the guide's page standard-identifiers a UNIQUE key fetches or updates an object, and by
ObjectTypeKey only a PROFILE key ties an object to a profile: a search that AWS does not promise finds nothing here, so
that no code comes to rely on it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from customer_profiles_emulator.ingestion import Ingestion
from customer_profiles_emulator.object_types import Key, predefined_keys, search_values
from customer_profiles_emulator.operations.domains import DEFAULT_PAGE, domain_not_found
from customer_profiles_emulator.standard_profile import CONTENT_TYPES, PLAIN, described
from customer_profiles_emulator.store import Store
from customer_profiles_emulator.store.profiles import ProfileTable, StoredProfile
from customer_profiles_emulator.transport.errors import BadRequestError
from customer_profiles_emulator.wire import paging


class SearchOperations:
    """SearchProfiles."""

    def __init__(self, store: Store, ingestion: Ingestion) -> None:
        self._store = store
        self._ingestion = ingestion

    def search(self, request: dict[str, Any]) -> dict[str, Any]:
        """Find profiles by one to five keys; OR, unless LogicalOperator is AND (API reference)."""
        domain = request["DomainName"]
        if self._store.catalogue.domain(domain) is None:
            raise domain_not_found()
        searched = [request, *request.get("AdditionalSearchKeys", [])]
        keys = [self._searched_key(domain, key["KeyName"], key["Values"]) for key in searched]
        combine = _found_by_all if request.get("LogicalOperator") == "AND" else _found_by_any
        limit = request.get("MaxResults", DEFAULT_PAGE)
        found = combine(keys, paging.position(request.get("NextToken")), limit + 1)
        items = []
        for profile in filter(None, (self._store.profiles.get(domain, profile_id) for profile_id in found[:limit])):
            found_by = [named for named, key in zip(searched, keys, strict=True) if key.finds(profile.id)]
            items.append(_described(profile, found_by))
        return {"Items": items} | paging.next_token(found, limit)

    def _searched_key(self, domain: str, name: str, values: Sequence[str]) -> _SearchedKey:
        index_values = search_values(values, self._searchable(domain, name))
        return _SearchedKey(self._store.profiles, domain, name, index_values)

    def _searchable(self, domain: str, key_name: str) -> set[tuple[str, ...]]:
        """The content types by which a key is searched; none if it is UNIQUE and nothing else."""
        keys = self._keys(domain, key_name)
        return _content_types(key_name, (key for key in keys if key.is_searchable))

    def content_types(self, domain: str, key_name: str) -> set[tuple[str, ...]]:
        """The content types of each definition that a key has in a domain, the standard profile's among them.

        Raises:
            BadRequestError: the key is neither predefined nor any object type's.
        """
        return _content_types(key_name, self._keys(domain, key_name))

    def _keys(self, domain: str, key_name: str) -> list[Key]:
        types = (
            self._ingestion.object_type(domain, document.name)
            for document in self._store.catalogue.object_types(domain)
        )
        keys = [key for object_type in types for key in object_type.keys if key.name == key_name]
        if not keys and key_name not in predefined_keys():
            raise BadRequestError(f"Key {key_name} is neither predefined nor a key of any object type of the domain")
        return keys


def _content_types(key_name: str, keys: Iterable[Key]) -> set[tuple[str, ...]]:
    found = {key.content_types for key in keys}
    if key_name in predefined_keys():
        found.add((CONTENT_TYPES.get(key_name, PLAIN),))
    return found


def _described(profile: StoredProfile, found_by: Sequence[dict[str, Any]]) -> dict[str, Any]:
    document = described(profile.id, profile.fields)
    document["FoundByItems"] = [{"KeyName": key["KeyName"], "Values": key["Values"]} for key in found_by]
    return document


@dataclass(frozen=True, slots=True)
class _SearchedKey:
    """A key of a search with its values as the index has them; any of them will do."""

    profiles: ProfileTable
    domain: str
    name: str
    index_values: Collection[str]

    def page(self, after: str, limit: int) -> list[str]:
        """The ids of up to `limit` profiles that it finds, in their order, those after `after`."""
        found = (self.profiles.by_key(self.domain, self.name, value, limit, after) for value in self.index_values)
        return _first(chain.from_iterable(found), limit)

    def finds(self, profile_id: str) -> bool:
        """Whether it finds this profile."""
        return any(self.profiles.has_key(self.domain, self.name, value, profile_id) for value in self.index_values)


def _found_by_any(keys: Sequence[_SearchedKey], after: str, limit: int) -> list[str]:
    """A page of the profiles that at least one key finds."""
    return _first(chain.from_iterable(key.page(after, limit) for key in keys), limit)


def _found_by_all(keys: Sequence[_SearchedKey], after: str, limit: int) -> list[str]:
    """A page of the profiles that every key finds.

    Each step skips to the furthest of the keys' next profiles: nothing before it can be in all of them. So the
    rarest key decides the number of steps.
    """
    found: list[str] = []
    while len(found) < limit:
        following = [key.page(after, 1) for key in keys]
        if not all(following):
            break
        after = max(chain.from_iterable(following))
        if all(key.finds(after) for key in keys):
            found.append(after)
    return found


def _first(ids: Iterable[str], limit: int) -> list[str]:
    return sorted(set(ids))[:limit]
