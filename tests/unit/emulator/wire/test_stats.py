"""Counts that tests and soaks verify against."""

from concurrent.futures import ThreadPoolExecutor

from customer_profiles_emulator.wire.stats import Stats


def test_counts_from_many_threads_add_up() -> None:
    """A count that loses one makes a soak look like a lost record."""
    stats = Stats()
    with ThreadPoolExecutor(8) as threads:
        for _ in range(1_000):
            threads.submit(stats.operation, "PutProfileObject", "ok")
            threads.submit(stats.event, "objects_written", 2)

    assert stats.snapshot() == {
        "operations": {"PutProfileObject": {"ok": 1_000}},
        "events": {"objects_written": 2_000},
        "callers": {},
    }


def test_a_snapshot_does_not_change_with_later_counts() -> None:
    """A test compares before and after."""
    stats = Stats()
    stats.event("objects_written")
    before = stats.snapshot()
    stats.event("objects_written")
    stats.reset()

    assert before["events"] == {"objects_written": 1}
    assert stats.snapshot() == {"operations": {}, "events": {}, "callers": {}}


def test_a_caller_is_remembered_with_what_it_called() -> None:
    """Which function calls which operation is what its role has to allow, and no more."""
    stats = Stats()
    for name in ("PutProfileObject", "GetDomain", "PutProfileObject"):
        stats.caller("ASIA1", name)

    assert stats.snapshot()["callers"] == {"ASIA1": ["GetDomain", "PutProfileObject"]}
