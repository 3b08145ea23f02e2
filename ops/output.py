"""The forms of a result: tables to read, or JSON, YAML and CSV for programs."""

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import yaml

from ops.text import printable


class Output(StrEnum):
    """The form of a command's result."""

    TABLE = "table"
    JSON = "json"
    YAML = "yaml"
    CSV = "csv"


@dataclass(frozen=True, slots=True)
class Rows:
    """The main rows of a result, for CSV.

    Attributes:
        columns: What each row holds.
        rows: The rows.
    """

    columns: Sequence[str]
    rows: Sequence[Sequence[object]]

    @classmethod
    def of(cls, columns: Sequence[str], documents: Iterable[Mapping[str, object]]) -> "Rows":
        """Return a row of each document's members of these names."""
        return cls(columns, [[document[column] for column in columns] for document in documents])


class _Dumper(yaml.SafeDumper):
    """Quotes every text that begins like a number: YAML 1.2 reads ``120e34`` as one, and PyYAML would not quote it."""


def _represent_text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"' if text[:1] in "+-.0123456789" else None)


_Dumper.add_representer(str, _represent_text)


def as_json(members: Mapping[str, Any]) -> str:
    """Return a document as JSON in ASCII: nothing in it can steer a terminal."""
    return json.dumps(members, indent=2, ensure_ascii=True, default=str) + "\n"


def as_yaml(members: Mapping[str, Any]) -> str:
    """Return a document as one YAML document in ASCII, so that several of them are a stream."""
    plain = json.loads(as_json(members))
    return str(yaml.dump(plain, Dumper=_Dumper, sort_keys=False, explicit_start=True, width=float("inf")))


def as_csv(rows: Rows, *, header: bool = True) -> str:
    """Return rows as CSV: one line a row, whatever a cell holds."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    if header:
        writer.writerow(rows.columns)
    writer.writerows([_cell(value) for value in row] for row in rows.rows)
    return written.getvalue()


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return printable(str(value))
