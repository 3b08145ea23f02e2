"""The journal of a redrive: what it knows after any end of the process that wrote it."""

import os
from datetime import timedelta
from pathlib import Path

import pytest

from ops.dlq.journal import Journal, default_path
from ops.errors import OpsError, UsageError
from tests.fakes.clock import START
from tests.fakes.queues import DEAD


def _killed(path: Path, *, upto: int | None = None) -> None:
    """Leave what a process wrote before it was killed; of the last line only ``upto`` bytes."""
    kept = b""
    with Journal(path, DEAD, START) as journal:
        journal.intend(["one", "two", "three"])
        journal.confirm(["one"])
        journal.withdraw(["two"])
        kept = path.read_bytes()
    whole, _, last = kept.rstrip(b"\n").rpartition(b"\n")
    path.write_bytes(kept if upto is None else whole + b"\n" + last[:upto])


def test_each_message_is_known_as_sent_or_in_doubt_or_neither(tmp_path: Path) -> None:
    """The next run does with each what it must."""
    _killed(tmp_path / "journal")

    with Journal(tmp_path / "journal", DEAD, START) as journal:
        assert (journal.sent, journal.in_doubt) == ({"one"}, {"three"})


@pytest.mark.parametrize("upto", [0, 1, 20])
def test_a_last_line_that_is_torn_counts_for_nothing(tmp_path: Path, upto: int) -> None:
    """It was never acted upon: what it would have withdrawn is in doubt, and the next line follows on whole ones."""
    _killed(tmp_path / "journal", upto=upto)

    with Journal(tmp_path / "journal", DEAD, START) as journal:
        assert journal.in_doubt == {"two", "three"}
        journal.withdraw(["two", "three"])
        journal.done(["one"])
    assert not (tmp_path / "journal").exists()


def test_a_journal_with_nothing_open_goes(tmp_path: Path) -> None:
    """A file that says nothing would only worry somebody."""
    with Journal(tmp_path / "journal", DEAD, START) as journal:
        journal.intend(["one"])
        journal.confirm(["one"])
        journal.done(["one"])

    assert not (tmp_path / "journal").exists()


def test_what_sqs_no_longer_keeps_is_forgotten(tmp_path: Path) -> None:
    """Fourteen days is the longest that a message lives."""
    _killed(tmp_path / "journal")

    with Journal(tmp_path / "journal", DEAD, START + timedelta(days=15)) as journal:
        assert not journal.sent | journal.in_doubt


def test_a_journal_is_one_runs_at_a_time(tmp_path: Path) -> None:
    """The second is told, and changes nothing."""
    with Journal(tmp_path / "journal", DEAD, START), pytest.raises(UsageError, match="another redrive"):
        Journal(tmp_path / "journal", DEAD, START)


def test_a_journal_that_cannot_be_written_stops_before_the_send(tmp_path: Path) -> None:
    """A send that nobody noted could be made twice."""
    with Journal(tmp_path / "journal", DEAD, START) as journal:
        full = os.open("/dev/full", os.O_WRONLY)
        assert journal._file is not None  # noqa: SLF001 - a disk that is full
        os.dup2(full, journal._file.descriptor)  # noqa: SLF001
        os.close(full)
        with pytest.raises(OpsError, match="nothing more is sent"):
            journal.intend(["one"])


def test_a_place_that_cannot_be_used_is_a_usage_error(tmp_path: Path) -> None:
    """With the option that names another."""
    (tmp_path / "file").write_text("", encoding="utf-8")

    with pytest.raises(UsageError, match="give --journal"):
        Journal(tmp_path / "file" / "journal", DEAD, START)


def test_every_queue_has_its_own_place(monkeypatch: pytest.MonkeyPatch) -> None:
    """Under XDG_STATE_HOME where that is set, else under ~/.local/state."""
    monkeypatch.delenv("XDG_STATE_HOME", raising=False)
    monkeypatch.setenv("HOME", "/home/operator")

    assert default_path("https://sqs/one") != default_path("https://sqs/two")
    assert default_path("https://sqs/one").parent == Path("/home/operator/.local/state/journeys-that-write-back")


FOREIGN = {
    "one line without an end": b"Dear Mary, your offer",
    "several lines": b"Dear Mary\nyour offer\nwaits",
    "nothing": b"",
    "a line end": b"\n",
    "JSON": b'{"at": 1, "what": 2}\n',
    "JSON lines that are somebody else's": b'{"at": 1, "intend": "x"}\n{"at": 1, "done": [1]}\n',
    "half of a journal's first line": b'{"journal": "ops dlq redrive", "queue": "https',
    "bytes": bytes(range(256)) * 4,
    "a long line": b"x" * 200_000,
    "a journal with a line that is none": b'{"at": 1, "intend": ["a"]}\nDear Mary\n{"at": 1, "done": ["a"]}\n',
}


@pytest.mark.parametrize("content", FOREIGN.values(), ids=FOREIGN)
@pytest.mark.parametrize("only_look", [True, False])
def test_a_file_that_is_no_journal_is_left_as_it_is(tmp_path: Path, content: bytes, *, only_look: bool) -> None:
    """A slip of the hand after --journal must cost nobody a file; an empty one may be somebody's too."""
    path = tmp_path / "file"
    path.write_bytes(content)
    before = path.stat()

    with pytest.raises(UsageError, match="no journal of a redrive"):
        Journal(path, DEAD, START, only_look=only_look)
    assert path.read_bytes() == content
    assert (path.stat().st_mtime_ns, path.stat().st_ino) == (before.st_mtime_ns, before.st_ino)
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("only_look", [True, False])
def test_the_journal_of_another_queue_is_left_as_it_is(tmp_path: Path, *, only_look: bool) -> None:
    """Its messages are not here: whoever took it over would forget what is in doubt there."""
    _killed(tmp_path / "journal")
    before = (tmp_path / "journal").read_bytes()

    with pytest.raises(UsageError, match=f"journal of another queue, {DEAD}"):
        Journal(tmp_path / "journal", "https://sqs/other", START, only_look=only_look)
    assert (tmp_path / "journal").read_bytes() == before


