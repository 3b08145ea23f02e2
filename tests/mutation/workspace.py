"""A copy of the repository as mutmut wants it: each package at the top, under the name by which it is imported."""

import shutil
from collections.abc import Iterable
from pathlib import Path

from tests.mutation.areas import Area

ROOT = Path(__file__).parents[2]
COPIED = ("docs", "examples", "local", "ops", "tests", "README.md", "template.yaml")
"""What the unit tests read, or import, beside the functions."""
ARGUMENTS = ("-p", "no:cacheprovider", "-p", "no:xdist", "--hypothesis-profile=mutation")
CONFIGURATION = """\
[tool.mutmut]
source_paths = ["{source}"]
also_copy = [{copied}]
pytest_add_cli_args = [{arguments}]
pytest_add_cli_args_test_selection = [{tests}]
# threads and clocks of our own: what takes ten times as long as before hangs
timeout_multiplier = 10.0
timeout_constant = 2.0
max_stack_depth = -1
use_git_change_detection = false

[tool.pytest.ini_options]
pythonpath = ["."]
addopts = ["--import-mode=importlib"]
markers = ["integration: not run here", "xdist_group: nor shared out"]
"""


def prepare(area: Area, folder: Path) -> None:
    """Fill a folder with what mutmut needs for one area; whatever was there goes."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    packages = sorted(path.name for path in (ROOT / "functions").iterdir() if (path / "__init__.py").exists())
    for name in packages:
        _copy(ROOT / "functions" / name, folder / name)
    for name in COPIED:
        _copy(ROOT / name, folder / name)
    # tests that start a process look for the functions where the repository has them
    (folder / "mutants").mkdir()
    (folder / "mutants" / "functions").symlink_to(".")
    # mutmut lays the mutated package over the copy of the rest
    others = [name for name in (*packages, *COPIED) if name != area.source]
    configuration = CONFIGURATION.format(
        source=area.source,
        copied=_quoted(others),
        arguments=_quoted([*ARGUMENTS, *(f"--ignore={path}" for path in area.ignored)]),
        tests=_quoted(area.tests),
    )
    (folder / "pyproject.toml").write_text(configuration, encoding="utf-8")


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        shutil.copy2(source, target)


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)
