"""The emulator's modules import in one direction."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = "customer_profiles_emulator"
FOLDER = Path(__file__).parents[3] / "emulator" / PACKAGE
ROOMS = (
    "__main__",
    "__init__",
    "emulator",
    "control",
    "operations",
    "ingestion",
    "acceptance",
    "matching",
    "worker",
    "store",
    "dead_letters",
    "standard_profile",
    "object_types",
    "handlebars",
    "service_model",
    "virtual_clock",
    "wire",
    "transport",
)
"""Each imports only itself and those after it; `__init__` describes them in this order."""


def imported(path: Path) -> Iterator[str]:
    """The rooms of the emulator that a file imports."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and node.module is not None:
            names = [node.module]
        yield from ((name + ".__init__").split(".")[1] for name in names if name.split(".")[0] == PACKAGE)


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_only_those_below_it(room: str) -> None:
    """What a module rests on can be read without it."""
    files = [FOLDER / f"{room}.py"] if (FOLDER / f"{room}.py").exists() else sorted((FOLDER / room).glob("*.py"))
    below = ROOMS[ROOMS.index(room) :]

    assert files
    assert [f"{path.name}: {name}" for path in files for name in imported(path) if name not in below] == []


def test_every_room_has_its_place() -> None:
    """One that is added is put in order, too."""
    found = {path.stem for path in FOLDER.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}

    assert found == set(ROOMS)
