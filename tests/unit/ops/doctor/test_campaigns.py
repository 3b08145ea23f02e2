"""Whether the instance's campaigns offer both functions."""

import pytest

from ops.doctor.campaigns import judge_campaigns
from ops.doctor.finding import Verdict

ARN = "arn:aws:lambda:eu-west-1:123456789012:function:"


@pytest.mark.parametrize(
    ("integrated", "missing"),
    [
        ([ARN + "viewed", ARN + "not-viewed"], ""),
        ([ARN + "viewed:live", ARN + "not-viewed:live", ARN + "another"], ""),
        ([ARN + "viewed"], "not-viewed"),
        ([ARN + "viewed-staging", ARN + "not-viewed"], "viewed"),
        (["no arn"], "viewed, not-viewed"),
        ([], "viewed, not-viewed"),
    ],
)
def test_a_function_that_was_not_added_is_named(integrated: list[str], missing: str) -> None:
    """With a version or alias it is the same function; with another stack's name it is not."""
    finding = judge_campaigns(["viewed", "not-viewed"], integrated)

    assert (finding.verdict is Verdict.OK) == (not missing)
    assert finding.seen.startswith(f"{missing} not added") == bool(missing)
