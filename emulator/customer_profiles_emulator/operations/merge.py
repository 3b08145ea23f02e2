"""MergeProfiles.

Source: API reference, MergeProfiles: the keys and the objects of the profiles to be merged move to the main profile,
and those profiles are deleted at the end; fields are "union"-ed, the main profile's value is taken if they conflict,
and where FieldSourceProfileIds names a profile, that profile's value is always taken, "even if it is a NULL value".

(unverified), because no document says so: that all this is done when the call answers ("runs an AWS Lambda job"); that
an address is one field, as FieldSourceProfileIds has it, so that no address is put together from two; that Gender goes
with GenderString, and PartyType with PartyTypeString, which FieldSourceProfileIds does not know; that of several
profiles to be merged the first that has a field gives it; that a field keeps what wrote it, a manual update or an
object type; that the main profile is found by the fields of the merged ones, too, but not by their ids; that an unknown
profile fails the whole call; that the oldest objects beyond the limits of a profile are evicted, as at their ingestion.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from customer_profiles_emulator.object_types import MAX_PROFILE_OBJECTS
from customer_profiles_emulator.operations.profiles import existing_profile
from customer_profiles_emulator.store import Store
from customer_profiles_emulator.store.objects import Scope
from customer_profiles_emulator.store.profiles import StoredProfile
from customer_profiles_emulator.transport.errors import BadRequestError
from customer_profiles_emulator.wire.stats import Stats

_ATTRIBUTES = "Attributes"
_ALTERNATIVES: Mapping[str, str] = MappingProxyType({"GenderString": "Gender", "PartyTypeString": "PartyType"})


class MergeOperations:
    """MergeProfiles."""

    def __init__(self, store: Store, stats: Stats) -> None:
        self._store = store
        self._stats = stats

    def merge(self, request: dict[str, Any]) -> dict[str, Any]:
        """Merge up to twenty profiles into the main one."""
        domain, main_id = request["DomainName"], request["MainProfileId"]
        other_ids = list(dict.fromkeys(request["ProfileIdsToBeMerged"]))
        if main_id in other_ids:
            raise BadRequestError("ProfileIdsToBeMerged must not hold MainProfileId")
        sources = _sources(request.get("FieldSourceProfileIds") or {})
        if not set(sources.values()) <= {main_id, *other_ids}:
            raise BadRequestError("FieldSourceProfileIds must name profiles of this merge")
        with self._store.transaction():
            main, *others = (existing_profile(self._store, domain, each) for each in (main_id, *other_ids))
            for other in others:
                self._store.move_profile(domain, other.id, main_id)
            self._store.profiles.write(domain, main_id, merged_fields(main, others, sources))
            evicted = self._evict(domain, main_id)
        if evicted:
            self._stats.event("objects_evicted", evicted)
        return {"Message": "OK"}

    def _evict(self, domain: str, profile_id: str) -> int:
        limits: dict[str | None, int] = {
            document.name: document.members["MaxProfileObjectCount"]
            for document in self._store.catalogue.object_types(domain)
            if "MaxProfileObjectCount" in document.members
        }
        limits[None] = MAX_PROFILE_OBJECTS
        return sum(self._store.objects.evict(Scope(domain, profile_id, name), most) for name, most in limits.items())


def merged_fields(
    main: StoredProfile, others: Sequence[StoredProfile], sources: Mapping[str, str]
) -> dict[str, tuple[str, str]]:
    """The fields of the main profile after the merge.

    Args:
        main: the profile whose values are taken where fields conflict.
        others: those to be merged, in the order of the request.
        sources: by the name of a field, or `Attributes.NAME`, the id of the profile whose value is taken, though it
            may have none.
    """
    fields: dict[str, tuple[str, str]] = {}
    for profile in (main, *others):
        taken = {_unit(path) for path in fields}
        fields |= {
            path: written
            for path, written in profile.fields.items()
            if _unit(path) not in taken and sources.get(_unit(path), profile.id) == profile.id
        }
    return fields


def _unit(path: str) -> str:
    name = path.split(".", 1)[0]
    return path if name == _ATTRIBUTES else _ALTERNATIVES.get(name, name)


def _sources(requested: Mapping[str, Any]) -> dict[str, str]:
    attributes = {f"{_ATTRIBUTES}.{name}": source for name, source in (requested.get(_ATTRIBUTES) or {}).items()}
    return attributes | {name: source for name, source in requested.items() if isinstance(source, str)}
