"""The file of a redrive's journal: whatever is there instead is left as it is, and whatever fails is said in a line."""

import os
import resource
import sqlite3
import struct
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from ops.dlq.redrive.journal import Journal, default_path
from ops.errors import OpsError, UsageError
from tests.fakes.clock import START
from tests.fakes.queues import DEAD

OLD = f'{{"at": {START.timestamp()}, "intend": ["one", "two"]}}\n'
FOREIGN = {
    "one line without an end": b"Dear Mary, your offer",
    "several lines": b"Dear Mary\nyour offer\nwaits",
    "nothing": b"",
    "a line end": b"\n",
    "JSON": b'{"at": 1, "what": 2}\n',
    "JSON lines of another program": b'{"at": 1, "intend": "x"}\n{"at": 1, "done": [1]}\n',
    "bytes": bytes(range(256)) * 4,
    "a long line": b"x" * 200_000,
    "the beginning of a database": b"SQLite format 3\0",
}


def _left(path: Path) -> None:
    with Journal(path, DEAD, START) as journal:
        journal.intend(["one", "two"])
        journal.confirm(["one"])


@pytest.mark.parametrize("content", FOREIGN.values(), ids=FOREIGN)
@pytest.mark.parametrize("read_only", [True, False])
def test_a_file_that_is_no_journal_is_left_as_it_is(tmp_path: Path, content: bytes, *, read_only: bool) -> None:
    """A slip of the hand after --journal must cost nobody a file; even an empty one may be needed."""
    path = tmp_path / "file"
    path.write_bytes(content)
    before = path.stat()

    with pytest.raises(UsageError, match="no journal of a redrive"):
        Journal(path, DEAD, START, read_only=read_only)
    assert path.read_bytes() == content
    assert (path.stat().st_mtime_ns, path.stat().st_ino) == (before.st_mtime_ns, before.st_ino)
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("read_only", [True, False])
def test_the_database_of_another_program_is_not_even_opened(tmp_path: Path, *, read_only: bool) -> None:
    """SQLite changes some databases when it opens them: one with a write-ahead log is folded into its file."""
    path = tmp_path / "places.sqlite"
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("PRAGMA journal_mode = WAL")
        other.execute("CREATE TABLE places (url TEXT)")
        names = sorted(one.name for one in tmp_path.iterdir())
        before = path.read_bytes()

        with pytest.raises(UsageError, match="no journal of a redrive"):
            Journal(path, DEAD, START, read_only=read_only)
        assert path.read_bytes() == before
        assert sorted(one.name for one in tmp_path.iterdir()) == names


@pytest.mark.parametrize("read_only", [True, False])
@pytest.mark.parametrize("kind", ["link", "link to nothing", "folder", "pipe", "device"])
def test_what_is_no_file_is_refused(tmp_path: Path, kind: str, *, read_only: bool) -> None:
    """A link names another file, and a pipe would wait for ever."""
    place = tmp_path / "place"
    _left(tmp_path / "journal")
    if kind == "folder":
        place.mkdir()
    elif kind == "pipe":
        os.mkfifo(place)
    elif kind == "device":
        place = Path("/dev/null")
    else:
        place.symlink_to(tmp_path / ("journal" if kind == "link" else "nothing"))
    before = (tmp_path / "journal").read_bytes()

    with pytest.raises(UsageError, match="symbolic link; give" if "link" in kind else "it is no file; give"):
        Journal(place, DEAD, START, read_only=read_only)
    assert (tmp_path / "journal").read_bytes() == before
    assert not (tmp_path / "nothing").exists()
    assert os.path.lexists(place)


@pytest.mark.parametrize("read_only", [True, False])
@pytest.mark.parametrize(
    "content", [OLD, '{"journal": "ops dlq redrive", "queue": "https://sqs/dead"}\n' + OLD, OLD + '{"at"'], ids=range(3)
)
def test_the_journal_of_an_earlier_version_is_refused_and_left_as_it_is(
    tmp_path: Path, content: str, *, read_only: bool
) -> None:
    """What it has in doubt is not known here: to begin anew could send it twice."""
    path = tmp_path / "journal"
    path.write_text(content, encoding="utf-8")

    with pytest.raises(UsageError, match=r"before 0\.2 has left unfinished.*finish it with that version"):
        Journal(path, DEAD, START, read_only=read_only)
    assert path.read_text(encoding="utf-8") == content