@pytest.mark.parametrize("only_look", [True, False])
@pytest.mark.parametrize("kind", ["link", "link to nothing", "folder", "pipe", "device"])
def test_what_is_no_file_is_refused(tmp_path: Path, kind: str, *, only_look: bool) -> None:
    """A link names somebody else's file, and a pipe would wait for ever."""
    place = tmp_path / "place"
    _killed(tmp_path / "journal")
    if kind == "folder":
        place.mkdir()
    elif kind == "pipe":
        os.mkfifo(place)
    elif kind == "device":
        place = Path("/dev/null")
    else:
        place.symlink_to(tmp_path / ("journal" if kind == "link" else "nothing"))
    before = (tmp_path / "journal").read_bytes()

    with pytest.raises(UsageError, match="give --journal"):
        Journal(place, DEAD, START, only_look=only_look)
    assert (tmp_path / "journal").read_bytes() == before
    assert not (tmp_path / "nothing").exists()
    assert os.path.lexists(place)


def test_a_dry_run_reads_a_journal_and_writes_nothing(tmp_path: Path) -> None:
    """Not even the end of a torn line goes, and no file or folder comes."""
    _killed(tmp_path / "journal", upto=20)
    before = (tmp_path / "journal").read_bytes()

    with Journal(tmp_path / "journal", DEAD, START, only_look=True) as journal:
        assert journal.in_doubt == {"two", "three"}
    with Journal(tmp_path / "folder" / "other", DEAD, START, only_look=True) as journal:
        assert not journal.in_doubt
    assert (tmp_path / "journal").read_bytes() == before
    assert list(tmp_path.iterdir()) == [tmp_path / "journal"]


def test_a_dry_run_during_a_redrive_is_told_so(tmp_path: Path) -> None:
    """What it would say is about to change."""
    with Journal(tmp_path / "journal", DEAD, START), pytest.raises(UsageError, match="another redrive"):
        Journal(tmp_path / "journal", DEAD, START, only_look=True)


def test_the_journal_of_an_earlier_version_is_read(tmp_path: Path) -> None:
    """It had no first line; what it leaves in doubt is in doubt still."""
    at = START.timestamp()
    (tmp_path / "journal").write_text(
        f'{{"at": {at}, "intend": ["one", "two"]}}\n{{"at": {at}, "confirm": ["one"]}}\n{{"at"', encoding="utf-8"
    )

    with Journal(tmp_path / "journal", DEAD, START) as journal:
        assert (journal.sent, journal.in_doubt) == ({"one"}, {"two"})
        journal.withdraw(["two"])
        journal.done(["one"])
    assert not (tmp_path / "journal").exists()


def test_its_folder_and_what_is_missing_above_are_for_the_owner_alone(tmp_path: Path) -> None:
    """Whatever the umask is: message ids tell who was at work on what."""
    path = tmp_path / "state" / "of" / "ours" / "journal"
    previous = os.umask(0)
    try:
        with Journal(path, DEAD, START) as journal:
            journal.intend(["one"])
    finally:
        os.umask(previous)

    assert path.stat().st_mode & 0o777 == 0o600
    assert {parent.stat().st_mode & 0o777 for parent in path.parents[:3]} == {0o700}


def test_a_line_that_the_disk_took_in_part_does_not_spoil_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half a line and a whole one behind it would be no line at all."""
    real = os.write
    with Journal(tmp_path / "journal", DEAD, START) as journal:
        journal.intend(["one"])
        monkeypatch.setattr(os, "write", lambda file, line: real(file, line[:7]))
        with pytest.raises(OpsError, match="7 bytes of"):
            journal.confirm(["one"])
        monkeypatch.setattr(os, "write", real)

    with Journal(tmp_path / "journal", DEAD, START) as journal:
        assert journal.in_doubt == {"one"}
        journal.withdraw(["one"])
    with Journal(tmp_path / "journal", DEAD, START) as journal:
        assert not journal.in_doubt


def test_a_file_that_has_taken_the_journals_name_is_not_removed(tmp_path: Path) -> None:
    """Somebody moved the journal away while it was in use, and put something else there."""
    with Journal(tmp_path / "journal", DEAD, START):
        (tmp_path / "journal").rename(tmp_path / "elsewhere")
        (tmp_path / "journal").write_text("Dear Mary", encoding="utf-8")

    assert (tmp_path / "journal").read_text(encoding="utf-8") == "Dear Mary"


def test_a_journal_that_another_begins_at_the_same_moment_is_the_others(tmp_path: Path) -> None:
    """Between our finding none and our giving ours its name."""
    path, real = tmp_path / "journal", os.link
    with pytest.MonkeyPatch.context() as patch:

        def late(partial: Path, name: Path) -> None:
            patch.setattr(os, "link", real)
            others.append(Journal(path, DEAD, START))
            real(partial, name)

        others: list[Journal] = []
        patch.setattr(os, "link", late)
        with pytest.raises(UsageError, match="another redrive"):
            Journal(path, DEAD, START)
    with others[0]:
        assert list(tmp_path.iterdir()) == [path]
