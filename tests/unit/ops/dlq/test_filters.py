"""Filters at their edges."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from ops.dlq.filters import Filters
from ops.dlq.scan import read_all
from tests.fakes.clock import START
from tests.fakes.queues import DEAD, FakeSqsService
from tests.unit.ops.dlq.parked import park

LATER = timedelta(milliseconds=1)


@pytest.mark.parametrize(
    ("filters", "passes"),
    [
        (Filters(), True),
        (Filters(seen_after=START), True),
        (Filters(seen_after=START + LATER), False),
        (Filters(seen_before=START), False),
        (Filters(seen_before=START + LATER), True),
        (Filters(seen_after=START, seen_before=START), False),
    ],
)
def test_two_ages_share_no_message_and_miss_none(filters: Filters, *, passes: bool) -> None:
    """What --newer-than 1h leaves out is what --older-than 1h selects."""
    queues = FakeSqsService()
    park(queues, first_seen=START)
    sqs: Any = queues
    [message] = read_all(sqs, DEAD)
    assert (message in filters) is passes


def test_only_no_filter_at_all_is_everything() -> None:
    """--whole-queue moves every message, so that it goes with no filter."""
    assert Filters().is_everything
    assert not replace(Filters(), stages=frozenset({"writer"})).is_everything
