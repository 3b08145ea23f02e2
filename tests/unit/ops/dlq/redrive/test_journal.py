"""The journal of a redrive: what it knows after any end of the process that wrote it, and when two want it at once."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from ops.dlq.redrive import journal as module
from ops.dlq.redrive.journal import Journal
from ops.errors import UsageError
from tests.fakes.clock import START
from tests.fakes.queues import DEAD

ROOT = Path(__file__).parents[5]
HOLDS_A_JOURNAL = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from ops.dlq.redrive.journal import Journal
with Journal(Path(sys.argv[1]), sys.argv[2], datetime.fromtimestamp(float(sys.argv[3]), UTC)) as journal:
    journal.intend(["one", "two", "three"])
    journal.confirm(["one"])
    journal.withdraw(["two"])
    print("holds it", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return where the journal is to be, in a folder of its own."""
    (tmp_path / "state").mkdir()
    return tmp_path / "state" / "journal"


@pytest.fixture
def other_run(path: Path) -> Iterator[subprocess.Popen[str]]:
    """Start a process of its own that holds the journal, in the middle of a redrive."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDS_A_JOURNAL, str(path), DEAD, str(START.timestamp())],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"functions{os.pathsep}."},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "holds it\n"
        yield process
        process.kill()


def _left(path: Path) -> None:
    """Leave the journal of a run that ended with one message sent and one in doubt."""
    with Journal(path, DEAD, START) as journal:
        journal.intend(["one", "two", "three"])
        journal.confirm(["one"])
        journal.withdraw(["two"])


def test_each_message_is_known_as_sent_or_in_doubt_or_neither(path: Path) -> None:
    """The next run does with each what it must."""
    _left(path)

    with Journal(path, DEAD, START) as journal:
        assert (journal.sent, journal.in_doubt) == ({"one"}, {"three"})


def test_a_killed_run_leaves_the_same(path: Path, other_run: subprocess.Popen[str]) -> None:
    """Its steps were on the disk before the kill, and its lock went with it."""
    other_run.send_signal(signal.SIGKILL)
    other_run.wait()

    with Journal(path, DEAD, START) as journal:
        assert (journal.sent, journal.in_doubt) == ({"one"}, {"three"})


@pytest.mark.parametrize("read_only", [True, False])
def test_while_one_run_has_it_every_other_is_refused(
    path: Path, other_run: subprocess.Popen[str], *, read_only: bool
) -> None:
    """Two runs would each know half, and a dry run would say what is about to change."""
    assert other_run.poll() is None
    with pytest.raises(UsageError, match="another redrive of this queue is running on this machine"):
        Journal(path, DEAD, START, read_only=read_only)


def test_a_second_run_in_the_same_process_is_refused_too(path: Path) -> None:
    """The lock is the file's, and not the process's."""
    with Journal(path, DEAD, START), pytest.raises(UsageError, match="another redrive"):
        Journal(path, DEAD, START)


@pytest.mark.parametrize("read_only", [True, False])
def test_a_step_that_was_cut_in_half_counts_for_nothing(path: Path, *, read_only: bool) -> None:
    """It was never acted upon: some of its messages must not be in doubt while others are not."""
    _left(path)
    other = path.parent.parent / "copy"
    with closing(sqlite3.connect(path, isolation_level=None)) as writing:
        writing.execute("PRAGMA cache_size = 1")  # so that half of it reaches the file before the end
        writing.execute("BEGIN IMMEDIATE")
        rows = [(str(number), "in doubt", START.timestamp()) for number in range(9_000)]
        writing.executemany("INSERT INTO messages VALUES (?, ?, ?)", rows)
        shutil.copytree(path.parent, other)
    assert (other / "journal-journal").stat().st_size

    with Journal(other / "journal", DEAD, START, read_only=read_only) as journal:
        assert (journal.sent, journal.in_doubt) == ({"one"}, {"three"})


def test_a_journal_with_nothing_open_goes_and_leaves_nothing_beside_it(path: Path) -> None:
    """A file that says nothing would only raise questions."""
    with Journal(path, DEAD, START) as journal:
        journal.intend(["one", "two"])
        journal.withdraw(["two"])
        journal.confirm(["one"])
        journal.done(["one"])
        assert path.exists()

    assert not list(path.parent.iterdir())


def test_a_journal_with_something_open_is_one_file(path: Path) -> None:
    """An operator may have to move it."""
    _left(path)
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize(("days", "known"), [(14, 2), (15, 0)])
def test_a_message_that_sqs_no_longer_keeps_is_forgotten(path: Path, days: int, known: int) -> None:
    """Fourteen days is the longest that SQS keeps one, so there is nothing left to delete or to send again."""
    _left(path)
    now = START + timedelta(days=days)

    with Journal(path, DEAD, now, read_only=True) as journal:
        assert len(journal.sent | journal.in_doubt) == known
    with Journal(path, DEAD, now) as journal:
        assert len(journal.sent | journal.in_doubt) == known
    assert path.exists() is bool(known)


def test_a_later_step_makes_a_message_young_again(path: Path) -> None:
    """Messages are forgotten by the time of their last step."""
    _left(path)
    with Journal(path, DEAD, START + timedelta(days=13)) as journal:
        journal.confirm(["three"])
    with Journal(path, DEAD, START + timedelta(days=20)) as journal:
        assert (journal.sent, journal.in_doubt) == ({"three"}, set())


@pytest.mark.parametrize("read_only", [True, False])
def test_the_journal_of_another_queue_is_left_as_it_is(path: Path, *, read_only: bool) -> None:
    """Its messages are not here: to take it over would forget what is in doubt there."""
    _left(path)
    before = path.read_bytes()

    with pytest.raises(UsageError, match=f"journal of another queue, {DEAD}"):
        Journal(path, "https://sqs/other", START, read_only=read_only)
    assert path.read_bytes() == before


def test_a_dry_run_reads_a_journal_and_creates_nothing(path: Path) -> None:
    """It may be typed by anyone at any time."""
    _left(path)
    before = path.read_bytes()

    with Journal(path, DEAD, START, read_only=True) as journal:
        assert (journal.sent, journal.in_doubt) == ({"one"}, {"three"})
        with Journal(path, DEAD, START, read_only=True):
            pass  # two dry runs do not disturb one another
    with Journal(path.parent / "folder" / "other", DEAD, START, read_only=True) as journal:
        assert not journal.sent | journal.in_doubt
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


def test_a_dry_run_has_nothing_to_note(path: Path) -> None:
    """A step that is noted nowhere would be taken for one that is."""
    with Journal(path, DEAD, START, read_only=True) as journal, pytest.raises(RuntimeError, match="dry run"):
        journal.intend(["one"])


def test_its_folder_and_its_missing_parents_are_for_the_owner_alone(tmp_path: Path) -> None:
    """Whatever the umask is: message ids tell who was at work on what."""
    path = tmp_path / "state" / "of" / "ours" / "journal"
    previous = os.umask(0)
    try:
        _left(path)
    finally:
        os.umask(previous)

    assert path.stat().st_mode & 0o777 == 0o600
    assert {parent.stat().st_mode & 0o777 for parent in path.parents[:3]} == {0o700}


def test_a_file_that_has_taken_the_journals_name_is_not_removed(path: Path) -> None:
    """The journal was moved away while it was in use, and something else put there."""
    with Journal(path, DEAD, START):
        path.rename(path.with_name("elsewhere"))
        path.write_text("Dear Mary", encoding="utf-8")

    assert path.read_text(encoding="utf-8") == "Dear Mary"


def test_a_journal_that_another_run_begins_at_the_same_moment_is_the_others(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between our finding none and our giving ours its name."""
    real = os.link
    others: list[Journal] = []

    def late(partial: Path, name: Path) -> None:
        monkeypatch.setattr(os, "link", real)
        others.append(Journal(path, DEAD, START))
        real(partial, name)

    monkeypatch.setattr(os, "link", late)
    with pytest.raises(UsageError, match="another redrive"):
        Journal(path, DEAD, START)
    with others[0] as other:
        other.intend(["one"])
        assert not [one.name for one in path.parent.iterdir() if one.name.startswith(".")]


