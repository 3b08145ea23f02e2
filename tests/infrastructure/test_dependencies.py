"""Which room may use which: dependencies point one way, so that a change is felt where it is expected.

``python -m tests.infrastructure.test_dependencies`` draws what is imported now, one line a room.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ALLOWED: dict[str, set[str]] = {
    "engagement": set(),
    "ingest": {"engagement"},
    "writer": {"engagement"},
    "custom_resource": {"engagement"},
    "campaigns": {"custom_resource", "engagement"},
    "bootstrap": {"campaigns", "custom_resource", "engagement"},
    "layer": set(),
    "customer_profiles_emulator": set(),
    "ops": {"bootstrap", "custom_resource", "engagement", "ingest", "writer"},
    "local": {"customer_profiles_emulator", "engagement", "ingest", "ops", "writer"},
    "examples": set(),
    "benchmarks": {"bootstrap", "customer_profiles_emulator", "engagement", "local", "ops", "writer"},
    "docs": {"engagement", "ops"},
    "requirements": set(),
}
"""Of each room, the rooms that it may use. Nothing that is deployed uses what is not, and nothing points back."""
FOLDERS = {
    "customer_profiles_emulator": ROOT / "emulator" / "customer_profiles_emulator",
    **{path.name: path for path in (ROOT / "functions").iterdir() if (path / "__init__.py").exists()},
}


def used(room: str) -> set[str]:
    """Return the other rooms that a room imports, in whichever function."""
    folder = FOLDERS.get(room, ROOT / room)
    found = {name for path in folder.rglob("*.py") for name in _imported(path)}
    return (found & ALLOWED.keys()) - {room}


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.partition(".")[0]


def test_every_room_has_its_rule() -> None:
    """A new room without one could use anything."""
    top = {path.name for path in ROOT.iterdir() if path.is_dir() and any(path.glob("*.py"))}

    # tests use everything, and the emulator's package stands in a folder with its pytest plugin
    assert (top - {"tests", "emulator"}) | FOLDERS.keys() == ALLOWED.keys()


@pytest.mark.parametrize("room", ALLOWED)
def test_a_room_uses_only_what_it_may(room: str) -> None:
    """A dependency that points back makes two rooms one."""
    assert used(room) <= ALLOWED[room]


def test_no_rule_allows_a_circle() -> None:
    """Then no room could be read, tested or moved by itself."""
    left = {room: set(rooms) for room, rooms in ALLOWED.items()}
    while free := {room for room, rooms in left.items() if not rooms}:
        left = {room: rooms - free for room, rooms in left.items() if room not in free}

    assert left == {}


def test_a_rule_allows_nothing_that_is_not_used() -> None:
    """What nobody needs any more is closed again."""
    assert {room: unused for room, rooms in ALLOWED.items() if (unused := rooms - used(room))} == {}


if __name__ == "__main__":
    for each in ALLOWED:
        sys.stdout.write(f"{each} -> {', '.join(sorted(used(each))) or 'nothing'}\n")
