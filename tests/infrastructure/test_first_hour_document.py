"""docs/first-hour.md has every question that `ops first-hour` asks."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

from ops.first_hour.reading_questions import ReadingQuestions
from ops.first_hour.writing_questions import SPELLINGS, WritingQuestions

TEXT = (Path(__file__).parents[2] / "docs" / "first-hour.md").read_text(encoding="utf-8")
SECTION = TEXT.split("## 1.")[1].split("## 2.")[0]
ROWS = [line for line in SECTION.splitlines() if line.startswith("| ")][1:]


def test_every_question_that_is_asked_by_itself_is_in_the_document_once() -> None:
    """Whoever reads an answer looks here for what it means."""
    nothing: Any = SimpleNamespace()
    looked = list(ReadingQuestions(nothing, "one", "two", "arn:aws:connect:eu-west-1:1:instance/a").questions())
    tried = list(WritingQuestions(nothing).questions())

    # which account is asked needs no explanation; the spellings of an address share one
    assert len(ROWS) == len(looked) - 1 + len(tried) - len(SPELLINGS) + 1
