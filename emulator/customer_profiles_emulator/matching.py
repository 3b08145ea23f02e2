"""Which profile an object belongs to, and which of its keys the profile is found by afterwards.

Sources: Connect admin guide, "Standard identifiers for setting attributes on the key" (a PROFILE key that finds more
than one profile is rejected as ambiguous; SECONDARY keys are searched after all others), "How Customer Profiles adds
keys to the index for lookups" (LOOKUP_ONLY is never kept, NEW_ONLY only when the object made its profile) and "Field
definitions" (content types decide equality: a phone number matches in any format, an e-mail address in any case) and
"Examples of object type mappings" (names match in any case, with repeated blanks as one).

(unverified): the order among PROFILE keys that are not SECONDARY. Here a `_profileId` key comes first, since it names
exactly one profile, then the order of the definition. Also that of a phone number only its digits count, without a
leading 1 of eleven (from the guide's examples: "+15551234567" matches "(555)-123-4567", "+1 (206) 345-7890" matches
"2063457890"); that a NUMBER matches as it is written.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from customer_profiles_emulator.keys import Key
from customer_profiles_emulator.object_types import ObjectType
from customer_profiles_emulator.predefined_keys import PROFILE_ID_KEY

_NANP_LENGTH = 11
_BLANKS = re.compile(r"\s+")

Lookup = Callable[[str, str], Sequence[str]]
"""Profile ids by key name and index value; two are enough to know that a key is ambiguous."""


@dataclass(frozen=True, slots=True)
class KeyValue:
    """A key of an object with the value it is indexed by."""

    key: Key
    index_value: str


def index_value(values: Sequence[str], content_types: Sequence[str]) -> str:
    """The text that equal key values share."""
    pairs = zip(values, content_types, strict=True)
    return json.dumps([_normalised(value, content_type) for value, content_type in pairs], ensure_ascii=False)


def _normalised(value: str, content_type: str) -> str:
    if content_type == "EMAIL_ADDRESS":
        return value.lower()
    if content_type == "NAME":
        return _BLANKS.sub(" ", value).lower()
    if content_type == "PHONE_NUMBER":
        digits = "".join(filter(str.isdecimal, value))
        is_nanp = len(digits) == _NANP_LENGTH and digits.startswith("1")
        return digits[1:] if is_nanp else digits or value
    return value


def key_values(object_type: ObjectType, source: Mapping[str, Any]) -> list[KeyValue]:
    """The keys that an object has a value for: at least one of the key's fields is not empty.

    Raises:
        BadRequestError: a key's field holds a list or a map.
    """
    found = []
    for key in object_type.keys:
        values = [field.read(source, field.name) or "" for field in key.fields]
        if not any(values):
            continue
        found.append(KeyValue(key, index_value(values, key.content_types)))
    return found


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


def search_values(values: Sequence[str], content_types: Iterable[tuple[str, ...]]) -> set[str]:
    """The index values that a search names: any of its values for a key of one field, all together for several.

    Args:
        values: as the caller gave them.
        content_types: those of each definition that the key has in the domain.
    """
    found: set[str] = set()
    for types in content_types:
        if len(types) == 1:
            found.update(index_value([value], types) for value in values)
        elif len(types) == len(values):
            found.add(index_value(values, types))
    return found
