"""Whether Customer Profiles merges the domain's profiles by itself, and what that means for offers on their way."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ops.doctor.finding import Finding, fine, note

CHECK = "identity resolution"


@dataclass(frozen=True, slots=True)
class IdentityResolution:
    """What GetDomain tells of it.

    Attributes:
        matching: Whether profiles are matched by machine learning.
        merging: Whether those matches are merged without anybody's decision.
        rules: Whether profiles are matched and merged by rules.
    """

    matching: bool
    merging: bool
    rules: bool

    @classmethod
    def read(cls, domain: Mapping[str, Any]) -> "IdentityResolution":
        """Return what GetDomain answered."""
        matching = domain.get("Matching") or {}
        rules = domain.get("RuleBasedMatching") or {}
        return cls(
            matching=bool(matching.get("Enabled")),
            merging=bool((matching.get("AutoMerging") or {}).get("Enabled")),
            rules=bool(rules.get("Enabled")),
        )


def judge_identity(found: IdentityResolution) -> Finding:
    """Say whether profiles are merged. It is the domain owner's choice, and no fault; but what follows is to be known.

    Sources: API reference, MergeProfiles (objects and keys move to the main profile, the merged ones are deleted).
    """
    ways = [
        *(["machine learning, merging by itself" if found.merging else "machine learning"] if found.matching else []),
        *(["rules"] if found.rules else []),
    ]
    if not ways:
        return fine(CHECK, "off: no profile is merged by itself")
    return note(
        CHECK,
        f"on ({' and '.join(ways)}): profiles are merged. Offers move along with their profile. A record from Connect"
        " names its profile by id alone: where that profile is merged away before the record is written, the offer"
        " goes to a new profile without a name, counts as written, and no agent sees it",
    )
