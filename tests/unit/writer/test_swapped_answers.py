from dataclasses import replace

import pytest

from tests.sqs_events import sqs_event
from writer.delivery import Outcome, Returned, Written
from writer.message import read_event
from writer.swapped_answers import SwappedAnswers

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

    assert SwappedAnswers().return_swapped(outcomes) == outcomes


def test_a_record_that_is_written_again_has_the_same_key() -> None:
    """A repeat replaces the same object."""
    answers = SwappedAnswers()

    assert names(answers.return_swapped([written("a", "key-a"), written("a", "key-a")])) == ["written"] * 2
    assert names(answers.return_swapped([written("a", "key-a")])) == ["written"]


def test_neither_of_two_records_with_one_key_counts_as_written() -> None:
    """An answer that came twice, or was swapped: whose it was is unknown."""
    outcomes = [written("a", "key-a"), written("b", "key-a"), written("c", "key-c")]

    assert names(SwappedAnswers().return_swapped(outcomes)) == [
        "AnswerOfAnotherRecord",
        "AnswerOfAnotherRecord",
        "written",
    ]


def test_a_duplicate_has_the_outcome_of_the_record_that_it_repeats() -> None:
    """It was not written either."""
    outcomes = [written("a", "key-a"), replace(written("a", None), duplicate=True), written("b", "key-a")]

    assert names(SwappedAnswers().return_swapped(outcomes)) == ["AnswerOfAnotherRecord"] * 3


def test_the_keys_of_earlier_batches_are_remembered() -> None:
    """A connection is kept from one invocation to the next, and with it a late answer."""
    answers = SwappedAnswers()
    answers.return_swapped([written("a", "key-a")])

    assert names(answers.return_swapped([written("b", "key-a")])) == ["AnswerOfAnotherRecord"]


def test_a_key_that_two_records_shared_is_no_obstacle_for_ever() -> None:
    """The record that is written again gets its own answer, and counts."""
    answers = SwappedAnswers()
    answers.return_swapped([written("wrong", "key-a"), written("a", "key-a")])

    assert names(answers.return_swapped([written("a", "key-a"), written("wrong", "key-of-wrong")])) == ["written"] * 2


def test_an_outcome_without_a_key_is_left_alone() -> None:
    """There is no answer to doubt."""
    outcomes: list[Outcome] = [Returned(MESSAGE, "Throttling", "a"), written("b", None), written("c", None)]

    assert SwappedAnswers().return_swapped(outcomes) == outcomes


@pytest.mark.parametrize(("others", "cause"), [(9_999, "AnswerOfAnotherRecord"), (10_000, "written")])
def test_an_environment_remembers_ten_thousand_keys(others: int, cause: str) -> None:
    """It lives for hours, and its memory is limited; the oldest key is forgotten first."""
    answers = SwappedAnswers()
    answers.return_swapped([written("a", "key-a")])
    answers.return_swapped([written(f"record-{number}", f"key-{number}") for number in range(others)])

    assert names(answers.return_swapped([written("b", "key-a")])) == [cause]
