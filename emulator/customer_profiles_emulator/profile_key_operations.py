"""What the operations on a profile's keys do.

Sources: API reference, AddProfileKey ("associates a new key value with a specific profile") and DeleteProfileKey;
Connect admin guide, mapping-key-definitions (key names are global to a domain).

(unverified): that a key name which is neither predefined nor any type's is refused; that several values are each a
value of a key of one field, and all together one value of a key of several; that deleting a key which the profile does
not have is a ResourceNotFoundException; that a key of the profile's own fields can be deleted, and stays away until
such a field changes; that a key added here outlives every object type.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from customer_profiles_emulator.errors import BadRequestError, ResourceNotFoundError
from customer_profiles_emulator.matching import search_values
from customer_profiles_emulator.precedence import BY_HAND
from customer_profiles_emulator.profile_operations import existing_profile
from customer_profiles_emulator.standard_profile import PLAIN
from customer_profiles_emulator.store import Store

ContentTypes = Callable[[str, str], set[tuple[str, ...]]]
"""From a domain and a key's name to the content types of each definition that the key has there."""


class ProfileKeyOperations:
    """AddProfileKey, DeleteProfileKey."""

    def __init__(self, store: Store, content_types: ContentTypes) -> None:
        self._store = store
        self._content_types = content_types

    def add(self, request: dict[str, Any]) -> dict[str, Any]:
        """Let a profile be found by a key from now on, by searches and by objects alike."""
        domain, name, values = request["DomainName"], request["KeyName"], request["Values"]
        with self._store.transaction():
            profile = existing_profile(self._store, domain, request["ProfileId"])
            for value in self._index_values(domain, name, values):
                self._store.profiles.add_key(domain, name, value, profile.id, BY_HAND)
        return {"KeyName": name, "Values": values}

    def delete(self, request: dict[str, Any]) -> dict[str, Any]:
        """Let a profile no longer be found by a key, whatever added it."""
        domain, name = request["DomainName"], request["KeyName"]
        with self._store.transaction():
            profile = existing_profile(self._store, domain, request["ProfileId"])
            removed = [
                self._store.profiles.remove_key(domain, name, value, profile.id)
                for value in self._index_values(domain, name, request["Values"])
            ]
            if not any(removed):
                raise ResourceNotFoundError("The profile does not have this key, or access was denied")
        return {"Message": "OK"}

    def _index_values(self, domain: str, name: str, values: list[str]) -> set[str]:
        content_types = self._content_types(domain, name)
        as_they_stand = {(PLAIN,) * len(types) for types in content_types}
        found = search_values(values, content_types | as_they_stand)
        if not found:
            raise BadRequestError(f"Values must hold one value for each field of key {name}")
        return found
