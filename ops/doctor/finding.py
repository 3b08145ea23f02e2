"""What one check found."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """How a check ended."""

    FINE = "fine"
    PROBLEM = "problem"
    NOTE = "note"
    """Nothing to mend, and yet to be known."""
    NOT_CHECKED = "not checked"
    """What is not offered here, or not told, is never said to be fine; it is no problem of the deployment either."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One check's result.

    Attributes:
        check: What was checked.
        verdict: How it ended.
        seen: What was seen, on one line, without personal data.
        mend: How to mend it; empty where there is nothing to mend.
    """

    check: str
    verdict: Verdict
    seen: str
    mend: str = ""

    @property
    def document(self) -> Mapping[str, str]:
        """The same as JSON."""
        return {"check": self.check, "verdict": str(self.verdict), "seen": self.seen, "mend": self.mend}


def fine(check: str, seen: str) -> Finding:
    """Return that all is well."""
    return Finding(check, Verdict.FINE, seen)


def problem(check: str, seen: str, mend: str) -> Finding:
    """Return what is wrong and how it is mended."""
    return Finding(check, Verdict.PROBLEM, seen, mend)


def note(check: str, seen: str) -> Finding:
    """Return what is no fault, and must be known all the same."""
    return Finding(check, Verdict.NOTE, seen)


def not_checked(check: str, why: str) -> Finding:
    """Return that it could not be told."""
    return Finding(check, Verdict.NOT_CHECKED, why)


def judged(check: str, wrong: list[tuple[str, str]], well: str) -> Finding:
    """Return one finding for a check of several parts.

    Args:
        check: What was checked.
        wrong: What is wrong with it, each with how to mend it.
        well: What is said where nothing is.
    """
    if not wrong:
        return fine(check, well)
    mends = dict.fromkeys(mend for _, mend in wrong)
    return problem(check, "; ".join(seen for seen, _ in wrong), "; ".join(mends))
