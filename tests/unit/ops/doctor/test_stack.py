"""A stack that CloudFormation left half done is a problem, with what to do."""

import pytest

from ops.doctor.finding import Verdict
from ops.doctor.stack import judge_stack


@pytest.mark.parametrize(
    ("status", "fix"),
    [
        ("CREATE_FAILED", "delete the stack"),
        ("ROLLBACK_COMPLETE", "delete the stack"),
        ("ROLLBACK_FAILED", "delete the stack"),
        ("UPDATE_FAILED", "rollback-stack --stack-name one"),
        ("UPDATE_ROLLBACK_FAILED", "continue-update-rollback --stack-name one"),
        ("UPDATE_ROLLBACK_COMPLETE", "deploy again"),
        ("DELETE_FAILED", "--retain-resources"),
        ("IMPORT_ROLLBACK_FAILED", "stack's events"),
        ("IMPORT_ROLLBACK_COMPLETE", "stack's events"),
    ],
)
def test_each_state_of_a_failure_says_what_to_do(status: str, fix: str) -> None:
    """What helps one of them harms another: a stack that was updated must not be deleted."""
    finding = judge_stack("one", status, "denied")

    assert finding.verdict is Verdict.PROBLEM
    assert f"{status} (denied)" in finding.seen
    assert fix in finding.fix


@pytest.mark.parametrize("status", ["CREATE_COMPLETE", "UPDATE_COMPLETE", "IMPORT_COMPLETE"])
def test_a_stack_that_was_deployed_to_its_end_is_fine(status: str) -> None:
    """Whatever it was last."""
    assert judge_stack("one", status).verdict is Verdict.OK


@pytest.mark.parametrize("status", ["UPDATE_IN_PROGRESS", "UPDATE_ROLLBACK_IN_PROGRESS"])
def test_a_deployment_that_is_going_on_is_no_fault_and_is_told(status: str) -> None:
    """What is found beside it may be half of each version."""
    assert judge_stack("one", status).verdict is Verdict.NOTE


def test_a_state_without_a_reason_has_no_empty_brackets() -> None:
    """CloudFormation does not always give one."""
    assert judge_stack("one", "UPDATE_FAILED").seen.startswith("UPDATE_FAILED: its last deployment failed")
