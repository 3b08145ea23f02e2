"""Whether journeys send a user id that is nobody's: one that many customers share."""

from collections.abc import Mapping

from ops.doctor.finding import Finding, fine, problem

CHECK = "user ids"


def judge_user_ids(shared: Mapping[str, float | None]) -> Finding:
    """Judge how many customers of the last hour came with a user id that too many others have; None: no figure.

    Args:
        shared: Customers by channel function, of the metric ``UserIdsShared``.
    """
    told = ", ".join(f"{service} {number:,.0f}" for service, number in shared.items() if number)
    if not told:
        return fine(CHECK, "none that many customers share, in the last hour")
    return problem(
        CHECK,
        f"in the last hour customers came with a user id that many different addresses share: {told}; one id for"
        " many people is a placeholder that nobody has listed",
        "find the id in the source's data (the functions' lines `user id shared by too many addresses`), and"
        " leave it out there, so that the address identifies. Within one event the address was taken instead; a few"
        " customers an event with such an id become one customer",
    )
