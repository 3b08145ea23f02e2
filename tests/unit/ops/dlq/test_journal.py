"""The journal of a redrive: what it knows after any end of the process that wrote it."""

import os
from datetime import timedelta
from pathlib import Path

import pytest

from ops.dlq.journal import Journal, default_path
from ops.errors import OpsError, UsageError
from tests.fakes.clock import START


def _killed(path: Path, *, upto: int | None = None) -> None:
    """Leave what a process wrote before it was killed; of the last line only ``upto`` bytes."""
    kept = b""
    with Journal(path, START) as journal:
        journal.intend(["one", "two", "three"])
        journal.confirm(["one"])
        journal.withdraw(["two"])
        kept = path.read_bytes()
    whole, _, last = kept.rstrip(b"\n").rpartition(b"\n")
    path.write_bytes(kept if upto is None else whole + b"\n" + last[:upto])


def test_each_message_is_known_as_sent_or_in_doubt_or_neither(tmp_path: Path) -> None:
    """The next run does with each what it must."""
    _killed(tmp_path / "journal")

    with Journal(tmp_path / "journal", START) as journal:
        assert (journal.sent, journal.in_doubt) == ({"one"}, {"three"})


@pytest.mark.parametrize("upto", [0, 1, 20])
def test_a_last_line_that_is_torn_counts_for_nothing(tmp_path: Path, upto: int) -> None:
    """It was never acted upon: what it would have withdrawn is in doubt, and the next line follows on whole ones."""
    _killed(tmp_path / "journal", upto=upto)

    with Journal(tmp_path / "journal", START) as journal:
        assert journal.in_doubt == {"two", "three"}
        journal.withdraw(["two", "three"])
        journal.done(["one"])
    assert not (tmp_path / "journal").exists()


def test_a_journal_with_nothing_open_goes(tmp_path: Path) -> None:
    """A file that says nothing would only worry somebody."""
    with Journal(tmp_path / "journal", START) as journal:
        journal.intend(["one"])
        journal.confirm(["one"])
        journal.done(["one"])

    assert not (tmp_path / "journal").exists()


def test_what_sqs_no_longer_keeps_is_forgotten(tmp_path: Path) -> None:
    """Fourteen days is the longest that a message lives."""
    _killed(tmp_path / "journal")

    with Journal(tmp_path / "journal", START + timedelta(days=15)) as journal:
        assert not journal.sent | journal.in_doubt


def test_a_journal_is_one_runs_at_a_time(tmp_path: Path) -> None:
    """The second is told, and changes nothing."""
    with Journal(tmp_path / "journal", START), pytest.raises(UsageError, match="another redrive"):
        Journal(tmp_path / "journal", START)


def test_a_journal_that_cannot_be_written_stops_before_the_send(tmp_path: Path) -> None:
    """A send that nobody noted could be made twice."""
    with Journal(tmp_path / "journal", START) as journal:
        full = os.open("/dev/full", os.O_WRONLY)
        os.dup2(full, journal._file)  # noqa: SLF001 - a disk that is full
        os.close(full)
        with pytest.raises(OpsError, match="nothing more is sent"):
            journal.intend(["one"])


def test_a_place_that_cannot_be_used_is_a_usage_error(tmp_path: Path) -> None:
    """With the option that names another."""
    (tmp_path / "file").write_text("", encoding="utf-8")

    with pytest.raises(UsageError, match="give --journal"):
        Journal(tmp_path / "file" / "journal", START)


def test_every_queue_has_its_own_place(monkeypatch: pytest.MonkeyPatch) -> None:
    """Under XDG_STATE_HOME where that is set, else under ~/.local/state."""
    monkeypatch.delenv("XDG_STATE_HOME", raising=False)
    monkeypatch.setenv("HOME", "/home/operator")

    assert default_path("https://sqs/one") != default_path("https://sqs/two")
    assert default_path("https://sqs/one").parent == Path("/home/operator/.local/state/journeys-that-write-back")
