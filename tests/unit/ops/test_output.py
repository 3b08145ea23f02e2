"""Results for programs: JSON, YAML and CSV hold what was found, and nothing that could steer a terminal."""

import csv
import json

import pytest
import yaml

from ops.errors import UsageError
from ops.output import Output, Rows, as_csv, as_json, as_yaml
from tests.fakes.terminal import FakeScreen

NASTY = "\x1b[2J\u202e=1+1\n- a: b # c"
DOCUMENT = {"stack": "one", "empty": None, "yes": True, "list": [1, 2.5, "three"], "nasty": NASTY}


def test_json_and_yaml_hold_the_same() -> None:
    """A document is one value, in two forms."""
    assert json.loads(as_json(DOCUMENT)) == DOCUMENT
    assert yaml.safe_load(as_yaml(DOCUMENT)) == DOCUMENT


@pytest.mark.parametrize("form", [as_json, as_yaml])
def test_documents_are_printable_ascii(form: type) -> None:
    """What a customer typed is not the operator's keyboard."""
    written = str(form(DOCUMENT))

    assert written.isascii()
    assert all(line.isprintable() for line in written.splitlines())


@pytest.mark.parametrize("text", ["120e34", "0123", "1.5", "-1", "+1", ".5", "0x1F", "12:30:00", "2026-11-23"])
def test_text_that_looks_like_a_number_stays_text_in_yaml(text: str) -> None:
    """A cause's key may be 120e34, which YAML 1.2 reads as a number though PyYAML does not."""
    assert as_yaml({"key": text}) == f'---\nkey: "{text}"\n'
    assert yaml.safe_load(as_yaml({"key": text})) == {"key": text}


def test_a_long_text_stays_on_one_line_and_members_in_their_order() -> None:
    """Grep works by lines, and people read from the top."""
    assert as_yaml({"b": "word " * 100 + "end", "a": 1}).count("\n") == 3


def test_yaml_documents_one_after_the_other_are_a_stream() -> None:
    """`ops status --watch --output yaml`."""
    assert list(yaml.safe_load_all(as_yaml({"n": 1}) + as_yaml({"n": 2}))) == [{"n": 1}, {"n": 2}]


def test_csv_has_one_line_a_row() -> None:
    """None is an empty cell, and a line end in a cell is an escape."""
    rows = Rows(("a", "b", "c", "d"), [(None, True, False, NASTY), ("x, y", 'say "z"', 1.5, 0)])
    lines = as_csv(rows).splitlines()

    assert lines[0] == "a,b,c,d"
    assert list(csv.reader(lines[1:])) == [
        ["", "true", "false", "\\x1b[2J\\u202e=1+1\\n- a: b # c"],
        ["x, y", 'say "z"', "1.5", "0"],
    ]


def test_rows_of_documents_hold_the_members_that_are_named() -> None:
    """In that order."""
    assert Rows.of(("b", "a"), [{"a": 1, "b": 2, "c": 3}]).rows == [[2, 1]]


@pytest.mark.parametrize("output", [Output.JSON, Output.YAML, Output.CSV])
def test_beside_a_document_there_is_nothing_for_people(output: Output) -> None:
    """A program must not have to skip anything; an error is JSON beside it."""
    screen = FakeScreen(output=output)
    screen.line("a line")
    screen.document({"a": 1}, Rows(("a",), [(1,)]))
    screen.error("Stack", "no such stack", 2)

    assert "a line" not in screen.result
    assert json.loads(screen.notes)["exit"] == 2


def test_a_table_is_no_document() -> None:
    """People get lines and tables."""
    screen = FakeScreen()
    screen.document({"a": 1}, Rows(("a",), [(1,)]))

    assert screen.result == ""


def test_a_result_without_rows_is_refused_as_csv() -> None:
    """The command line refuses it first; an empty file would be taken for an answer."""
    with pytest.raises(UsageError, match="no rows"):
        FakeScreen(output=Output.CSV).document({"a": 1})


def test_the_header_is_written_once() -> None:
    """Rows of several moments are one table."""
    screen = FakeScreen(output=Output.CSV)
    for number in (1, 2):
        screen.document({}, Rows(("a",), [(number,)]))

    assert screen.result == "a\n1\n2\n"
