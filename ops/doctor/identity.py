"""Whether Customer Profiles merges the domain's profiles automatically, and what that means for offers on their way."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ops.doctor.finding import Finding, note, ok

CHECK = "identity resolution"


@dataclass(frozen=True, slots=True)
class IdentityResolution:
    """What GetDomain says of it.

    Attributes:
        matching: Whether profiles are matched by machine learning.
        merging: Whether those matches are merged automatically.
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
    """Return whether profiles are merged: the domain owner's choice, but the operator must know what follows.

    Sources: API reference, MergeProfiles (objects and keys move to the main profile, the merged ones are deleted).
    """
    ways = [
        *(
            ["machine learning, merging automatically" if found.merging else "machine learning"]
            if found.matching
            else []
        ),
        *(["rules"] if found.rules else []),
    ]
    if not ways:
        return ok(CHECK, "off: no profile is merged automatically")
    return note(
        CHECK,
        f"on ({' and '.join(ways)}): profiles are merged. Offers move along with their profile. A record from Connect"
        " names its profile by id alone: if that profile is merged away before the record is written, the offer"
        " goes to a new profile without a name, counts as written, and no agent sees it",
    )
