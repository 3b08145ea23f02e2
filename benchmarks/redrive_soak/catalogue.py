"""The trials: the faults of the operator's first run."""

from collections.abc import Mapping
from dataclasses import dataclass

from benchmarks.redrive_soak.proxy import Spoilt

OPERATIONS = (
    "GetQueueAttributes",
    "ReceiveMessage",
    "ChangeMessageVisibilityBatch",
    "SearchProfiles",
    "ListProfileObjects",
    "SendMessageBatch",
    "Invoke",
    "DeleteMessageBatch",
)
"""Every call that a redrive makes once it has found the stack."""
ANSWERS = (Spoilt.LOST, Spoilt.PAGE, Spoilt.EMPTY, Spoilt.TWICE)
OF_PROFILES = frozenset({"SearchProfiles", "ListProfileObjects"})


@dataclass(frozen=True, slots=True)
class Trial:
    """One thing that is tried.

    Attributes:
        operation: Whose calls get the fault; empty for none.
        answer: What becomes of their answers.
        kill: Whether the operator's process is killed instead: ``before`` AWS has the call, or ``after``.
        skip: Calls that pass before.
        journals: How many operators there are at once, and 1 or 2 journals; 0 for one operator.
    """

    operation: str = ""
    answer: Spoilt = Spoilt.AS_IT_IS
    kill: str = ""
    skip: int = 0
    journals: int = 0


KILLS: Mapping[str, Mapping[str, Trial]] = {
    stage: {
        "intend": Trial(sends, kill="before"),
        "send": Trial(sends, kill="after"),
        "confirm": Trial("DeleteMessageBatch", kill="before"),
        "delete": Trial("DeleteMessageBatch", kill="after"),
        # the step is on the disk once the next call is made
        "done": Trial(sends, kill="before", skip=1),
    }
    for stage, sends in (("writer", "SendMessageBatch"), ("ingest", "Invoke"))
}
"""By stage and step: the process is killed when the step is done and the next has not begun."""

TRIALS: Mapping[str, Trial] = {
    "none": Trial(),
    **{f"{operation} {answer}": Trial(operation, answer) for operation in OPERATIONS for answer in ANSWERS},
    **{f"killed after {step}, {stage}": trial for stage, steps in KILLS.items() for step, trial in steps.items()},
    "two operators, one journal": Trial(journals=1),
    "two operators, two journals": Trial(journals=2),
}


def stages_of(name: str) -> tuple[str, ...]:
    """Return where the customers of a trial are parked: at both stages, or, if a step of one is meant, there."""
    _, _, stage = name.rpartition(", ")
    return (stage,) if stage in KILLS else ("writer", "ingest")
