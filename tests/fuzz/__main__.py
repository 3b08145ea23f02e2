"""`python -m tests.fuzz --count 10000 --seed 1`: prints a table of outcomes; exits with 1 where there are defects."""

import argparse
import sys
import time

from rich.console import Console
from rich.table import Table

from tests.fuzz.campaign import Findings, run


def main() -> int:
    """Run and tell."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--count", type=int, default=10_000, help="cases, of all targets together")
    parser.add_argument("--seed", type=int, default=1, help="another one makes other cases")
    options = parser.parse_args()
    console = Console()
    began = time.monotonic()
    found = run(options.count, options.seed)
    _show(console, found)
    defects = [defect for findings in found.values() for defect in findings.defects]
    for defect in defects:
        console.print(defect, markup=False)
    console.print(
        f"{options.count} cases of seed {options.seed}, {len(defects)} defects. {time.monotonic() - began:.0f} s."
    )
    return 1 if defects else 0


def _show(console: Console, found: dict[str, Findings]) -> None:
    table = Table("Target", "Outcome", "Cases", title="Fuzz")
    for target, findings in found.items():
        for outcome, cases in sorted(findings.outcomes.items()):
            table.add_row(target, outcome, str(cases))
        table.add_row(target, "DEFECT" if findings.defects else "defects", str(len(findings.defects)))
    console.print(table)


if __name__ == "__main__":
    sys.exit(main())
