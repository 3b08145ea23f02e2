"""The emulator is a tool of its own: it knows nothing of this project, and this project only what it makes public."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import customer_profiles_emulator
from customer_profiles_emulator import wire

ROOT = Path(__file__).parents[2]
EMULATOR = ROOT / "emulator"
PACKAGE = "customer_profiles_emulator"
PUBLIC = {
    PACKAGE: {*customer_profiles_emulator.__all__, "wire"},
    f"{PACKAGE}.wire": set(wire.__all__),
}
# they test the emulator itself, and may import its modules
ITS_OWN_TESTS = (ROOT / "tests" / "unit" / "emulator", ROOT / "tests" / "contract" / "customer_profiles")


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


def taken(*folders: str) -> list[tuple[Path, str, str]]:
    """What the project's files import of the emulator: file, module and name."""
    return [
        (path.relative_to(ROOT), module, name)
        for path in sources(*folders)
        for module, name in imports(path)
        if module.split(".")[0] == PACKAGE and path.name != Path(__file__).name
    ]


def test_what_is_deployed_and_operated_does_not_import_the_emulator() -> None:
    """Customer Profiles is a service, and these are its clients."""
    assert taken("functions", "ops", "layer", "examples") == []


def test_the_local_stack_starts_the_emulators_command() -> None:
    """It speaks HTTP with it, as any user does; it imports only what another service's endpoint is made of."""
    assert {module for _, module, _ in taken("local")} == {f"{PACKAGE}.wire"}


def test_local_benchmarks_and_tests_import_only_what_it_makes_public() -> None:
    """Every other name may change with the next version."""
    found = taken("local", "benchmarks", "tests")

    assert found
    private = [f"{path}: {module}.{name}" for path, module, name in found if name not in PUBLIC.get(module, set())]
    assert private == []


def test_the_emulator_imports_nothing_of_this_project() -> None:
    """Nor anything but botocore, and pytest in its plugin: installing it brings nothing else."""
    found = {(path.name, module.split(".")[0]) for path in EMULATOR.rglob("*.py") for module, _ in imports(path)}
    allowed = {PACKAGE, "botocore", *sys.stdlib_module_names}

    assert {(name, package) for name, package in found if package not in allowed} == {
        ("pytest_customer_profiles.py", "pytest")
    }