@pytest.mark.parametrize("again", [True, False])
def test_a_journal_whose_run_ends_while_we_open_it_is_not_written_into(
    path: Path, monkeypatch: pytest.MonkeyPatch, *, again: bool
) -> None:
    """It has no name any more, or the name is another run's: our steps would be lost with it."""
    _left(path)
    real = module._connect  # noqa: SLF001 - the moment between looking at the file and locking it

    def late(name: Path) -> sqlite3.Connection:
        connection = real(name)
        path.unlink()
        if again:
            monkeypatch.setattr(module, "_connect", real)
            _left(path)
        return connection

    monkeypatch.setattr(module, "_connect", late)
    with pytest.raises(UsageError, match="another redrive"):
        Journal(path, DEAD, START)
    assert path.exists() is again


def test_a_journal_that_is_gone_before_we_look_at_it_was_another_runs(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It ended at the same moment; typed again, the command finds its way free."""
    monkeypatch.setattr(module, "_create", lambda *_: None)
    with pytest.raises(UsageError, match="another redrive"):
        Journal(path, DEAD, START)


def test_a_journal_that_another_run_takes_at_our_end_stays(path: Path) -> None:
    """We have nothing open, but it is theirs by now."""
    with Journal(path, DEAD, START) as ours, closing(sqlite3.connect(path, isolation_level=None)) as other:

        def late(statement: str) -> None:
            if statement == "BEGIN EXCLUSIVE":
                other.execute("BEGIN EXCLUSIVE")

        assert ours._connection is not None  # noqa: SLF001 - the moment between unlocking and removing
        ours._connection.set_trace_callback(late)  # noqa: SLF001
        ours.__exit__(None, None, None)
        assert path.exists()
        ours._connection = None  # noqa: SLF001 - it has ended