def test_the_journal_of_a_later_version_is_refused(tmp_path: Path) -> None:
    """Its tables may mean something else."""
    path = tmp_path / "journal"
    _left(path)
    content = bytearray(path.read_bytes())
    content[60:64] = struct.pack(">I", 2)
    path.write_bytes(content)

    with pytest.raises(UsageError, match="is a journal of version 2, and this version of ops reads 1 alone"):
        Journal(path, DEAD, START)


@pytest.mark.parametrize("read_only", [True, False])
@pytest.mark.parametrize("kept", [100, 5_000, 9_000])
def test_a_torn_file_is_said_to_be_damaged(tmp_path: Path, kept: int, *, read_only: bool) -> None:
    """What it says no more could have been sent: the operator decides, and knows what holds back the rest."""
    path = tmp_path / "journal"
    _left(path)
    assert path.stat().st_size > kept
    path.write_bytes(path.read_bytes()[:kept])
    before = path.read_bytes()

    with pytest.raises(UsageError, match=r"is damaged .*move it away, and redrive without --skip-profile-check"):
        Journal(path, DEAD, START, read_only=read_only)
    assert path.read_bytes() == before


def test_a_file_that_lies_within_is_damaged_too(tmp_path: Path) -> None:
    """A page that was lost with the power, for example."""
    path = tmp_path / "journal"
    _left(path)
    content = path.read_bytes()
    path.write_bytes(content[:-4096] + bytes(4096))

    with pytest.raises(UsageError, match="is damaged"):
        Journal(path, DEAD, START)


@contextmanager
def _largest_file(size: int) -> Iterator[None]:
    """Let the disk take no file that is larger."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_journal_that_cannot_be_written_stops_before_the_send(tmp_path: Path) -> None:
    """A step that nobody noted could be made twice; what was noted before is known still."""
    path = tmp_path / "journal"
    many = [f"message-{number}" for number in range(2_000)]
    with Journal(path, DEAD, START) as journal:
        journal.intend(["one"])
        with _largest_file(path.stat().st_size), pytest.raises(OpsError, match="nothing more is sent"):
            journal.intend(many)
        assert journal.in_doubt == {"one"}
        journal.intend(["two"])

    with Journal(path, DEAD, START) as journal:
        assert journal.in_doubt == {"one", "two"}


def test_a_disk_that_takes_no_journal_is_a_usage_error(tmp_path: Path) -> None:
    """Before anything is sent, with the option that names another place; nothing half is left."""
    with _largest_file(0), pytest.raises(UsageError, match=r"cannot be used: .*; give --journal"):
        Journal(tmp_path / "journal", DEAD, START)
    assert not list(tmp_path.iterdir())


def test_a_folder_that_cannot_be_written_is_a_usage_error(tmp_path: Path) -> None:
    """A journal that can only be read is of no use to a run; it needs a second file beside it."""
    path = tmp_path / "journal"
    _left(path)
    (tmp_path / "journal-journal").mkdir()

    with pytest.raises(UsageError, match=r"cannot be used: .*; give --journal"):
        Journal(path, DEAD, START)


def test_a_folder_that_cannot_be_made_is_a_usage_error(tmp_path: Path) -> None:
    """With the option that names another."""
    (tmp_path / "file").write_text("", encoding="utf-8")
    for path in (tmp_path / "file" / "journal", tmp_path / "file" / "folder" / "journal"):
        with pytest.raises(UsageError, match="give --journal"):
            Journal(path, DEAD, START)


def test_a_name_with_signs_of_an_address_is_a_name(tmp_path: Path) -> None:
    """SQLite is handed the file as a URI."""
    path = tmp_path / "50% of #1?mode=memory"
    _left(path)
    with Journal(path, DEAD, START) as journal:
        assert journal.sent == {"one"}
    assert list(tmp_path.iterdir()) == [path]


def test_every_queue_has_its_own_place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Under XDG_STATE_HOME if that is set, else under ~/.local/state."""
    monkeypatch.delenv("XDG_STATE_HOME", raising=False)
    monkeypatch.setenv("HOME", "/home/operator")

    assert default_path("https://sqs/one") != default_path("https://sqs/two")
    assert default_path("https://sqs/one").parent == Path("/home/operator/.local/state/journeys-that-write-back")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert default_path("https://sqs/one").parent == tmp_path / "journeys-that-write-back"


def test_an_unfinished_redrive_of_an_earlier_version_is_not_passed_over(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Its journal had another name, at the same place."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    older = default_path("https://sqs/one").with_suffix(".jsonl")
    older.parent.mkdir()
    older.write_text(OLD, encoding="utf-8")

    with pytest.raises(UsageError, match=f"{older} is the journal of a redrive that a version before"):
        default_path("https://sqs/one")
    assert default_path("https://sqs/two").parent == older.parent
