"""Whether marketers find the functions in the Connect instance's outbound campaigns."""

from collections.abc import Collection, Sequence

from ops.doctor.finding import Finding, not_checked, ok, problem

CHECK = "outbound campaigns"
NO_INSTANCE = "no ConnectInstanceArn was given: which instance offers the functions is not this stack's"
DEPLOY_OR_ADD = (
    "deploy again with ConnectInstanceArn, which adds them; or add them in the console (the instance, Outbound"
    " campaigns, Lambda functions)"
)


def judge_campaigns(functions: Sequence[str], integrated: Collection[str]) -> Finding:
    """Judge whether the channel functions are among those that the instance's campaigns may choose.

    Args:
        functions: Their names.
        integrated: The ARNs of the functions that were added to the instance, with or without a version or alias.
    """
    there = {_name_of(arn) for arn in integrated}
    missing = [name for name in functions if name not in there]
    if missing:
        seen = f"{', '.join(missing)} not added to the instance: the block Custom action does not offer it"
        return problem(CHECK, seen, DEPLOY_OR_ADD)
    return ok(CHECK, "both channel functions are added to the instance")


def no_campaigns() -> Finding:
    """Return that the instance has no outbound campaigns at all."""
    return problem(
        CHECK, "the instance does not exist, or has no outbound campaigns", "enable them for the instance, then deploy"
    )


def not_asked(why: str) -> Finding:
    """Return that the instance could not be asked."""
    return not_checked(CHECK, f"could not be asked: {why}")


def _name_of(arn: str) -> str:
    """Return the function's name in ``arn:PARTITION:lambda:REGION:ACCOUNT:function:NAME[:QUALIFIER]``."""
    parts = arn.split(":")
    return parts[6] if len(parts) > 6 else arn  # noqa: PLR2004 - the place of the name in an ARN
