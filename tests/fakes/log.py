"""What a function logged, read as CloudWatch reads it."""

import json
from io import StringIO
from typing import Any


def lines_of(log: StringIO) -> list[dict[str, Any]]:
    """Return the lines of ``log``, each a JSON object.

    Only a line feed ends one: other characters that Unicode counts as a line's end stand in the middle of a text.
    """
    return [json.loads(line) for line in log.getvalue().split("\n") if line]
