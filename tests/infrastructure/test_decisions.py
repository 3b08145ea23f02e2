"""The decisions are numbered records, and a reference by number leads to one of them."""

import re
import subprocess
from datetime import date

from tests.infrastructure.documents import ROOT

RECORDS = sorted((ROOT / "docs/decisions").glob("[0-9]*.md"))
TEXTS = {int(record.name[:4]): record.read_text(encoding="utf-8") for record in RECORDS}
FIRST_COMMIT = date(2026, 11, 23)
STATUS = r"(proposed|accepted)(, changed by \[.+\]\(.+\)( and \[.+\]\(.+\))?)?|superseded by \[\d+\]\(.+\)"


def test_no_number_is_given_twice_and_none_is_left_out() -> None:
    """Two branches that each add the next number make two of it."""
    assert [int(record.name[:4]) for record in RECORDS] == list(range(1, len(RECORDS) + 1))


def test_every_record_is_titled_with_its_number() -> None:
    """A reader sees the title, a reference the file's name."""
    assert [number for number, text in TEXTS.items() if not text.startswith(f"# {number}. ")] == []


def test_every_record_has_a_date_a_status_and_its_three_parts() -> None:
    """Alternatives are told if some were considered."""
    for number, text in TEXTS.items():
        [decided] = re.findall(r"^- Date: (.+)$", text, re.MULTILINE)
        [status] = re.findall(r"^- Status: (.+)$", text, re.MULTILINE)
        parts = re.findall(r"^## (.+)$", text, re.MULTILINE)
        assert date.fromisoformat(decided) >= FIRST_COMMIT, number
        assert re.fullmatch(STATUS, status), (number, status)
        assert [part for part in parts if part != "Alternatives"] == ["Context", "Decision", "Consequences"], number


def test_a_record_that_changes_another_is_newer() -> None:
    """Else the older one would be what holds."""
    for number, text in TEXTS.items():
        [status] = re.findall(r"^- Status: (.+)$", text, re.MULTILINE)
        assert all(int(later) > number for later in re.findall(r"\[(\d+)\]", status)), number


def test_every_number_that_is_cited_is_a_record_s() -> None:
    """In code, in the template and in documents alike: `decision 60`."""
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True)  # noqa: S607 - of the PATH
    cited = {
        int(number)
        for file in tracked.stdout.split("\0")
        if file.endswith((".py", ".md", ".yaml", ".toml")) and (ROOT / file).exists()
        for number in re.findall(r"\b[Dd]ecision (\d+)", (ROOT / file).read_text(encoding="utf-8"))
    }
    assert cited - TEXTS.keys() == set()
