"""The script behind `make docs`: it writes what is stale, and refuses what it cannot explain."""

from enum import StrEnum
from pathlib import Path

import pytest

from docs import tables


class Colour(StrEnum):
    """Two members, of which one is explained."""

    RED = "red"
    """The colour of ``blood``,

    and of roses.
    """
    BLUE = "blue"


def test_a_member_is_explained_by_the_docstring_below_it() -> None:
    """In one line of Markdown."""
    assert tables.explained(Colour.RED) == "The colour of `blood`, and of roses."


def test_a_member_without_a_docstring_is_refused() -> None:
    """An empty cell would be taken for finished."""
    with pytest.raises(LookupError, match=r"Colour\.BLUE"):
        tables.explained(Colour.BLUE)


def test_a_table_that_does_not_exist_is_refused() -> None:
    """A typing error in a marker would leave the table as it is for ever."""
    with pytest.raises(KeyError, match="colours"):
        tables.rendered("<!-- table: colours -->\n<!-- end of table -->")


def test_a_stale_document_is_written_and_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """And a current one is not touched."""
    stale, current = tmp_path / "stale.md", tmp_path / "current.md"
    stale.write_text("before\n<!-- table: exit_codes -->\n| old |\n<!-- end of table -->\nafter\n", encoding="utf-8")
    current.write_text("no table\n", encoding="utf-8")
    monkeypatch.setattr(tables, "ROOT", tmp_path)
    monkeypatch.setattr(tables, "DOCUMENTS", [stale, current])

    tables.main()

    text = stale.read_text(encoding="utf-8")
    assert text.startswith("before\n")
    assert text.endswith("after\n")
    assert tables.exit_codes() in text
    assert "| old |" not in text
    assert capsys.readouterr().out == "stale.md\n"
