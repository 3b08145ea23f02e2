"""Reads events from a file or a folder: JSON with one event a file, or JSON lines."""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

SUFFIXES = frozenset({".json", ".jsonl", ".ndjson"})
LINES = frozenset({".jsonl", ".ndjson"})


class EventsError(Exception):
    """The events cannot be read; the message names the file, the line if there is one, and what is wrong."""

    def __init__(self, path: Path, problem: str, line: int | None = None) -> None:
        place = str(path) if line is None else f"{path}, line {line}"
        super().__init__(f"{place}: {problem}")
        self.path = path
        self.line = line


@dataclass(frozen=True, slots=True)
class Event:
    """One event, to be sent as it was written.

    Attributes:
        name: The file, and the line if it holds several events.
        text: The JSON as it stands in the file.
        members: What the text says.
        viewed: Which function it is for; None if neither file nor folder says.
        repeated: Names that one map of it has twice: every JSON parser on the way drops all but the last.
    """

    name: str
    text: str
    members: Mapping[str, Any]
    viewed: bool | None
    repeated: tuple[str, ...] = ()


Unreadable = Callable[[EventsError], None]
"""Called with each file, or line of a file, that is no event; it may raise the error, or keep it and return."""


def _refused(error: EventsError) -> None:
    raise error


def read_events(path: Path, unreadable: Unreadable = _refused) -> list[Event]:
    """Return the events of a file, or of every file with one of `SUFFIXES` in a folder and the folders in it, by name.

    Raises:
        EventsError: nothing is there; and, unless ``unreadable`` takes it, for what is no event.
    """
    if path.is_file():
        return list(_events(path, path.name, _viewed((path.name, path.resolve().parent.name)), unreadable))
    if not path.is_dir():
        raise EventsError(path, "there is no such file or folder")
    files = sorted(file for file in path.rglob("*") if file.suffix.lower() in SUFFIXES and file.is_file())
    if not files:
        raise EventsError(path, f"the folder holds no file that ends in {', '.join(sorted(SUFFIXES))}")
    return [event for file in files for event in _of_folder(path, file, unreadable)]


def _of_folder(folder: Path, file: Path, unreadable: Unreadable) -> Iterator[Event]:
    below = file.relative_to(folder)
    names = (*reversed(below.parts), folder.resolve().name)
    return _events(file, below.as_posix(), _viewed(names), unreadable)


def _viewed(names: tuple[str, ...]) -> bool | None:
    """Return what the first of the names that says anything says: the file's own, then its folders', inside out."""
    for name in names:
        word = "".join(letter for letter in name.lower() if letter.isalpha())
        if "notviewed" in word or "unviewed" in word:
            return False
        if "viewed" in word:
            return True
    return None


def _events(path: Path, name: str, viewed: bool | None, unreadable: Unreadable) -> Iterator[Event]:  # noqa: FBT001 - a value, no switch
    try:
        text = _text(path)
        if path.suffix.lower() not in LINES and (event := _whole(path, name, text, viewed)) is not None:
            yield event
            return
    except EventsError as error:
        unreadable(error)
        return
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            event = _event(path, f"{name}:{number}", line, viewed, number)
        except EventsError as error:
            unreadable(error)
        else:
            yield event


def _whole(path: Path, name: str, text: str, viewed: bool | None) -> Event | None:  # noqa: FBT001 - as above
    """Return the one event that a file holds; None if it holds JSON lines instead."""
    try:
        return _event(path, name, text, viewed)
    except EventsError as error:
        if isinstance(error.__cause__, json.JSONDecodeError) and _begins_with_a_whole_line(text):
            return None
        raise


def _text(path: Path) -> str:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise EventsError(path, "the file is not UTF-8") from error
    except OSError as error:
        raise EventsError(path, error.strerror or type(error).__name__) from error
    if not text.strip():
        raise EventsError(path, "the file is empty")
    return text


def _begins_with_a_whole_line(text: str) -> bool:
    """Return whether the first line is JSON by itself, so that what follows is meant to be JSON lines."""
    first = next(line for line in text.split("\n") if line.strip())
    try:
        json.loads(first)
    except (RecursionError, ValueError):
        return False
    return len(first.strip()) < len(text.strip())


def _event(path: Path, name: str, text: str, viewed: bool | None, line: int | None = None) -> Event:  # noqa: FBT001 - as above
    repeated: list[str] = []

    def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            repeated.extend(member for member, count in Counter(member for member, _ in pairs).items() if count > 1)
        return found

    try:
        value = json.loads(text, parse_constant=_refuse, object_pairs_hook=members)
    except (RecursionError, ValueError) as error:
        found_at = error.lineno if line is None and isinstance(error, json.JSONDecodeError) else line
        raise EventsError(path, f"this is not JSON: {_problem(error)}", found_at) from error
    if not isinstance(value, dict):
        raise EventsError(path, f"an event is a JSON object, and this is a {type(value).__name__}", line)
    return Event(name, text, value, viewed, tuple(repeated))


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON number")


def _problem(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg} at character {error.colno}"
    return "nested too deeply" if isinstance(error, RecursionError) else str(error)
