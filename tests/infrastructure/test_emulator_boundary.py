"""The emulator is a tool of its own: it knows nothing of this project, and this project only what it makes public."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import customer_profiles_emulator

ROOT = Path(__file__).parents[2]
EMULATOR = ROOT / "emulator"
PACKAGE = "customer_profiles_emulator"
# they test the emulator itself, and may look into it
ITS_OWN_TESTS = (ROOT / "tests" / "unit" / "emulator", ROOT / "tests" / "contract" / "customer_profiles")
# another service's endpoint, made of the emulator's routes, checks and faults instead of a copy of them
BUILT_OF_ITS_PARTS = ROOT / "local" / "connect_campaigns"
TESTS_OF_THAT = ROOT / "tests" / "contract" / "connect_campaigns"


def sources(*folders: str) -> list[Path]:
    """The Python files of the project's folders, without the emulator's own tests."""
    found = [path for folder in folders for path in (ROOT / folder).rglob("*.py")]
    return [path for path in found if not any(path.is_relative_to(own) for own in ITS_OWN_TESTS)]


def imports(path: Path) -> Iterator[tuple[str, str]]:
    """Each module that a file imports, with the name it takes from it, or nothing."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((node.module or "", alias.name) for alias in node.names)


def test_what_is_deployed_and_local_do_not_import_the_emulator() -> None:
    """The local stack starts its command and speaks HTTP, as any stranger does."""
    found = [
        f"{path.relative_to(ROOT)}: {module}"
        for path in sources("functions", "ops", "local", "layer", "examples")
        if not path.is_relative_to(BUILT_OF_ITS_PARTS)
        for module, _ in imports(path)
        if module.split(".")[0] == PACKAGE
    ]

    assert found == []


def test_benchmarks_and_tests_import_only_what_it_makes_public() -> None:
    """Every other name may change with the next version."""
    taken = [
        (path, module, name)
        for path in sources("benchmarks", "tests")
        for module, name in imports(path)
        if module.split(".")[0] == PACKAGE and path.name != Path(__file__).name
        if not path.is_relative_to(TESTS_OF_THAT)
    ]

    assert taken
    private = [
        f"{path.relative_to(ROOT)}: {module}.{name}"
        for path, module, name in taken
        if module != PACKAGE or name not in customer_profiles_emulator.__all__
    ]
    assert private == []


@pytest.mark.parametrize("path", sorted(EMULATOR.rglob("*.py")), ids=lambda path: str(path.relative_to(EMULATOR)))
def test_the_emulator_imports_nothing_of_this_project(path: Path) -> None:
    """Nor anything but botocore, and pytest where it serves pytest: whoever installs it gets nothing else."""
    allowed = {PACKAGE, "botocore"} | ({"pytest"} if path.name == "pytest_customer_profiles.py" else set())
    standard = sys.stdlib_module_names
    foreign = {module.split(".")[0] for module, _ in imports(path)} - standard - allowed

    assert foreign == set()
