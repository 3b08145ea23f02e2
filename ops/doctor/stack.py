"""Whether CloudFormation left the stack whole."""

from ops.doctor.finding import Finding, fine, note, problem
from ops.stack_states import ADVICE

CHECK = "stack"


def judge_stack(stack: str, status: str, reason: str = "") -> Finding:
    """Judge the stack's status, with CloudFormation's reason for it."""
    said = f" ({reason})" if reason else ""
    if status in ADVICE:
        means, mend = ADVICE[status]
        return problem(CHECK, f"{status}{said}: {means}", mend.format(stack=stack))
    if status.endswith("_IN_PROGRESS"):
        return note(CHECK, f"{status}: a deployment is going on; what is found below may be half of each version")
    if "FAILED" in status or "ROLLBACK" in status:
        return problem(CHECK, f"{status}{said}", "read the stack's events for the first failure and mend its cause")
    return fine(CHECK, status)
