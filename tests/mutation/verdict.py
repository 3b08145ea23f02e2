"""What a run of mutmut came to, held against the list of survivors that are known and why."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

KNOWN = Path(__file__).with_name("survivors.toml")
ALLOWED = 0.05
"""Share of an area's faults that may survive."""
NOTICED = frozenset({"killed", "timeout", "caught by type check", "segfault"})


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault that was put in.

    Attributes:
        function: Dotted module and function.
        removed: The lines that it took away, joined by a space.
        added: The lines that it put there.
        status: What mutmut says of it.
    """

    function: str
    removed: str
    added: str
    status: str

    @property
    def survived(self) -> bool:
        """Whether no test noticed it."""
        return self.status not in NOTICED

    @property
    def key(self) -> str:
        """The fault as survivors.toml names it: it stays the same when other functions change."""
        return f"{self.function}: {self.removed} -> {self.added}"


def known(area: str, path: Path = KNOWN) -> Mapping[str, str]:
    """Return the survivors of an area that are known, each with its reason."""
    documented: dict[str, dict[str, str]] = tomllib.loads(path.read_text(encoding="utf-8"))
    return documented.get(area, {})


def problems(faults: Sequence[Fault], reasons: Mapping[str, str]) -> list[str]:
    """Return what is wrong with a run, one line each: nothing if every survivor is known and few enough survive."""
    survivors = [fault for fault in faults if fault.survived]
    found = [f"not noticed by any test, and not listed: {fault.key}" for fault in survivors if fault.key not in reasons]
    listed = {fault.key for fault in survivors}
    found += [f"listed as a survivor, and is none: {key}" for key in reasons if key not in listed]
    found += [f"listed without a reason: {key}" for key, reason in reasons.items() if not reason.strip()]
    if len(survivors) > ALLOWED * len(faults):
        found.append(f"{len(survivors)} of {len(faults)} faults survive: more than {ALLOWED:.0%}")
    return found
