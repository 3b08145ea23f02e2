"""`python -m ops`: what `make ops` runs from a checkout, without an installation."""

import sys
from pathlib import Path

if __name__ == "__main__":
    # functions/ is the functions' CodeUri: its packages are top-level names there, and in the wheel
    sys.path.append(str(Path(__file__).resolve().parent.parent / "functions"))
    from ops.application import main

    sys.exit(main())
