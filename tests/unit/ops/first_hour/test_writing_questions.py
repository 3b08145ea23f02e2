"""What is asked in the throw-away domain, answered by a service that refuses, or shows nothing in time."""

from typing import Any

import pytest

from ops.first_hour.throw_away_domain import ThrowAwayDomain
from ops.first_hour.writing_questions import WritingQuestions
from tests.fakes.clock import FakeClock
from tests.fakes.queues import client_error
from tests.unit.ops.first_hour.writable_profiles import FakeWritableProfiles

REFUSED = "An error occurred (BadRequestException) when calling the {} operation: BadRequestException"
SAME_CUSTOMER = [
    "Is an e-mail address in capitals the same customer's?",
    "Is a phone number without its plus the same customer's?",
]


@pytest.fixture
def profiles() -> FakeWritableProfiles:
    """Return a domain whose one profile shows the object that is written first."""
    shown = FakeWritableProfiles()
    shown.show_first_object()
    return shown


def _refuse(profiles: FakeWritableProfiles, refused: str) -> None:
    """Refuse every call of one operation."""

    def before(operation: str) -> None:
        if operation == refused:
            raise client_error("BadRequestException", operation)

    profiles.before = before


def _answer(profiles: FakeWritableProfiles, text: str) -> str:
    client: Any = profiles
    asked = WritingQuestions(ThrowAwayDomain(client, "first-hour-1", FakeClock(), 5.0))
    [question] = [question for question in asked.questions() if question.text == text]
    return question.ask()


def test_a_second_object_that_is_never_shown_is_no_replacement(profiles: FakeWritableProfiles) -> None:
    """Neither yes nor no is known: the answer says what was seen."""
    answer = _answer(profiles, "Does an object with the same UNIQUE key replace the one before?")

    assert answer == "the second one is on no profile within 5 s"


@pytest.mark.parametrize("question", SAME_CUSTOMER)
def test_a_spelling_that_the_service_refuses_is_an_answer(profiles: FakeWritableProfiles, question: str) -> None:
    """With the service's own words; nothing is waited for."""
    _refuse(profiles, "PutProfileObject")

    assert _answer(profiles, question) == f"such an object is refused: {REFUSED.format('PutProfileObject')}"


@pytest.mark.parametrize("question", SAME_CUSTOMER)
def test_a_spelling_that_is_never_shown_is_on_neither_profile(profiles: FakeWritableProfiles, question: str) -> None:
    """It may still be on its way: the answer names the time that was waited."""
    assert _answer(profiles, question) == "it is on neither profile within 5 s"


def test_another_unique_key_that_the_service_refuses_is_a_no(profiles: FakeWritableProfiles) -> None:
    """A type with objects keeps the key that it has."""
    _refuse(profiles, "PutProfileObjectType")

    answer = _answer(profiles, "May the UNIQUE key of a type with objects be another one from now on?")
    assert answer == f"no: {REFUSED.format('PutProfileObjectType')}"
