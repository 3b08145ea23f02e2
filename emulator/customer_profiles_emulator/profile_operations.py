"""What the operations on profiles do that name a profile by its id.

Sources: API reference, CreateProfile, UpdateProfile, DeleteProfile, BatchGetProfile.

(unverified): that CreateProfile makes another profile where one has the same account number, address or number
already; that an object which was accepted before its profile was deleted and is processed after makes a profile of its
own; that BatchGetProfile answers in the order of the ids, each once, and gives the HTTP status as an error's Code.
"""

from __future__ import annotations

from typing import Any

from customer_profiles_emulator.domain_operations import domain_not_found
from customer_profiles_emulator.errors import ResourceNotFoundError
from customer_profiles_emulator.model import operations
from customer_profiles_emulator.profile_table import StoredProfile
from customer_profiles_emulator.standard_profile import changed, described, written_by_hand
from customer_profiles_emulator.stats import Stats
from customer_profiles_emulator.store import Store


class ProfileOperations:
    """CreateProfile, UpdateProfile, DeleteProfile, BatchGetProfile."""

    def __init__(self, store: Store, stats: Stats) -> None:
        self._store = store
        self._stats = stats

    def create(self, request: dict[str, Any]) -> dict[str, Any]:
        """Create a profile of the given fields, all written by hand."""
        domain = request["DomainName"]
        fields = changed({}, written_by_hand(operations()["CreateProfile"].input, request))
        with self._store.transaction():
            _check_domain(self._store, domain)
            profile_id = self._store.profiles.new_id()
            self._store.profiles.write(domain, profile_id, fields)
        self._stats.event("profiles_created")
        return {"ProfileId": profile_id}

    def update(self, request: dict[str, Any]) -> dict[str, Any]:
        """Replace the fields given, remove those given as empty strings, keep all others (API reference)."""
        domain = request["DomainName"]
        written = written_by_hand(operations()["UpdateProfile"].input, request)
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
        """Describe up to twenty profiles; one that is not there is an error of its own."""
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
    """The error for a profile that is not there, worded as the service words it for access denied too."""
    return ResourceNotFoundError("The profile does not exist, or access was denied")


def _check_domain(store: Store, domain: str) -> None:
    if store.catalogue.domain(domain) is None:
        raise domain_not_found()
