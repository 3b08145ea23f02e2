"""Whether profiles are merged, and what follows for offers on their way."""

from typing import Any

import pytest

from ops.doctor.finding import Verdict
from ops.doctor.identity import IdentityResolution, judge_identity


@pytest.mark.parametrize(
    ("domain", "ways"),
    [
        ({"Matching": {"Enabled": True}}, "(machine learning)"),
        (
            {"Matching": {"Enabled": True, "AutoMerging": {"Enabled": True}}},
            "(machine learning, merging automatically)",
        ),
        ({"RuleBasedMatching": {"Enabled": True}}, "(rules)"),
        ({"Matching": {"Enabled": True}, "RuleBasedMatching": {"Enabled": True}}, "(machine learning and rules)"),
    ],
)
def test_a_domain_that_merges_profiles_is_told_with_what_follows(domain: dict[str, Any], ways: str) -> None:
    """It is nobody's fault: but an offer from Connect may end on a profile without a name."""
    finding = judge_identity(IdentityResolution.read(domain))

    assert finding.verdict is Verdict.NOTE
    assert ways in finding.seen
    assert "no agent sees it" in finding.seen


@pytest.mark.parametrize(
    "domain", [{}, {"Matching": {"Enabled": False}, "RuleBasedMatching": {"Enabled": False}}, {"Matching": None}]
)
def test_a_domain_that_merges_nothing_is_fine(domain: dict[str, Any]) -> None:
    """GetDomain leaves out what was never set."""
    assert judge_identity(IdentityResolution.read(domain)).verdict is Verdict.OK
