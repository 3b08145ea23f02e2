"""Build the dependencies layer: ``python -m layer.build TARGET``, run by ``sam build`` through ``layer/Makefile``.

Only pure Python wheels go in, so that any host builds it. What was built is kept under ``.local/cache/layer`` by the
digest of everything that it was made of, and copied from there the next time.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

RUNTIME = "3.13"
# botocore describes some 400 services in 20 MB; without them the layer is a quarter of its size, and every cold start
# unpacks a third of its files. Files beside the services' folders (endpoints, partitions, retry rules) all stay.
SERVICES = frozenset({"connectcampaignsv2", "customer-profiles", "sqs"})
# Overrides whose bytecode is shipped: the local AWS runs functions with the host's Python.
BYTECODE_PYTHON = "LAYER_BYTECODE_PYTHON"

ROOT = Path(__file__).resolve().parent.parent
REQUIREMENTS = ROOT / "requirements" / "layer.txt"
CACHE = ROOT / ".local" / "cache" / "layer"


class NotPureError(Exception):
    """A dependency brought a compiled module, which would bind the layer to one platform."""


def main() -> None:
    """Fill ``TARGET/python``, from the cache where nothing changed."""
    target = Path(sys.argv[1]) / "python"
    interpreter = bytecode_interpreter()
    built = CACHE / digest(interpreter)
    if not built.is_dir():
        CACHE.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=CACHE) as scratch:
            making = Path(scratch) / "python"
            build(making, interpreter)
            keep(making, built)
    shutil.copytree(built, target, dirs_exist_ok=True)


def build(target: Path, interpreter: str | None) -> None:
    """Install, trim, check and compile the dependencies into ``target``.

    Raises:
        NotPureError: see there.
        subprocess.CalledProcessError: pip or the compiler failed, and has said why.
    """
    install(target)
    trim(target)
    if compiled := sorted(target.rglob("*.so")):
        raise NotPureError(f"{compiled[0].name} is compiled; the layer must hold pure Python only")
    if interpreter is None:
        say(
            f"no python{RUNTIME} found: the layer has no bytecode, and every cold start will compile for about 0.7 s;"
            f" install Python {RUNTIME} and build again before deploying in earnest"
        )
        return
    byte_compile(target, interpreter)


def install(target: Path) -> None:
    """Install the pinned wheels for the runtime, whatever Python runs this; every hash is checked."""
    run(
        [
            *(sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"),
            *("--require-hashes", "--requirement", str(REQUIREMENTS), "--no-deps", "--no-compile"),
            *("--only-binary=:all:", "--platform=manylinux2014_aarch64", "--implementation=cp"),
            *(f"--python-version={RUNTIME}", "--target", str(target)),
        ]
    )


def trim(target: Path) -> None:
    """Remove the descriptions of services that no function calls, and console scripts."""
    for described in (target / "botocore" / "data").iterdir():
        if described.is_dir() and described.name not in SERVICES:
            shutil.rmtree(described)
    shutil.rmtree(target / "bin", ignore_errors=True)


def byte_compile(target: Path, interpreter: str) -> None:
    """Compile everything for ``interpreter``.

    The bytecode is marked as never to be checked against its source, since a layer's files carry no true times, and
    names the source by its place in Lambda, since tracebacks show it.
    """
    run(
        [
            *(interpreter, "-m", "compileall", "-q", "-j", "0", "--invalidation-mode", "unchecked-hash"),
            *("-s", str(target), "-p", "/opt/python", str(target)),
        ]
    )


def bytecode_interpreter() -> str | None:
    """Return the Python whose bytecode to ship: the runtime's, unless overridden; None when there is none here."""
    if override := os.environ.get(BYTECODE_PYTHON):
        return override
    for candidate in (sys.executable, shutil.which(f"python{RUNTIME}")):
        if candidate is not None and (found := identify(candidate)) and found[1] == RUNTIME:
            return found[0]
    return None


def identify(interpreter: str) -> tuple[str, str] | None:
    """Return a Python's own path and its MAJOR.MINOR, None when it does not run.

    A version manager's shim runs only when told a version: pyenv's by PYENV_VERSION, which nothing else reads.
    """
    asked = subprocess.run(
        [interpreter, "-c", "import sys; print(sys.executable, '%d.%d' % sys.version_info[:2], sep='\\n')"],
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, "PYENV_VERSION": RUNTIME},
    )
    if asked.returncode != 0:
        return None
    path, version = asked.stdout.splitlines()
    return path, version


def digest(interpreter: str | None) -> str:
    """Name a build by what it is made of: the pins, this file, and the bytecode's Python."""
    made_of = hashlib.sha256()
    for part in (
        REQUIREMENTS.read_bytes(),
        Path(__file__).read_bytes(),
        str(interpreter and (identify(interpreter) or ("", "?"))[1]),
    ):
        made_of.update(part.encode() if isinstance(part, str) else part)
        made_of.update(b"\0")
    return made_of.hexdigest()[:16]


def keep(made: Path, kept: Path) -> None:
    """Move a finished build into the cache; of two builds at once the first one stays."""
    try:
        made.rename(kept)
    except OSError:
        if not kept.is_dir():
            raise


def run(command: list[str]) -> None:
    """Run a tool with its output on standard error."""
    subprocess.run(command, check=True, stdout=sys.stderr)


def say(warning: str) -> None:
    """Warn on standard output: of a build that succeeds, `sam build` shows no other."""
    print(f"WARNING: {warning}", flush=True)


if __name__ == "__main__":
    main()
