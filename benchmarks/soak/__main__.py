"""`python -m benchmarks.soak`."""

import sys
from pathlib import Path

if __name__ == "__main__":
    # functions/ is the functions' CodeUri: its packages are top-level names there
    sys.path.append(str(Path(__file__).resolve().parents[2] / "functions"))
    from benchmarks.soak.command import main

    sys.exit(main())
