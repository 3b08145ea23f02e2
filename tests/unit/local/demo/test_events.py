"""Reading events from files and folders."""

from pathlib import Path

import pytest

from local.demo.events import EventsError, read_events

EVENT = '{"Endpoints": {}}'


def write(path: Path, text: str) -> Path:
    """Write a file, and the folders that it needs."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_holds_one_event_over_many_lines(tmp_path: Path) -> None:
    """Pinpoint's events are mostly kept pretty-printed."""
    text = '{\n "Endpoints": {\n }\n}\n'
    (event,) = read_events(write(tmp_path / "event.json", text))
    assert (event.text, event.members, event.name) == (text, {"Endpoints": {}}, "event.json")


@pytest.mark.parametrize("name", ["events.jsonl", "events.ndjson", "events.json"])
def test_a_file_of_lines_holds_an_event_a_line(tmp_path: Path, name: str) -> None:
    """JSON lines are recognised by what they are where the file is called .json."""
    events = read_events(write(tmp_path / name, f"{EVENT}\n\n{EVENT}\n"))
    assert [event.name for event in events] == [f"{name}:1", f"{name}:3"]


def test_a_folder_is_read_with_its_folders_in_the_order_of_names(tmp_path: Path) -> None:
    """The order of a run is the same every time; other files do not disturb."""
    for name in ("b/2.json", "a/1.jsonl", "b/1.JSON", "b/notes.txt"):
        write(tmp_path / name, EVENT)
    assert [event.name for event in read_events(tmp_path)] == ["a/1.jsonl:1", "b/1.JSON", "b/2.json"]


@pytest.mark.parametrize(
    ("name", "viewed"),
    [
        ("viewed/1.json", True),
        ("not-viewed/1.json", False),
        ("Not_Viewed/1.json", False),
        ("notviewed/viewed.json", True),
        ("viewed/deep/down/1.json", True),
        ("unviewed/1.json", False),
        ("offers/1.json", None),
    ],
)
def test_the_nearest_name_that_says_so_decides_the_function(tmp_path: Path, name: str, viewed: object) -> None:
    """A person sorts events by folder; a file's own name is the more exact word."""
    write(tmp_path / "all" / name, EVENT)
    (event,) = read_events(tmp_path / "all")
    assert event.viewed is viewed


def test_a_single_file_is_sorted_by_its_folder_too(tmp_path: Path) -> None:
    """EVENTS=not-viewed/1.json means what it says."""
    (event,) = read_events(write(tmp_path / "not-viewed" / "1.json", EVENT))
    assert event.viewed is False


def test_a_folder_s_own_name_counts(tmp_path: Path) -> None:
    """EVENTS=not-viewed is a folder of such events."""
    write(tmp_path / "not-viewed" / "1.json", EVENT)
    (event,) = read_events(tmp_path / "not-viewed")
    assert event.viewed is False


def test_folders_above_the_one_that_was_named_do_not_count(tmp_path: Path) -> None:
    """Where the project is kept says nothing of its customers."""
    write(tmp_path / "viewed" / "project" / "1.json", EVENT)
    (event,) = read_events(tmp_path / "viewed" / "project")
    assert event.viewed is None


@pytest.mark.parametrize(
    ("name", "content", "line", "problem"),
    [
        ("a.json", b'{\n"Endpoints": {\n}', 3, "not JSON"),
        ("a.json", b'{"Endpoints": NaN}', None, "NaN is no JSON number"),
        ("a.json", b'{"a": 1}\n{"a"', 2, "not JSON"),
        ("a.jsonl", b'{"a": 1}\n\n{"a": 1,}\n', 3, "not JSON"),
        ("a.jsonl", b'{"a": 1}\n[]\n', 2, "list"),
        ("a.json", b"[{}]", None, "list"),
        ("a.json", b"7", None, "int"),
        ("a.json", b"{ } trailing", 1, "not JSON"),
        ("a.json", b"  \n", None, "empty"),
        ("a.json", b"\xff\xfe", None, "UTF-8"),
        ("a.json", b"[" * 100_000, None, "nested too deeply"),
    ],
)
def test_what_is_no_event_is_refused_with_its_place(
    tmp_path: Path, name: str, content: bytes, line: int | None, problem: str
) -> None:
    """Whoever gave the file must find what to mend."""
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(EventsError, match=problem) as refusal:
        read_events(path)
    assert (refusal.value.path, refusal.value.line) == (path, line)


def test_what_cannot_be_read_does_not_keep_its_neighbours_back(tmp_path: Path) -> None:
    """One broken line among a campaign's thousands is the ordinary case."""
    write(tmp_path / "a.jsonl", f"{EVENT}\n{EVENT[:-1]}\n{EVENT}\n[]\n")
    write(tmp_path / "b.json", "[" * 100_000)
    write(tmp_path / "c.json", "")
    (tmp_path / "d.json").write_bytes(b"\xff\xfe")
    write(tmp_path / "e.json", "{ } trailing")
    write(tmp_path / "f.json", EVENT)
    unread: list[EventsError] = []
    events = read_events(tmp_path, unread.append)
    assert [event.name for event in events] == ["a.jsonl:1", "a.jsonl:3", "f.json"]
    places = [("a.jsonl", 2), ("a.jsonl", 4), ("b.json", None), ("c.json", None), ("d.json", None), ("e.json", 1)]
    assert [(error.path.name, error.line) for error in unread] == places
    assert str(unread[0]).startswith(f"{tmp_path / 'a.jsonl'}, line 2: this is not JSON: ")


def test_if_nothing_at_all_can_be_read_everything_is_named(tmp_path: Path) -> None:
    """The caller decides that this is no run; it needs each place."""
    unread: list[EventsError] = []
    assert read_events(write(tmp_path / "a.jsonl", "{\n[\n"), unread.append) == []
    assert [error.line for error in unread] == [1, 2]


def test_a_missing_path_and_an_empty_folder_are_refused(tmp_path: Path) -> None:
    """A run without events would prove nothing and look well."""
    with pytest.raises(EventsError, match="no such file or folder"):
        read_events(tmp_path / "nowhere")
    with pytest.raises(EventsError, match="holds no file"):
        read_events(tmp_path)


def test_a_byte_order_mark_does_not_disturb(tmp_path: Path) -> None:
    """Editors on Windows write one."""
    path = tmp_path / "a.json"
    path.write_bytes(b"\xef\xbb\xbf" + EVENT.encode())
    assert read_events(path)[0].text == EVENT


def test_a_name_that_is_given_twice_is_named(tmp_path: Path) -> None:
    """The customer that the first of them named is lost before any function can see it."""
    (event,) = read_events(write(tmp_path / "a.json", '{"Endpoints": {"d": {"x": 1}, "e": 1, "d": {"x": 2}}}'))
    assert (event.repeated, event.members) == (("d",), {"Endpoints": {"d": {"x": 2}, "e": 1}})
