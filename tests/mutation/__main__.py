"""`make mutate`: see the package."""

import argparse
import sys
from collections import Counter
from pathlib import Path

from tests.mutation.areas import AREAS
from tests.mutation.run import MutationError, faults, mutate
from tests.mutation.verdict import known, problems
from tests.mutation.workspace import ROOT, prepare

WORKSPACES = ROOT / ".local" / "mutate-work"


def main() -> int:
    """Mutate the areas that are named, all unless any is; return 1 if a fault goes unnoticed that is not listed."""
    parser = argparse.ArgumentParser(prog="make mutate", description="Put single-line faults in; a test must notice.")
    parser.add_argument("areas", nargs="*", metavar="AREA", help=f"of {', '.join(AREAS)}; all unless given")
    parser.add_argument("--only", action="append", default=[], metavar="PATTERN", help="e.g. writer.budget.*")
    parser.add_argument("--workers", type=int, default=2, help="processes at once")
    options = parser.parse_args()
    if unknown := [name for name in options.areas if name not in AREAS]:
        parser.error(f"there is no area {unknown[0]}: {', '.join(AREAS)}")
    failed = False
    for name in options.areas or AREAS:
        try:
            failed |= _one(name, WORKSPACES / name, options.workers, options.only)
        except MutationError as error:
            sys.stderr.write(f"{name}: {error}\n")
            failed = True
    return int(failed)


def _one(name: str, folder: Path, workers: int, only: list[str]) -> bool:
    area = AREAS[name]
    prepare(area, folder)
    mutate(folder, workers, only)
    tried = list(faults(area, folder))
    counted = Counter(fault.status for fault in tried)
    totals = ", ".join(f"{count} {status}" for status, count in counted.most_common())
    sys.stdout.write(f"{name}: {len(tried)} faults: {totals}\n")
    # a part of an area says nothing about the rest of its list
    listed = {key: reason for key, reason in known(name).items() if not only or key in {fault.key for fault in tried}}
    found = problems(tried, listed)
    sys.stdout.writelines(f"  {problem}\n" for problem in found)
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
