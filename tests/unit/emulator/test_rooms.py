"""The emulator's modules import in one direction."""

import ast
from collections.abc import Iterator
from pathlib import Path

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


def files(room: str) -> list[Path]:
    """The files of a room: a module, or a folder of them."""
    return [FOLDER / f"{room}.py"] if (FOLDER / f"{room}.py").exists() else sorted((FOLDER / room).glob("*.py"))


def test_a_room_imports_only_those_below_it() -> None:
    """What a module rests on can be read without it."""
    upwards = [
        f"{room}: {path.name} imports {name}"
        for place, room in enumerate(ROOMS)
        for path in files(room)
        for name in imported(path)
        if name not in ROOMS[place:]
    ]

    assert upwards == []


def test_every_room_has_its_place() -> None:
    """One that is added is put in order, too."""
    found = {path.stem for path in FOLDER.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}

    assert found == set(ROOMS)
