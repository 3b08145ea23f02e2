"""Regenerate the pinned, hashed requirements from the ``.in`` files beside this one (``make lock``).

Each ``.txt`` begins with a digest of the ``.in`` files it came from, so that a test finds a stale one
without a network. Index addresses and machine paths are never written.
"""

import hashlib
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
# the oldest Python that the pins must suit: the host's, or Lambda's for the layer
OLDEST_PYTHON = {"uv": "3.11", "dev": "3.11", "layer": "3.13", "audit": "3.11", "mutate": "3.11"}
# dev.txt is made before the layer's and binds it: what is tested is what is deployed
CONSTRAINTS = {"layer": ("--constraints", "dev.txt")}
DIGEST_PREFIX = "# made by `make lock` from inputs with sha256 "


def inputs(name: str) -> list[Path]:
    """Return the ``.in`` file of this name and those that it includes by ``-r``, in order."""
    path = HERE / f"{name}.in"
    included = [
        line.removeprefix("-r ").removesuffix(".in").strip()
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.startswith("-r ")
    ]
    return [path, *(nested for stem in included for nested in inputs(stem))]


def digest(name: str) -> str:
    """Return the hexadecimal SHA-256 over the contents of all inputs of this name."""
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in inputs(name))).hexdigest()


def lock(name: str) -> None:
    """Write ``NAME.txt``: exact pins for every platform, each with the hashes of all its files.

    Raises:
        subprocess.CalledProcessError: the requirements cannot be resolved; uv has said why.
    """
    compiled = subprocess.run(
        [
            *(sys.executable, "-m", "uv", "pip", "compile", "--quiet"),
            *("--universal", "--generate-hashes", "--no-header", "--no-emit-index-url", "--no-emit-find-links"),
            *("--python-version", OLDEST_PYTHON[name], *CONSTRAINTS.get(name, ()), f"{name}.in"),
        ],
        cwd=HERE,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    target = HERE / f"{name}.txt"
    target.write_text(f"{DIGEST_PREFIX}{digest(name)}\n{compiled.stdout}", encoding="utf-8")


if __name__ == "__main__":
    for each in OLDEST_PYTHON:
        lock(each)
