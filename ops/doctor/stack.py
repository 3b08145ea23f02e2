"""Whether CloudFormation left the stack whole."""

from ops.deployment import STATUS_ADVICE
from ops.doctor.finding import Finding, note, ok, problem

CHECK = "stack"


def judge_stack(stack: str, status: str, reason: str = "") -> Finding:
    """Judge the stack's status, with CloudFormation's reason for it."""
    said = f" ({reason})" if reason else ""
    if status in STATUS_ADVICE:
        means, fix = STATUS_ADVICE[status]
        return problem(CHECK, f"{status}{said}: {means}", fix.format(stack=stack))
    if status.endswith("_IN_PROGRESS"):
        return note(CHECK, f"{status}: a deployment is in progress: the checks below may see parts of both versions")
    if "FAILED" in status or "ROLLBACK" in status:
        return problem(CHECK, f"{status}{said}", "read the stack's events for the first failure and fix its cause")
    return ok(CHECK, status)
