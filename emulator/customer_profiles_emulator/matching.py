"""What becomes of an accepted object: which profile it belongs to, which keys are kept, which fields it may overwrite.

Sources: Connect admin guide, "Standard identifiers for setting attributes on the key" (a PROFILE key that finds more
than one profile is rejected as ambiguous; SECONDARY keys are searched after all others), "How Customer Profiles adds
keys to the index for lookups" (LOOKUP_ONLY is never kept, NEW_ONLY only when the object made its profile) and "Profile
matching and inferred profiles" (profile-matching, "Merging behavior and source priority": 1 is the highest
SourcePriority, a type without one has the lowest, "a lower-priority source can't overwrite a higher-priority one";
"Manual updates are protected by default").

(unverified): the order among PROFILE keys that are not SECONDARY (here a `_profileId` key comes first, since it names
exactly one profile, then the order of the definition); that among sources of equal priority the last processed wins;
that a type's priority is the one it has now, not the one it had when it wrote; that any SourcePriority at all ranks a
type above manual updates.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from customer_profiles_emulator.object_types import LOWEST_PRIORITY, PROFILE_ID_KEY, KeyValue, ObjectType
from customer_profiles_emulator.standard_profile import MANUAL, Fields

Lookup = Callable[[str, str], Sequence[str]]
"""Profile ids by key name and index value; two are enough to know that a key is ambiguous."""

PriorityOf = Callable[[str], float]
"""From an object type's name to its SourcePriority; `LOWEST_PRIORITY` for a type that is gone."""


def match_profile(keys: Sequence[KeyValue], lookup: Lookup) -> str | None:
    """The id of the profile that the first unambiguous PROFILE key finds; None when no key finds one."""
    candidates = sorted((key for key in keys if key.key.has("PROFILE")), key=_rank)
    for candidate in candidates:
        profiles = lookup(candidate.key.name, candidate.index_value)
        if len(profiles) == 1:
            return profiles[0]
    return None


def _rank(candidate: KeyValue) -> tuple[bool, bool]:
    return candidate.key.has("SECONDARY"), candidate.key.name != PROFILE_ID_KEY


def keys_to_keep(keys: Sequence[KeyValue], *, created: bool) -> list[KeyValue]:
    """The keys by which the profile can be found from now on.

    Args:
        keys: those of the object.
        created: whether the object made its profile.
    """
    return [key for key in keys if not key.key.has("LOOKUP_ONLY") and (created or not key.key.has("NEW_ONLY"))]


def merged(before: Fields, updates: Mapping[str, str], writer: ObjectType, priority_of: PriorityOf) -> Fields:
    """The fields of a profile after an object of the type `writer` wrote its values."""
    written = {
        path: (value, writer.name)
        for path, value in updates.items()
        if path not in before or _may_overwrite(writer, before[path][1], priority_of)
    }
    return {**before, **written}


def _may_overwrite(writer: ObjectType, holder: str, priority_of: PriorityOf) -> bool:
    if holder == writer.name:
        return True
    if holder == MANUAL:
        return writer.source_priority < LOWEST_PRIORITY
    return writer.source_priority <= priority_of(holder)
