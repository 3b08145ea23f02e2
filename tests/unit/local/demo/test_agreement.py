"""The account against the writer's own log."""

from collections import Counter
from dataclasses import replace

import pytest

from local.demo.account import Account, Waiting, disagreements
from local.demo.writer_log import WriterCounts

ACCOUNT = Account(4, 2, Counter({"too_large": 1}), 1, Counter(), 0, queued=4, parked_by_writer=1)
WAITING = Waiting(0, 1)
COUNTS = WriterCounts(invocations=2, received=4, written=2, parked=1, returned=1)


def said(account: Account = ACCOUNT, waiting: Waiting = WAITING, counts: WriterCounts = COUNTS) -> list[str]:
    """Return the disagreements."""
    return list(disagreements(account, waiting, counts))


def test_an_account_that_the_log_bears_out_is_not_questioned() -> None:
    """Written, parked and waiting are what was queued, for both."""
    assert said() == []


def test_a_backlog_of_earlier_runs_is_part_of_the_sum() -> None:
    """The writer does not know runs."""
    assert said(replace(ACCOUNT, earlier=3), Waiting(5, 4), replace(COUNTS, written=4)) == []


@pytest.mark.parametrize(
    ("account", "waiting", "counts", "problem"),
    [
        (ACCOUNT, WAITING, replace(COUNTS, written=1), "3 messages left the queue"),
        (ACCOUNT, WAITING, replace(COUNTS, written=3), "counts 4 written or parked, but 3"),
        (replace(ACCOUNT, written=3), WAITING, COUNTS, "3 customers look written, but the writer's log counts 2"),
        (
            replace(ACCOUNT, parked_by_writer=0),
            Waiting(0, 1),
            COUNTS,
            "but the dead-letter queue has 0",
        ),
        (replace(ACCOUNT, earlier=2), Waiting(1, 2), COUNTS, "1 in the queue that are neither"),
        (replace(ACCOUNT, unclaimed=Counter({"not_json": 1})), WAITING, COUNTS, "1 not_json parked in this run"),
    ],
)
def test_each_difference_is_named(account: Account, waiting: Waiting, counts: WriterCounts, problem: str) -> None:
    """A false account that ends well is worse than none."""
    assert any(problem in sentence for sentence in said(account, waiting, counts))


def test_an_earlier_run_s_records_may_be_parked_meanwhile() -> None:
    """They left the queue, where they had waited since then."""
    account = replace(ACCOUNT, unclaimed=Counter({"x": 1}), parked_by_writer=2)
    assert said(account, Waiting(1, 1), replace(COUNTS, parked=2)) == []
