"""What was written in this run."""

import json

from local.demo import writes


def line(record_id: str, ingested_at: float) -> str:
    """Return an object as the emulator's control plane lists it."""
    return json.dumps({"key": [record_id], "unique_key": "k", "profile_id": "p", "ingested_at": ingested_at})


def test_an_object_of_an_earlier_run_is_not_one_of_this_run() -> None:
    """The same events give the same objects: to find one is no proof that it was written again."""
    before = writes.read([line("old", 1.0), line("again", 1.0)])
    now = writes.read([line("old", 1.0), line("again", 2.0), line("new", 2.0)])
    assert writes.since(before, now) == {"again", "new"}
