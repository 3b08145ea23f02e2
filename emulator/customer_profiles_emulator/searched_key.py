"""One key of a search, asked for the profiles that it finds a page at a time.

What a page costs is what is on it: a key that is common to many profiles is never read whole.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

from customer_profiles_emulator.profile_table import ProfileTable


@dataclass(frozen=True, slots=True)
class IndexedKey:
    """A key with the values that are looked for, as the index has them; any of them will do."""

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


def found_by_any(keys: Sequence[IndexedKey], after: str, limit: int) -> list[str]:
    """A page of the profiles that at least one key finds."""
    return _first(chain.from_iterable(key.page(after, limit) for key in keys), limit)


def found_by_all(keys: Sequence[IndexedKey], after: str, limit: int) -> list[str]:
    """A page of the profiles that every key finds.

    Each step leaps to the furthest of the keys' next profiles: nothing before it can be in all of them. So the
    rarest key decides how many steps there are.
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
