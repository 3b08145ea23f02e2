"""`python -m tests.mutation.faults PACKAGE`: prints mutmut's results in its workspace, one fault a line.

A process of its own, because mutmut reads its configuration from the current directory.
"""

import sys

from mutmut.mutation.data import SourceFileMutationData  # type: ignore[import-not-found]  # in its own environment
from mutmut.mutation.diff_apply import get_diff_for_mutant  # type: ignore[import-not-found]  # the same
from mutmut.stats import status_by_exit_code  # type: ignore[import-not-found]  # the same
from mutmut.utils.file_utils import walk_mutatable_files  # type: ignore[import-not-found]  # the same


def main() -> None:
    """Print function, removed lines, added lines and status, separated by tabs."""
    for path in walk_mutatable_files():
        data = SourceFileMutationData(path=path)
        data.load()
        for name, code in data.exit_code_by_key.items():
            if code is None:
                continue
            diff = get_diff_for_mutant(name, path=path).splitlines()[2:]
            removed, added = (" ".join(line[1:].strip() for line in diff if line[:1] == sign) for sign in "-+")
            function = name.partition("__mutmut_")[0].replace("\u01c1", ".").replace(".x_", ".").replace(".x.", ".")
            sys.stdout.write("\t".join([function, removed, added, status_by_exit_code[code]]) + "\n")


if __name__ == "__main__":
    main()
