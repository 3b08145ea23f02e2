"""`python -m benchmarks.redrive_soak`."""

import sys

from benchmarks.redrive_soak.command import main

if __name__ == "__main__":
    sys.exit(main())
