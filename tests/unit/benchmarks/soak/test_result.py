"""For what a soak fails."""

from collections import Counter

from benchmarks.soak.caller import CallerResult
from benchmarks.soak.result import Result, Row
from benchmarks.soak.traffic import traffic
from benchmarks.soak.verification import Account
from local.demo.writer_log import WriterCounts


def result(account: Account | None = None, caller: CallerResult | None = None, **injected: int) -> Result:
    """Return what a soak of one profile came to."""
    row = Row(
        name="kills",
        traffic=traffic("kills", 10, ["p"]),
        caller=caller or CallerResult(),
        injected=Counter(injected),
        writer=WriterCounts(),
        calls=0,
        replaced=0,
        seconds=1.0,
        left=0,
    )
    return Result(rows=[row], accounts={"kills": account or Account()})


def test_a_run_in_which_all_is_well_does_not_fail() -> None:
    """Exit code 0 is for this alone."""
    assert result(batches=3).failures == []


def test_a_fault_that_was_never_injected_fails_the_run() -> None:
    """A pipeline that was spared has proved nothing."""
    assert result(batches=0).failures == ["kills: no batches"]


def test_what_is_missing_comes_first_and_by_name() -> None:
    """It is what the reader looks for."""
    failures = result(Account(missing=["a of e"], wrong=["b of e is amiss"]), CallerResult(given_up=["e"])).failures
    assert failures == ["missing: kills: a of e", "kills: b of e is amiss", "kills: the caller gave up e"]


def test_what_is_still_queued_fails_the_run() -> None:
    """It is not lost, but the soak was to wait until all was at rest."""
    waiting = result()
    waiting.queued = 2
    assert waiting.failures == ["2 messages were still in the queue when waiting ended"]
