"""What the soak reads from the writer's log."""

import json
from typing import Any

from benchmarks.soak import writer_log


def batch(**members: Any) -> str:
    """Return a line that counts a batch."""
    counts = {"received": 10, "written": 10, "duplicates": 0, "parked": 0, "returned": 0}
    return json.dumps({"message": "batch delivered", **counts, **members})


def test_counts_and_causes_are_summed_over_batches() -> None:
    """The table says why records were returned."""
    said = writer_log.read(
        [
            batch(),
            batch(written=7, returned=3, causes={"ThrottlingException": 2, "ReadTimeoutError": 1}),
            batch(written=9, returned=1, causes={"ThrottlingException": 1}),
            '"batch delivered" in a line that was cut off',
        ]
    )
    assert (said.counts.invocations, said.counts.received, said.counts.written, said.counts.returned) == (3, 30, 26, 4)
    assert said.causes == {"ThrottlingException": 3, "ReadTimeoutError": 1}
