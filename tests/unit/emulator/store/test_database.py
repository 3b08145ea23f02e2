"""What the tables rely on."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from customer_profiles_emulator.store.database import Database, DataFileInUseError

INSERT = "INSERT INTO domains VALUES (?, '{}', 0, 0)"
COUNT = "SELECT COUNT(*) FROM domains"


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """A database in a file."""
    made = Database(str(tmp_path / "data.db"))
    yield made
    made.close()


def test_a_transaction_that_fails_leaves_nothing(database: Database) -> None:
    """An object without its profile must never be seen."""

    def write_and_fail() -> None:
        with database.transaction():
            database.run(INSERT, "D")
            raise RuntimeError("in the middle")

    with pytest.raises(RuntimeError, match="in the middle"):
        write_and_fail()

    assert database.number(COUNT) == 0


def test_a_transaction_stays(database: Database, tmp_path: Path) -> None:
    """The next process that opens the file finds it."""
    with database.transaction():
        database.run(INSERT, "D")

    database.close()
    other = Database(str(tmp_path / "data.db"))
    assert other.number(COUNT) == 1
    other.close()


def test_a_file_is_opened_again_with_what_it_holds(database: Database, tmp_path: Path) -> None:
    """Creating the tables must not empty them."""
    database.run(INSERT, "D")
    database.close()

    again = Database(str(tmp_path / "data.db"))
    assert again.one("SELECT name FROM domains") == ("D",)
    again.close()


def test_a_file_that_is_in_use_is_refused(database: Database, tmp_path: Path) -> None:
    """Two emulators on one file would each go by what it remembers of it."""
    path = str(tmp_path / "data.db")
    database.run(INSERT, "D")

    with pytest.raises(DataFileInUseError, match=f"{path} is in use by another process"):
        Database(path)

    database.close()
    again = Database(path)
    assert again.number(COUNT) == 1
    again.close()
