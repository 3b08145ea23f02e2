"""Which of several sources a profile's field keeps the value of.

Source: Connect admin guide, "Profile matching and inferred profiles" (profile-matching, "Merging behavior and source
priority": 1 is the highest SourcePriority, a type without one has the lowest, "a lower-priority source can't
overwrite a higher-priority one"; "Manual updates are protected by default").

(unverified): that among equals the last processed wins; that a type's priority is the one it has now, not the one it
had when it wrote; that any SourcePriority at all ranks a type above manual updates.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from customer_profiles_emulator.object_types import LOWEST_PRIORITY, ObjectType

BY_HAND = ""
"""What stands in the place of the object type's name for a field that CreateProfile or UpdateProfile wrote."""

Fields = Mapping[str, tuple[str, str]]
"""Path under `_profile` to value and the object type that wrote it, or `BY_HAND`."""
PriorityOf = Callable[[str], float]
"""From an object type's name to its SourcePriority; `LOWEST_PRIORITY` for a type that is gone."""


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
    if holder == BY_HAND:
        return writer.source_priority < LOWEST_PRIORITY
    return writer.source_priority <= priority_of(holder)
