"""Waiting for a queue, and reading what is parked."""

import json
from collections.abc import Sequence
from typing import Any

import pytest

from local.demo.dead_letters import Parked
from local.demo.queues import CALM, PATIENCE, POLL, Time, drain, parked
from tests.fakes.clock import FakeClock


def looks(counts: Sequence[int], of_earlier_runs: int = 0) -> tuple[list[int], FakeClock]:
    """Return what a wait yields over a queue with these counts, the last one for ever, and how long it took."""
    clock = FakeClock()
    remaining = list(counts)

    def waiting() -> int:
        return remaining.pop(0) if len(remaining) > 1 else remaining[0]

    drained = drain(waiting, Time(clock.monotonic, clock.sleep), PATIENCE, lambda count: count <= of_earlier_runs)
    return list(drained), clock


def test_an_empty_queue_must_be_empty_for_a_while() -> None:
    """SQS's counts are approximate: one zero proves little."""
    seen, _ = looks([2, 0, 1, 0])
    assert seen == [2, 0, 1, *([0] * CALM)]


def test_waiting_ends_when_nothing_moves() -> None:
    """A writer that can write nothing must not keep a person waiting for ever."""
    seen, clock = looks([3, 2])
    assert seen[-1] == 2
    assert PATIENCE <= clock.elapsed <= PATIENCE + 4 * POLL


def test_what_earlier_runs_left_is_not_waited_for() -> None:
    """They may stay away for half an hour each time, until somebody mends what keeps them."""
    seen, _ = looks([7, 5], of_earlier_runs=5)
    assert seen == [7, *([5] * CALM)]


def message(body: object, **attributes: str) -> Any:
    """Return a message as SQS hands it out."""
    return {
        "MessageId": "m",
        "Body": body if isinstance(body, str) else json.dumps(body),
        "MessageAttributes": {name: {"StringValue": value, "DataType": "String"} for name, value in attributes.items()},
    }


@pytest.mark.parametrize(
    ("body", "attributes", "expected"),
    [
        ({"Endpoints": {"a": {}}}, {"reason": "no_identity"}, Parked("m", "no_identity", customer="a")),
        ({"Items": {"CustomerProfiles": [{"ProfileId": "p"}]}}, {"reason": "x"}, Parked("m", "x", customer="p")),
        ({"Items": {"CustomerProfiles": [None]}}, {"reason": "x"}, Parked("m", "x")),
        ({"omitted": {"customer": "a", "bytes": 9}}, {"reason": "x"}, Parked("m", "x", customer="a")),
        ({"omitted": {"customer": None}}, {"reason": "x"}, Parked("m", "x")),
        ({"recordId": "r"}, {"reason": "x", "recordId": "r"}, Parked("m", "x", record_id="r")),
        (
            {"recordId": "r", "endpointId": "a"},
            {"reason": "x", "recordId": "r", "stage": "writer", "fingerprint": "f"},
            Parked("m", "x", "r", "a", "writer", "f"),
        ),
        ("not JSON", {"reason": "x", "recordId": "r"}, Parked("m", "x", record_id="r")),
        ({"recordId": "r", "endpointId": 1}, {}, Parked("m", "unknown", record_id="r")),
        ({"recordId": "r"}, {}, Parked("m", "unknown", record_id="r")),
        ("not JSON", {"reason": "not_json"}, Parked("m", "not_json")),
        ("[1]", {"reason": "not_a_record"}, Parked("m", "not_a_record")),
    ],
)
def test_a_parked_message_tells_whose_it_is(body: object, attributes: dict[str, str], expected: Parked) -> None:
    """A customer that was parked is accounted for by name."""
    assert parked(message(body, **attributes)) == expected
