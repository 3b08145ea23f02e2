"""The pinned requirements."""

import re
import runpy
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

FOLDER = Path(__file__).parents[2] / "requirements"
LOCK = runpy.run_path(str(FOLDER / "lock.py"))
NAMES = ("audit", "dev", "layer", "mutate", "uv")
PIN = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>\S+?)(?: ; (?P<marker>[^\\]+?))? ?\\?$", re.MULTILINE)


def locked(name: str) -> str:
    """Return the text of a lock."""
    return (FOLDER / f"{name}.txt").read_text(encoding="utf-8")


def pins(name: str) -> dict[str, set[str]]:
    """Return the pinned versions of each package; more than one where platforms differ."""
    found: dict[str, set[str]] = {}
    for match in PIN.finditer(locked(name)):
        found.setdefault(canonicalize_name(match["name"]), set()).add(match["version"])
    return found


def asked(name: str) -> list[Requirement]:
    """Return what the inputs of a lock ask for."""
    lines = (line.partition("#")[0].strip() for path in LOCK["inputs"](name) for line in path.read_text().splitlines())
    return [Requirement(line) for line in lines if line and not line.startswith("-")]


@pytest.mark.parametrize("name", NAMES)
def test_a_lock_is_as_new_as_its_inputs(name: str) -> None:
    """`make lock` was forgotten after an edit, and everybody would go on installing the old versions."""
    assert locked(name).startswith(f"{LOCK['DIGEST_PREFIX']}{LOCK['digest'](name)}\n"), "run `make lock`"


@pytest.mark.parametrize("name", NAMES)
def test_every_requirement_is_met_by_its_pin(name: str) -> None:
    """The digest proves that the lock was made, this that it holds what was asked for."""
    for requirement in asked(name):
        versions = pins(name)[canonicalize_name(requirement.name)]
        assert all(requirement.specifier.contains(version) for version in versions), requirement


@pytest.mark.parametrize("name", NAMES)
def test_inputs_ask_for_exact_versions(name: str) -> None:
    """A new version is a decision, not the date of the last `make lock`."""
    assert all(re.fullmatch(r"==[^*]+", str(requirement.specifier)) for requirement in asked(name))


@pytest.mark.parametrize("name", NAMES)
def test_every_pin_has_hashes_for_every_platform(name: str) -> None:
    """One hash alone would be one machine's file, and another machine could not install."""
    blocks = re.split(r"\n(?=[A-Za-z0-9])", locked(name).partition("\n")[2])
    assert len(blocks) >= len(pins(name))
    for block in blocks:
        # a wheel and a source distribution at the least; some projects publish only one file
        assert block.count("--hash=sha256:") >= 1, block
    multiple = [block for block in blocks if block.count("--hash=sha256:") > 1]
    assert len(multiple) > 0.8 * len(blocks)


@pytest.mark.parametrize("name", NAMES)
def test_no_address_or_path_is_written(name: str) -> None:
    """Where packages come from is the installing machine's business."""
    text = locked(name)
    assert "://" not in text
    assert not re.search(r"--(index|extra-index|find-links|trusted-host)", text)
    assert not re.search(r"(^|\s)/\w", text)


def test_what_is_tested_is_what_is_deployed() -> None:
    """The layer's pins and the tests' must be the same versions."""
    tested = pins("dev")
    assert {name: tested.get(name) for name in pins("layer")} == pins("layer")
