"""`ops first-hour` asks what only writing answers, and leaves nothing: held against the emulator of the service."""

import re
from typing import Any

import pytest

from ops import application
from ops.errors import OpsError, StackError
from ops.exits import Exit
from ops.first_hour.question import answered
from ops.first_hour.throw_away_domain import throw_away
from ops.first_hour.writing_questions import SPELLINGS, WritingQuestions
from tests.contract.customer_profiles.conftest import Running
from tests.customer_profiles_samples import DOMAIN
from tests.fakes.queues import client_error
from tests.fakes.terminal import FakeScreen


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


class Account:
    """An account whose services are what first-hour reads, and whose Customer Profiles is the emulator."""

    def __init__(self, client: Any, name: str) -> None:
        self.region, self.client, self.name = "eu-west-1", client, name

    def customer_profiles(self) -> Any:
        return self.client

    def __getattr__(self, service: str) -> Any:
        if service.startswith("_"):
            raise AttributeError(service)
        return Unoffered


class Unoffered:
    """A service that this endpoint does not have."""

    def __getattr__(self, operation: str) -> Any:
        def refuse(*_: Any, **__: Any) -> None:
            raise client_error("501", operation)

        return refuse


class NoStack:
    """An operator before the first deployment."""

    def __init__(self, running: Running) -> None:
        self.screen, self.clock, self.account = FakeScreen(), running.clock, Account(running.client, DOMAIN)

    @property
    def deployment(self) -> None:
        raise StackError("there is no stack one")


def test_the_command_asks_both_kinds_and_says_which_domain_it_made_and_deleted(running: Running) -> None:
    """Questions that could not be asked here make the exit code, and are counted."""
    before, place = _domains(running), NoStack(running)
    at: Any = place
    ended = application.parse(["first-hour", "--yes", "--domain", DOMAIN, "--patience", "5s"]).run(at)

    assert ended is Exit.PROBLEMS
    assert re.search(r"in the throw-away domain (first-hour-\w+):", place.screen.result)
    assert re.search(r"first-hour-\w+ is deleted", place.screen.result)
    assert "  answer:  yes, all three" in place.screen.result
    assert "  none:    this endpoint does not offer the call" in place.screen.result
    assert place.screen.result.splitlines()[-1].endswith(" answers, 3 not asked")
    assert _domains(running) == before


def test_without_yes_the_command_writes_nothing_and_says_how_to(running: Running) -> None:
    """The same domains as before, and no new one meanwhile."""
    before, place = _domains(running), NoStack(running)
    at: Any = place
    application.parse(["first-hour", "--domain", DOMAIN]).run(at)

    assert "nothing was written; --yes (YES=1) asks the rest, in a domain of its own" in place.screen.result
    assert _domains(running) == before
