"""The writer's own counts, out of its log lines."""

import json
from typing import Any

from local.demo.writer_log import Batch, WriterCounts, read, total

COUNTS = {"received": 5, "written": 3, "duplicates": 1, "parked": 1, "returned": 1}


def line(**members: Any) -> str:
    """Return a line that counts a batch."""
    return json.dumps({"message": "batch delivered", **COUNTS, **members})


def test_batches_are_read_in_their_order_and_other_lines_skipped() -> None:
    """A runtime writes lines of its own between."""
    others = ["START RequestId: 1", '{"message": "other", "written": 9}', "[]", '"batch delivered" and cut off']
    lines = [(9.0, line(written=4, returned=0)), *((5.0, other) for other in others), (1.0, line())]
    assert read(lines) == [Batch(1.0, WriterCounts(1, 5, 3, 1, 1, 1)), Batch(9.0, WriterCounts(1, 5, 4, 1, 1, 0))]


def test_counts_and_causes_are_summed() -> None:
    """The soak's table says why records were returned."""
    several = line(returned=3, causes={"ThrottlingException": 2, "ReadTimeoutError": 1})
    sums = total(read([(1.0, several), (2.0, line(causes={"ThrottlingException": 1, "None": 0}))]))
    assert (sums.invocations, sums.received, sums.returned, sums.settled) == (2, 10, 4, 8)
    assert sums.causes == {"ThrottlingException": 3, "ReadTimeoutError": 1}


def test_a_line_without_a_count_counts_nothing() -> None:
    """An older writer's line is no reason to fail."""
    assert total(
        read([(1.0, json.dumps({"message": "batch delivered", "written": "3", "causes": 1}))])
    ) == WriterCounts(1)
