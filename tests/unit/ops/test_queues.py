"""How full a queue is, or why that is unknown."""

from collections.abc import Mapping
from typing import Any

import pytest

from ops.answers import UnreadableAnswerError
from ops.errors import UnreachableError
from ops.queues import Depth, depth, name_of
from tests.fakes.queues import DEAD, FakeSqsService, client_error


class Sqs:
    """SQS with one answer to GetQueueAttributes."""

    def __init__(self, answer: object) -> None:
        self.answer = answer

    def get_queue_attributes(self, **_: Any) -> Any:
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def _depth(answer: object) -> Depth:
    sqs: Any = Sqs(answer)
    return depth(sqs, DEAD)


def test_waiting_in_flight_and_delayed_are_counted_apart_and_together() -> None:
    """Each of them is a customer."""
    counts = {
        "ApproximateNumberOfMessages": "3",
        "ApproximateNumberOfMessagesNotVisible": "2",
        "ApproximateNumberOfMessagesDelayed": "1",
    }

    assert _depth({"Attributes": counts}) == Depth(3, 2, 1)
    assert _depth({"Attributes": counts}).total == 6
    assert name_of(DEAD) == "dead-letters"


@pytest.mark.parametrize(
    "answer",
    [None, {}, {"Attributes": None}, {"Attributes": {}}, {"Attributes": {"ApproximateNumberOfMessages": "many"}}],
)
def test_an_answer_without_counts_is_no_empty_queue(answer: Mapping[str, Any] | None) -> None:
    """Somebody would delete the stack."""
    with pytest.raises((UnreachableError, UnreadableAnswerError), match="lacks what was asked for"):
        _depth(answer)


@pytest.mark.parametrize(
    ("code", "said"),
    [("QueueDoesNotExist", "the queue dead-letters does not exist"), ("AccessDenied", "may not do that")],
)
def test_a_queue_that_cannot_be_asked_is_an_error(code: str, said: str) -> None:
    """With what to do."""
    with pytest.raises(UnreachableError, match=said):
        _depth(client_error(code, "GetQueueAttributes", 403))


def test_the_counts_are_the_fake_s_too() -> None:
    """Which every other test of a queue uses."""
    queues: Any = FakeSqsService()
    queues.put(DEAD, "one")

    assert depth(queues, DEAD) == Depth(1, 0, 0)
