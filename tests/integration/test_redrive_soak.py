"""The soak of the redrive on a small scale: that it passes on a sound redrive, and can fail."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.console import Console

from benchmarks.redrive_soak.command import main
from benchmarks.redrive_soak.report import show
from benchmarks.redrive_soak.run import RedriveSoak, Row
from local.stack import LocalStack, Silent

TRIALS = ("Invoke a page", "SendMessageBatch lost", "killed after send, ingest")


@pytest.fixture(scope="module")
def soaked(stack: LocalStack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedriveSoak]:
    """A soak that has run, its stack still up."""
    stack.clients.sqs().purge_queue(QueueUrl=stack.environment["DEAD_LETTER_QUEUE_URL"])
    one = RedriveSoak(stack, tmp_path_factory.mktemp("redrive-soak"), Silent())
    try:
        one.run(2, TRIALS)
        yield one
    finally:
        one.close()


def output(rows: list[Row]) -> tuple[int, str]:
    """Return the exit code and the table of a soak."""
    written = io.StringIO()
    return show(Console(file=written, width=150), rows), written.getvalue()


def test_no_customer_is_lost_whatever_answers_and_is_killed(soaked: RedriveSoak) -> None:
    """The promise; each fault must have been injected, or nothing was proved."""
    code, text = output(soaked.rows)
    assert [failure for row in soaked.rows for failure in row.failures] == []
    assert code == 0
    assert "every customer was found by id" in text
    assert [row.name for row in soaked.rows] == list(TRIALS)
    assert all(row.injected for row in soaked.rows)


def test_a_customer_who_is_nowhere_is_reported_by_id(soaked: RedriveSoak) -> None:
    """A soak that cannot fail proves nothing."""
    row = soaked.rows[0]
    soaked.world.lose(row.users[0])
    soaked.verify(row)
    code, text = output([row])
    assert code == 1
    assert row.missing == [row.users[0]]
    assert f"{row.users[0]} is missing" in text


def test_an_unknown_fault_is_refused_before_anything_is_started(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Waiting for a stack to hear of a typing error would be rude."""
    with pytest.raises(SystemExit, match="2"):
        main(["--faults", "Invoek", "--directory", str(tmp_path / "soak")])
    assert "Invoek: there are none; GetQueueAttributes lost" in capsys.readouterr().err
    assert not (tmp_path / "soak").exists()
