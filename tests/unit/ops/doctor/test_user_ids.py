"""A user id that many people share is found before an agent sees a stranger's offer."""

from ops.doctor.finding import Verdict
from ops.doctor.user_ids import judge_user_ids


def test_a_shared_id_is_a_problem_with_its_branch_and_number() -> None:
    """The engineer who fixes the source's data must know which journey's branch sends it."""
    found = judge_user_ids({"viewed-offer": 1234.0, "not-viewed-offer": None})

    assert found.verdict is Verdict.PROBLEM
    assert "viewed-offer 1,234" in found.seen
    assert "not-viewed-offer" not in found.seen
    assert "leave it out there" in found.fix


def test_no_figure_and_none_are_both_fine() -> None:
    """CloudWatch has no figure where no such customer ever came: the metric is emitted for those alone."""
    assert judge_user_ids({"viewed-offer": None, "not-viewed-offer": 0.0}).verdict is Verdict.OK
