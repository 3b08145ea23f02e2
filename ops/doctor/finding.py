"""What one check found."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """How a check ended."""

    OK = "ok"
    PROBLEM = "problem"
    NOTE = "note"
    """No problem, but the operator must know it."""
    NOT_CHECKED = "not checked"
    """The endpoint does not offer it, or has no figure: neither ok nor a problem of the deployment."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One check's result.

    Attributes:
        check: What was checked.
        verdict: How it ended.
        seen: What was seen, on one line, without personal data.
        fix: How to fix it; empty unless it is a problem.
    """

    check: str
    verdict: Verdict
    seen: str
    fix: str = ""

    @property
    def document(self) -> Mapping[str, str]:
        """The same as JSON."""
        return {"check": self.check, "verdict": str(self.verdict), "seen": self.seen, "fix": self.fix}


def ok(check: str, seen: str) -> Finding:
    """Return that all is well."""
    return Finding(check, Verdict.OK, seen)


def problem(check: str, seen: str, fix: str) -> Finding:
    """Return what is wrong and how to fix it."""
    return Finding(check, Verdict.PROBLEM, seen, fix)


def note(check: str, seen: str) -> Finding:
    """Return what is no problem, and must be known all the same."""
    return Finding(check, Verdict.NOTE, seen)


def not_checked(check: str, why: str) -> Finding:
    """Return that it could not be checked."""
    return Finding(check, Verdict.NOT_CHECKED, why)


def judged(check: str, wrong: list[tuple[str, str]], well: str) -> Finding:
    """Return one finding for a check of several parts.

    Args:
        check: What was checked.
        wrong: What is wrong with it, each with how to fix it.
        well: What is said if nothing is wrong.
    """
    if not wrong:
        return ok(check, well)
    fixes = dict.fromkeys(fix for _, fix in wrong)
    return problem(check, "; ".join(seen for seen, _ in wrong), "; ".join(fixes))
