"""A question to AWS that no document answers, and what was answered."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from botocore.exceptions import ClientError

from ops.errors import AWS_FAILURES, OpsError, UnofferedError, code_of, explained, offered, one_line

REFUSALS = frozenset({"BadRequestException", "ValidationException"})
"""Codes that answer a question: the service understood the call, and does not accept it."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question.

    Attributes:
        text: The question.
        call: What is called to have it answered.
        settles: What depends on the answer.
        ask: Calls, and returns the answer as one sentence; raises what boto3 raises, and OpsError.
    """

    text: str
    call: str
    settles: str
    ask: Callable[[], str]


@dataclass(frozen=True, slots=True)
class Answer:
    """A question's answer.

    Attributes:
        question: The question.
        said: The answer, or why there is none, as one sentence.
        is_known: Whether there is one.
    """

    question: Question
    said: str
    is_known: bool = True

    @property
    def document(self) -> Mapping[str, object]:
        """The same as JSON."""
        return {
            "question": self.question.text,
            "call": self.question.call,
            "answer": self.said if self.is_known else None,
            "notAsked": None if self.is_known else self.said,
            "settles": self.question.settles,
        }


def answered(question: Question) -> Answer:
    """Ask a question; if it cannot be asked, the answer says why, and the next is asked all the same."""
    try:
        return Answer(question, offered(question.ask))
    except UnofferedError:
        return Answer(question, "this endpoint does not offer the call", is_known=False)
    except OpsError as error:
        return Answer(question, str(error), is_known=False)
    except AWS_FAILURES as error:
        return Answer(question, str(explained(error)), is_known=False)


def refusal(call: Callable[[], object]) -> str:
    """Return the service's own words if it refuses a call; an empty text if it accepts it.

    Raises:
        ClientError, BotoCoreError: the call failed in a way that answers nothing, as a missing permission does.
    """
    try:
        call()
    except ClientError as error:
        if code_of(error) in REFUSALS:
            return one_line(error)
        raise
    return ""
