from dataclasses import replace

import pytest

from tests.sqs_events import sqs_event
from writer.claims import CAUSE, MOST, Claims
from writer.delivery import Outcome, Returned, Written
from writer.message import read_event

[MESSAGE] = read_event(sqs_event(["body"]))


def written(record_id: str, unique_key: str | None) -> Written:
    """Return a record that the service answered with this key."""
    return Written(MESSAGE, record_id, unique_key=unique_key)


def names(outcomes: list[Outcome]) -> list[str]:
    """Return each outcome's cause, or that it is written."""
    return [outcome.cause if isinstance(outcome, Returned) else "written" for outcome in outcomes]


def test_each_record_with_a_key_of_its_own_is_written() -> None:
    """As the service answers."""
    outcomes = [written("a", "key-a"), written("b", "key-b")]

    assert Claims().review(outcomes) == outcomes


def test_a_record_that_is_written_again_has_the_same_key() -> None:
    """A repeat replaces the same object."""
    claims = Claims()

    assert names(claims.review([written("a", "key-a"), written("a", "key-a")])) == ["written"] * 2
    assert names(claims.review([written("a", "key-a")])) == ["written"]


def test_neither_of_two_records_with_one_key_counts_as_written() -> None:
    """An answer that came twice, or was swapped: nobody can tell whose it was."""
    outcomes = [written("a", "key-a"), written("b", "key-a"), written("c", "key-c")]

    assert names(Claims().review(outcomes)) == [CAUSE, CAUSE, "written"]


def test_a_duplicate_shares_the_fate_of_the_record_that_it_repeats() -> None:
    """It was not written either."""
    outcomes = [written("a", "key-a"), replace(written("a", None), duplicate=True), written("b", "key-a")]

    assert names(Claims().review(outcomes)) == [CAUSE] * 3


def test_an_answer_to_a_record_of_an_earlier_batch_is_known() -> None:
    """A connection is kept from one invocation to the next, and with it what is late."""
    claims = Claims()
    claims.review([written("a", "key-a")])

    assert names(claims.review([written("b", "key-a")])) == [CAUSE]


def test_a_key_that_was_disputed_is_no_obstacle_for_ever() -> None:
    """The record that is written again gets its own answer, and counts."""
    claims = Claims()
    claims.review([written("wrong", "key-a"), written("a", "key-a")])

    assert names(claims.review([written("a", "key-a"), written("wrong", "key-of-wrong")])) == ["written"] * 2


def test_what_is_returned_or_has_no_key_is_left_alone() -> None:
    """There is no answer to doubt."""
    outcomes: list[Outcome] = [Returned(MESSAGE, "Throttling", "a"), written("b", None), written("c", None)]

    assert Claims().review(outcomes) == outcomes


@pytest.mark.parametrize(("others", "cause"), [(MOST - 1, CAUSE), (MOST, "written")])
def test_the_oldest_keys_are_forgotten(others: int, cause: str) -> None:
    """An environment lives for hours, and its memory is counted."""
    claims = Claims()
    claims.review([written("a", "key-a")])
    claims.review([written(f"record-{number}", f"key-{number}") for number in range(others)])

    assert names(claims.review([written("b", "key-a")])) == [cause]
