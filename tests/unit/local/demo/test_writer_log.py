"""The writer's own counts, out of its log lines."""

import json

from local.demo.account import WriterCounts
from local.demo.writer_log import counts

BATCH = {"message": "batch delivered", "received": 5, "written": 3, "duplicates": 1, "parked": 1, "returned": 1}


def test_the_batches_are_summed_and_other_lines_skipped() -> None:
    """A runtime writes lines of its own between."""
    lines = [json.dumps(BATCH), "START RequestId: 1", '{"message": "other", "written": 9}', "[]", json.dumps(BATCH)]
    assert counts(lines) == WriterCounts(2, 10, 6, 2, 2, 2)


def test_a_line_without_a_count_counts_nothing() -> None:
    """An older writer's line is no reason to fail."""
    assert counts([json.dumps({"message": "batch delivered", "written": "3"})]) == WriterCounts(invocations=1)
