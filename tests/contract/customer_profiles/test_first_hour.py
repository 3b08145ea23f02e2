"""`ops first-hour` asks what only writing answers, and leaves nothing: held against the emulator of the service."""

import pytest

from ops.errors import OpsError
from ops.first_hour.question import answered
from ops.first_hour.throw_away_domain import throw_away
from ops.first_hour.writing_questions import SPELLINGS, WritingQuestions
from tests.contract.customer_profiles.conftest import Running


def _domains(running: Running) -> list[str]:
    return [item["DomainName"] for item in running.client.list_domains()["Items"]]


def test_every_question_has_an_answer_and_nothing_stays(running: Running) -> None:
    """The domain that is used is not touched, and the one that was made is gone."""
    before = _domains(running)
    with throw_away(running.client, running.clock, 5.0) as domain:
        answers = [answered(question) for question in WritingQuestions(domain).questions()]
        during = _domains(running)

    said = {answer.question.text: answer.said for answer in answers}
    assert [answer.said for answer in answers if not answer.is_known] == []
    assert set(during) == {*before, domain.name}
    assert _domains(running) == before
    assert said["Is the deployed object type accepted as it is?"] == "yes"
    assert said["Does an object with the same UNIQUE key replace the one before?"] == "yes"
    assert said["Does SearchProfiles find a profile by a key that is UNIQUE and nothing else?"].startswith("no")
    assert said["Does UpdateDomain keep what it leaves out?"].startswith("yes")
    assert len([text for text in said if "the same customer's?" in text]) == len(SPELLINGS)


def test_the_domain_goes_whatever_happens_in_it(running: Running) -> None:
    """An interrupted hour must not leave a domain that costs money."""
    before = _domains(running)
    with pytest.raises(KeyboardInterrupt), throw_away(running.client, running.clock, 5.0):
        raise KeyboardInterrupt

    assert _domains(running) == before


def test_a_domain_that_cannot_be_deleted_is_named_with_what_deletes_it(running: Running) -> None:
    """Nobody else knows its name."""
    running.control("PUT", "faults", {"rules": [{"kind": "access_denied", "operations": ["DeleteDomain"]}]})
    with (
        pytest.raises(OpsError, match=r"first-hour-\w+ stays .*delete-domain --domain-name first-hour-"),
        throw_away(running.client, running.clock, 5.0),
    ):
        pass


def test_a_domain_that_cannot_be_made_is_said(running: Running) -> None:
    """Nothing was written then."""
    running.control("PUT", "faults", {"rules": [{"kind": "access_denied", "operations": ["CreateDomain"]}]})
    with pytest.raises(OpsError, match="may not do that"), throw_away(running.client, running.clock, 5.0):
        pytest.fail("there is no domain to work in")


def test_questions_that_need_an_object_are_not_answered_without_one(running: Running) -> None:
    """Where the deployed type is refused, what follows from it is not known: never a wrong answer."""
    refusing = {"kind": "access_denied", "operations": ["PutProfileObject"]}
    running.control("PUT", "faults", {"rules": [refusing]})
    with throw_away(running.client, running.clock, 5.0) as domain:
        answers = {question.text: answered(question) for question in WritingQuestions(domain).questions()}

    unknown = [text for text, answer in answers.items() if not answer.is_known]
    assert len(unknown) == 3 + len(SPELLINGS)
    assert answers["Must the field of a key have a Target?"].is_known
