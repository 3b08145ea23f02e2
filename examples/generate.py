"""Writes the sample journeys beside this file: ``python -m examples.generate``. The same bytes every time."""

import json
from pathlib import Path

from examples import connect, pinpoint

HERE = Path(__file__).resolve().parent


def files() -> dict[str, str]:
    """Return every sample file's path below this folder, and its content."""
    events = [*pinpoint.events(), *connect.events()]
    return {path: json.dumps(event, ensure_ascii=False, indent=1) + "\n" for path, event in events}


def main() -> None:
    """Write the files."""
    for path, content in files().items():
        target = HERE / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(content, encoding="utf-8")


if __name__ == "__main__":
    main()
