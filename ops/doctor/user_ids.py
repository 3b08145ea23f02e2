"""Whether journeys send a placeholder as user id: one that many customers share."""

from collections.abc import Mapping

from ops.doctor.finding import Finding, ok, problem

CHECK = "user ids"


def judge_user_ids(shared: Mapping[str, float | None]) -> Finding:
    """Judge how many customers of the last hour came with a user id that too many others have; None: no figure.

    Args:
        shared: Customers by channel function, of the metric ``UserIdsShared``.
    """
    counted = ", ".join(f"{service} {number:,.0f}" for service, number in shared.items() if number)
    if not counted:
        return ok(CHECK, "none that many customers share, in the last hour")
    return problem(
        CHECK,
        f"in the last hour customers came with a user id that many different addresses share: {counted}; one id for"
        " many people is a placeholder that is not on the list",
        "find the id in the source's data (the functions' lines `user id shared by too many addresses`), and"
        " leave it out there, so that the address identifies. Within one event the address was taken instead; a few"
        " customers an event with such an id become one customer",
    )
