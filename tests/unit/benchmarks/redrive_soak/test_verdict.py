"""The verdict on a trial of `make redrive-soak`, and what its trials are about."""

from collections import Counter

import pytest

from benchmarks.redrive_soak.catalogue import ANSWERS, KILLS, OPERATIONS, TRIALS, stages_of
from benchmarks.redrive_soak.parked import Places
from benchmarks.redrive_soak.run import Row


def _row(objects: dict[str, int], parked: dict[str, int]) -> Row:
    return Row("trial", ["one", "two"], places=Places(Counter(objects), Counter(parked)))


@pytest.mark.parametrize(
    ("objects", "parked", "failures"),
    [
        ({"one": 1, "two": 1}, {}, []),
        ({"one": 1}, {}, ["trial: two is missing"]),
        ({"one": 2, "two": 1}, {}, ["trial: one is there more than once"]),
        ({"one": 1, "two": 1}, {"two": 1}, ["trial: two is there more than once"]),
        ({"one": 1}, {"two": 1}, ["trial: two is parked still, after --resend-in-doubt"]),
    ],
)
def test_every_customer_must_be_written_once(
    objects: dict[str, int], parked: dict[str, int], failures: list[str]
) -> None:
    """Anything else is said with the customer's id."""
    assert _row(objects, parked).failures == failures


def test_every_answer_of_every_call_and_every_step_of_both_stages_is_tried() -> None:
    """What is left out proves nothing."""
    assert {f"{operation} {answer}" for operation in OPERATIONS for answer in ANSWERS} <= TRIALS.keys()
    assert [list(steps) for steps in KILLS.values()] == [["intend", "send", "confirm", "delete", "done"]] * 2
    assert len(TRIALS) == 1 + len(OPERATIONS) * len(ANSWERS) + 10 + 2


def test_a_step_of_one_stage_is_tried_on_customers_who_are_parked_there() -> None:
    """Else the process might be killed at the other stage's step."""
    assert stages_of("killed after send, ingest") == ("ingest",)
    assert stages_of("two operators, one journal") == ("writer", "ingest")
