"""`python -m local up | down | demo | dashboard`: what the Makefile's targets run."""

import sys
from pathlib import Path

if __name__ == "__main__":
    # functions/ is the functions' CodeUri: its packages are top-level names there
    sys.path.append(str(Path(__file__).resolve().parent.parent / "functions"))
    from local.application import main

    sys.exit(main())
