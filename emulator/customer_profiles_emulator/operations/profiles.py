"""The operations on profiles that name a profile by its id, and on the keys of one.

Sources: API reference, CreateProfile, UpdateProfile, DeleteProfile, BatchGetProfile, AddProfileKey ("associates a new
key value with a specific profile") and DeleteProfileKey; Connect admin guide, mapping-key-definitions (key names are
global to a domain).

(unverified) of profiles: that CreateProfile makes another profile if one has the same account number, address or number
already; that an object which was accepted before its profile was deleted and is processed after makes a profile of its
own; that BatchGetProfile answers in the order of the ids, each once, and gives the HTTP status as an error's Code.

(unverified) of keys: that a key name which is neither predefined nor any type's is refused; that several values are
each a value of a key of one field, and all together one value of a key of several; that deleting a key which the
profile does not have is a ResourceNotFoundException; that a key of the profile's own fields can be deleted, and does
not come back until such a field changes; that a key added here outlives every object type.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from customer_profiles_emulator.object_types import search_values
from customer_profiles_emulator.operations.domains import domain_not_found
from customer_profiles_emulator.service_model import operations
from customer_profiles_emulator.standard_profile import MANUAL, PLAIN, changed, described, manual_updates
from customer_profiles_emulator.store import Store
from customer_profiles_emulator.store.profiles import StoredProfile
from customer_profiles_emulator.transport.errors import BadRequestError, ResourceNotFoundError
from customer_profiles_emulator.wire.stats import Stats

ContentTypes = Callable[[str, str], set[tuple[str, ...]]]
"""From a domain and a key's name to the content types of each definition that the key has there."""


class ProfileOperations:
    """CreateProfile, UpdateProfile, DeleteProfile, BatchGetProfile."""

    def __init__(self, store: Store, stats: Stats) -> None:
        self._store = store
        self._stats = stats

    def create(self, request: dict[str, Any]) -> dict[str, Any]:
        """Create a profile of the given fields, all manual."""
        domain = request["DomainName"]
        fields = changed({}, manual_updates(operations()["CreateProfile"].input, request))
        with self._store.transaction():
            _check_domain(self._store, domain)
            profile_id = self._store.profiles.new_id()
            self._store.profiles.write(domain, profile_id, fields)
        self._stats.event("profiles_created")
        return {"ProfileId": profile_id}

    def update(self, request: dict[str, Any]) -> dict[str, Any]:
        """Replace the fields given, remove those given as empty strings, keep all others (API reference)."""
        domain = request["DomainName"]
        written = manual_updates(operations()["UpdateProfile"].input, request)
        with self._store.transaction():
            profile = existing_profile(self._store, domain, request["ProfileId"])
            self._store.profiles.write(domain, profile.id, changed(profile.fields, written))
        return {"ProfileId": profile.id}

    def delete(self, request: dict[str, Any]) -> dict[str, Any]:
        """Delete a profile with "all data pertaining to" it (API reference): its keys and its objects."""
        domain = request["DomainName"]
        with self._store.transaction():
            profile = existing_profile(self._store, domain, request["ProfileId"])
            self._store.delete_profile(domain, profile.id)
        return {"Message": "OK"}

    def batch_get(self, request: dict[str, Any]) -> dict[str, Any]:
        """Describe up to twenty profiles; one that does not exist is an error of its own."""
        domain = request["DomainName"]
        _check_domain(self._store, domain)
        wanted = dict.fromkeys(request["ProfileIds"])
        looked_up = (self._store.profiles.get(domain, each) for each in wanted)
        found = {profile.id: profile for profile in looked_up if profile is not None}
        missing = profile_not_found()
        return {
            "Profiles": [described(found[each].id, found[each].fields) for each in wanted if each in found],
            "Errors": [
                {"ProfileId": each, "Code": str(missing.status), "Message": missing.message}
                for each in wanted
                if each not in found
            ],
        }


class ProfileKeyOperations:
    """AddProfileKey, DeleteProfileKey."""

    def __init__(self, store: Store, content_types: ContentTypes) -> None:
        self._store = store
        self._content_types = content_types

    def add(self, request: dict[str, Any]) -> dict[str, Any]:
        """Add a key by which searches and objects find a profile from now on."""
        domain, name, values = request["DomainName"], request["KeyName"], request["Values"]
        with self._store.transaction():
            profile = existing_profile(self._store, domain, request["ProfileId"])
            for value in self._index_values(domain, name, values):
                self._store.profiles.add_key(domain, name, value, profile.id, MANUAL)
        return {"KeyName": name, "Values": values}

    def delete(self, request: dict[str, Any]) -> dict[str, Any]:
        """Remove a key of a profile, whatever added it."""
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


def existing_profile(store: Store, domain: str, profile_id: str) -> StoredProfile:
    """The profile.

    Raises:
        ResourceNotFoundError: there is no such domain or profile.
    """
    _check_domain(store, domain)
    profile = store.profiles.get(domain, profile_id)
    if profile is None:
        raise profile_not_found()
    return profile


def profile_not_found() -> ResourceNotFoundError:
    """The error for a profile that does not exist, worded as the service words it for access denied too."""
    return ResourceNotFoundError("The profile does not exist, or access was denied")


def _check_domain(store: Store, domain: str) -> None:
    if store.catalogue.domain(domain) is None:
        raise domain_not_found()
