"""Runs cases and keeps what is found."""

import contextlib
import io
import traceback
from collections import Counter
from dataclasses import dataclass, field
from itertools import cycle

from tests.fuzz.mutator import Mutator
from tests.fuzz.targets import TARGETS, Target, Targets

MOST_DEFECTS = 5
"""Of one target, after which it is tried no further: they are likely the same one."""


@dataclass(slots=True)
class Findings:
    """What the cases of one target came to.

    Attributes:
        outcomes: Cases by outcome.
        defects: The case's name with the traceback of what no case may raise.
    """

    outcomes: Counter[str] = field(default_factory=Counter)
    defects: list[str] = field(default_factory=list)


def run(count: int, seed: int, targets: Targets = TARGETS) -> dict[str, Findings]:
    """Run this many cases, shared out evenly among the targets."""
    found = {target: Findings() for target in targets}
    # the functions print their metrics
    with contextlib.redirect_stdout(io.StringIO()):
        for number, target in zip(range(count), cycle(targets), strict=False):
            if len(found[target].defects) < MOST_DEFECTS:
                _try(targets[target], f"{seed}/{number}", found[target])
    return found


def _try(target: Target, case: str, findings: Findings) -> None:
    try:
        findings.outcomes[target(Mutator(case))] += 1
    except Exception:  # noqa: BLE001 - whatever it is, it is what the campaign is after
        findings.defects.append(f"case {case}:\n{traceback.format_exc(limit=-6)}")
