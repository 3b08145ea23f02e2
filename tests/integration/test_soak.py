"""The soak on a small scale: that it passes on a sound pipeline, and can fail."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.console import Console

from benchmarks.soak.command import main, soak
from benchmarks.soak.report import show
from benchmarks.soak.result import Result
from benchmarks.soak.run import Soak
from local.stack import Silent

FAULTS = ("none", "kills", "sends", "throttles", "resets", "foreign-400s", "twice", "restarts")
VISIBILITY = 6
"""Seconds; no batch of these faults takes as long, and what a killed writer held comes back within its turn."""


@pytest.fixture(scope="module")
def soaked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Soak]:
    """A soak that has run, its stack still up."""
    with soak(tmp_path_factory.mktemp("soak"), Silent()) as one:
        one.shorten_visibility(VISIBILITY)
        one.run(400, FAULTS)
        yield one


def output(result: Result) -> tuple[int, str]:
    """Return the exit code and the tables of a result."""
    written = io.StringIO()
    return show(Console(file=written, width=170), result), written.getvalue()


def test_nothing_is_lost_under_any_of_the_faults(soaked: Soak) -> None:
    """The promise; each fault must have been injected, or nothing was proved."""
    code, text = output(soaked.result)
    assert soaked.result.failures == []
    assert code == 0
    assert "every customer is accounted for by id" in text
    for row in soaked.result.rows[1:]:
        assert row.injected.total() > 0
    assert [row.name for row in soaked.result.rows] == list(FAULTS)


def test_one_deleted_object_is_reported_by_its_id(soaked: Soak) -> None:
    """A soak that cannot fail proves nothing."""
    lost = soaked.lose_one_object()
    soaked.verify()
    code, text = output(soaked.result)
    assert code == 1
    assert len(soaked.result.missing) == 1
    assert lost in soaked.result.missing[0]
    assert lost in text


def test_an_unknown_fault_is_refused_before_anything_is_started(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Waiting for a stack to hear of a typing error would be rude."""
    with pytest.raises(SystemExit, match="2"):
        main(["--faults", "throttels", "--directory", str(tmp_path / "soak")])
    assert "throttels: there are none, kills" in capsys.readouterr().err
    assert not (tmp_path / "soak").exists()
